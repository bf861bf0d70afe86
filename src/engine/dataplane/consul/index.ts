import { accessOf, layerOf, receive } from './receive';
import { send } from './send';
import { CONSUL_SERVICES, isConsulUsed } from './services';
import { CONSUL } from '../../model/consul';
import { parseIdentity } from '../../model/identity';
import type { JsonObject } from '../../model/json';
import type { Cluster } from '../../model/model';
import type { Arrival, DataPlane, Passage, Received, Sent, Target } from '../data-plane';
import { explainPod } from '../explain-pod';
import { testify } from '../testify';

/** Consul with transparent proxies, API gateways, ingress gateways and terminating gateways. */
export const CONSUL_DATA_PLANE: DataPlane = {
  name: 'consul',
  isUsed: isConsulUsed,
  trustDomain: cluster => cluster.family(CONSUL).settings.trustDomain,
  owns: (cluster, pod) => cluster.family(CONSUL_SERVICES).has(pod),
  send,
  receive,
  authorizeAtGateway,
  accessOf,
  layerOf,
  explainConnection,
  explainTelemetry,
  testify: (_cluster, journey) => testify(journey, spelled),
};

/** Gateways ask nobody who calls them: the intentions of the services behind them decide. */
function authorizeAtGateway(): Received {
  return { allowed: true, stage: 'no-policy', why: 'the gateway lets everybody in; services behind it have intentions for the gateway', assumptions: [], orderDependent: [] };
}

/** How certificates of Consul write a service. */
function spelled(identity: string): string {
  const parsed = parseIdentity(identity);
  return `spiffe://${parsed?.trustDomain ?? ''}/ns/default/dc/dc1/svc/${parsed?.serviceAccount ?? identity}`;
}

function explainConnection(cluster: Cluster, { pod, port, security }: Target, arrival: Arrival): JsonObject {
  const base = { to: explainPod(pod), port, security };
  if (security !== 'mtls') return base;
  const { trustDomain } = cluster.family(CONSUL).settings;
  const service = cluster.family(CONSUL_SERVICES).nameOf(pod, port);
  const server = service === undefined ? undefined : spelled(`${trustDomain}/ns/default/sa/${service}`);
  return {
    ...base,
    tlsVersions: ['TLSv1.2', 'TLSv1.3'],
    ...(arrival.identity === undefined ? {} : { clientIdentity: spelled(arrival.identity) }),
    ...(server === undefined ? {} : { serverIdentity: server }),
    chain: [server ?? 'certificate of the service', 'certificate authority of the mesh', 'trust root of the datacenter'],
  };
}

function explainTelemetry(_cluster: Cluster, _passage: Passage, { arrival }: Sent, targets: readonly Target[]): JsonObject {
  const name = arrival.layer === 'http' ? 'envoy_cluster_upstream_rq_total' : 'envoy_cluster_upstream_cx_total';
  const reporters = ['source', ...(targets.length > 0 ? ['destination'] : [])];
  return { signals: reporters.map(reporter => ({ signal: `metric ${name}`, reporter })) };
}
