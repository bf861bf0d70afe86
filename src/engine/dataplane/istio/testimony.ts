import { ISTIO_MEMBERSHIPS } from './membership';
import { Signal, signalsOf } from './telemetry';
import { ISTIO } from '../../model/istio';
import { JsonObject, objectOf, textOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import type { Arrival, Passage, Sent, Target } from '../data-plane';
import { explainPod } from '../explain-pod';

/** Tells of the connection to an endpoint: its TLS versions, both identities and the chain that proves them. */
export function explainConnection(cluster: Cluster, target: Target, arrival: Arrival): JsonObject {
  const { mesh } = cluster.family(ISTIO);
  const { pod, port, security, sni } = target;
  const server = pod.serviceAccount === undefined ? undefined : `spiffe://${mesh.trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}`;
  const base = { to: explainPod(pod), port, security };
  if (target.fault) return { ...base, fault: target.fault.reason };
  if (security === 'plaintext') return base;
  if (security === 'tls') return { ...base, tlsVersions: ['TLSv1.2', 'TLSv1.3'], ...(sni === undefined ? {} : { sni }) };
  const ambient = cluster.family(ISTIO_MEMBERSHIPS).of(pod).mode === 'ambient';
  const least = textOf(objectOf(mesh.raw.meshMTLS).minProtocolVersion);
  return {
    ...base,
    tlsVersions: ambient || least === 'TLSV1_3' ? ['TLSv1.3'] : ['TLSv1.2', 'TLSv1.3'],
    ...(arrival.identity === undefined ? {} : { clientIdentity: `spiffe://${arrival.identity}` }),
    ...(server === undefined ? {} : { serverIdentity: server }),
    ...(sni === undefined ? {} : { sni }),
    chain: [server ?? 'certificate of the workload', 'certificate authority of the mesh', `trust root of ${mesh.trustDomain}`],
  };
}

/** Tells which signals the proxies on the way will give. */
export function explainTelemetry(cluster: Cluster, passage: Passage, sent: Sent, targets: readonly Target[]): JsonObject {
  const { layer } = sent.arrival;
  const signals: Signal[] = [];
  const memberships = cluster.family(ISTIO_MEMBERSHIPS);
  const { client } = passage;
  const clientMode = client.outside || passage.via ? 'none' : memberships.of(client.pod ?? { ...client, annotations: {} }).mode;
  if (clientMode === 'sidecar') signals.push(...signalsOf(cluster, client, 'source', layer));
  for (const { pod } of targets.slice(0, 1)) {
    const { mode } = memberships.of(pod);
    if (mode === 'sidecar') signals.push(...signalsOf(cluster, pod, 'destination', layer));
    if (mode === 'ambient') signals.push({ signal: 'metric istio_tcp_connections_opened_total', reporter: 'ztunnel' }, { signal: 'access log', reporter: 'ztunnel' });
  }
  return { signals };
}
