import { isLinkerdUsed, LINKERD_MEMBERS, trustDomainOf } from './membership';
import { accessOf, layerOf, receive } from './receive';
import { send } from './send';
import { linkerdIdentity } from '../../authz/linkerd/client-match';
import type { JsonObject } from '../../model/json';
import { LINKERD } from '../../model/linkerd';
import type { Cluster } from '../../model/model';
import type { Arrival, DataPlane, Passage, Received, Sent, Target } from '../data-plane';
import { explainPod } from '../explain-pod';
import { testify } from '../testify';

/** Linkerd with its proxies. */
export const LINKERD_DATA_PLANE: DataPlane = {
  name: 'linkerd',
  isUsed: isLinkerdUsed,
  trustDomain: trustDomainOf,
  owns: (cluster, pod) => cluster.family(LINKERD_MEMBERS).has(pod),
  send,
  receive,
  authorizeAtGateway,
  accessOf,
  layerOf,
  explainConnection,
  explainTelemetry,
  testify: (cluster, journey) => testify(journey, identity => spelled(cluster, identity)),
};

/** Linkerd leaves gateways to others. */
function authorizeAtGateway(): Received {
  return { allowed: true, stage: 'no-policy', why: 'Linkerd has no policies for gateways', assumptions: [], orderDependent: [] };
}

function spelled(cluster: Cluster, identity: string): string {
  return linkerdIdentity(identity, cluster.family(LINKERD).settings.identitySuffix) ?? identity;
}

function explainConnection(cluster: Cluster, { pod, port, security }: Target, arrival: Arrival): JsonObject {
  const { trustDomain } = cluster.family(LINKERD).settings;
  const base = { to: explainPod(pod), port, security };
  if (security !== 'mtls') return base;
  const server = pod.serviceAccount === undefined ? undefined : spelled(cluster, `${trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}`);
  return {
    ...base,
    tlsVersions: ['TLSv1.3'],
    ...(arrival.identity === undefined ? {} : { clientIdentity: spelled(cluster, arrival.identity) }),
    ...(server === undefined ? {} : { serverIdentity: server }),
    chain: [server ?? 'certificate of the workload', 'identity issuer of the mesh', `trust anchor of ${trustDomain}`],
  };
}

function explainTelemetry(cluster: Cluster, { client, via }: Passage, { arrival }: Sent, targets: readonly Target[]): JsonObject {
  const names = arrival.layer === 'http' ? ['response_total', 'response_latency_ms'] : ['tcp_open_total', 'tcp_read_bytes_total'];
  const members = cluster.family(LINKERD_MEMBERS);
  const from = !client.outside && !via && (!client.pod || members.has(client.pod)) ? ['outbound'] : [];
  const to = targets.some(item => members.has(item.pod)) ? ['inbound'] : [];
  return { signals: [...from, ...to].flatMap(reporter => names.map(name => ({ signal: `metric ${name}`, reporter }))) };
}
