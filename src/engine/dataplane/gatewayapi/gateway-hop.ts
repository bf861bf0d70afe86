import { explainKubeRoute, kubeRouteSent, KubeRouteWay } from './kube-route-sent';
import { GATEWAY_API } from '../../model/gatewayapi';
import { gatewayAnnotation, KubeGateway } from '../../model/gatewayapi/gateway';
import { selects } from '../../model/labels';
import type { Cluster } from '../../model/model';
import { routeAtGateway } from '../../routing/gatewayapi/gateway-routes';
import type { Passage, Sent } from '../data-plane';
import type { Hop } from '../hop';
import { departing, unroutable } from '../sending';

/** What a mesh adds to the gateways in it. */
export interface GatewayWay extends KubeRouteWay {
  readonly trustDomain: string;
  /** The account of a Gateway's proxies, by which servers know them. */
  account?(gateway: KubeGateway): string;
}

/** The Gateway that a request comes in through. */
export function entranceOf(cluster: Cluster, { server, via }: Passage): KubeGateway | undefined {
  const { gateways, gatewaysByName } = cluster.family(GATEWAY_API);
  if (via?.gateway !== undefined) return gatewaysByName.get(via.gateway);
  return gateways.find(item => (via?.namespace === undefined || item.resource.namespace === via.namespace)
    && (via?.labels === undefined || selects(via.labels, { 'gateway.networking.k8s.io/gateway-name': item.resource.name, ...item.infrastructureLabels }))
    && item.listeners.some(listener => listener.port === server.port));
}

/** Takes a request through a Gateway to its destinations. */
export function throughKubeGateway(cluster: Cluster, passage: Passage, way: GatewayWay, hops?: Hop[]): Sent {
  const gateway = entranceOf(cluster, passage);
  const { http, protocol, server } = passage;
  if (!gateway) return unroutable({ arrival: departing(passage, undefined), why: ['no manifest has the gateway that the request comes in through'] });
  const account = way.account?.(gateway) ?? gatewayAnnotation(gateway, 'gateway.networking.k8s.io/service-account') ?? gateway.resource.name;
  const identity = `${way.trustDomain}/ns/${gateway.resource.namespace}/sa/${account}`;
  const secure = protocol === 'tls' || http?.scheme === 'https';
  const outcome = routeAtGateway(cluster, gateway, { port: server.port, secure, sni: server.sni ?? server.host, request: protocol === 'tls' ? undefined : http });
  hops?.push({ kind: 'gateway', explain: () => explainKubeRoute(outcome) });
  // Servers see the gateway's address, which the manifests do not tell.
  const arrival = { ...departing(passage, identity), sourceIp: undefined };
  return kubeRouteSent(cluster, outcome, { arrival, why: [] }, http, way);
}
