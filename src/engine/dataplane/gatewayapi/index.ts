import { throughKubeGateway } from './gateway-hop';
import { explainKubeRoute, kubeRouteSent } from './kube-route-sent';
import { GATEWAY_API } from '../../model/gatewayapi';
import type { Cluster } from '../../model/model';
import { routeInMesh } from '../../routing/gatewayapi/mesh-routes';
import { KUBE_SERVICES } from '../../routing/kube-services';
import type { DataPlane, Passage, PlaneOptions, Received, Sent, TransportSecurity } from '../data-plane';
import { explainPod } from '../explain-pod';
import type { Hop } from '../hop';
import { departing, passedOn, unroutable } from '../sending';
import { testify } from '../testify';

const ADMITTED: Received = {
  allowed: true, stage: 'no-policy', why: 'Gateway API has no policies that would keep anybody out', assumptions: [], orderDependent: [],
};

/** Any implementation of Gateway API that keeps to the specification: gateways, and routes of Services. */
export const GATEWAY_API_DATA_PLANE: DataPlane = {
  name: 'gateway-api',
  isUsed: cluster => (cluster.options.mesh === undefined ? cluster.family(GATEWAY_API).gateways.length > 0 : cluster.options.mesh === 'gateway-api'),
  trustDomain: cluster => cluster.domain,
  owns: () => true,
  send,
  receive: () => ADMITTED,
  authorizeAtGateway: () => ADMITTED,
  accessOf: () => 'all',
  layerOf: () => 'http',
  explainConnection: (_cluster, { pod, port, security }) => ({ to: explainPod(pod), port, security }),
  explainTelemetry: () => ({ signals: [] }),
  testify: (_cluster, journey) => testify(journey),
};

function send(cluster: Cluster, passage: Passage, _options: PlaneOptions, hops?: Hop[]): Sent {
  const { client, http, protocol, server } = passage;
  const securityOf = (): TransportSecurity => (protocol === 'tls' ? 'tls' : 'plaintext');
  if (passage.via) return throughKubeGateway(cluster, passage, { trustDomain: cluster.domain, securityOf: () => 'plaintext' }, hops);
  const arrival = departing(passage, undefined);
  const host = server.host ?? '';
  const service = cluster.family(KUBE_SERVICES).named(host, client.namespace);
  if (!service) {
    if (host.endsWith(`.svc.${cluster.domain}`)) return unroutable({ arrival, why: [`there is no Service ${host}`] });
    return passedOn({ arrival, why: ['the destination is no Service of the cluster'] }, 'PassthroughCluster', server.port);
  }
  const outcome = routeInMesh(cluster, { service, port: server.port, clientNamespace: client.namespace, request: http, sni: server.sni });
  hops?.push({ kind: 'client-proxy', explain: () => explainKubeRoute(outcome) });
  return kubeRouteSent(cluster, outcome, { arrival, why: [] }, http, { securityOf });
}
