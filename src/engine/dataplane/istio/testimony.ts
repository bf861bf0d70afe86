import { explainPod } from './explain-server';
import { ISTIO_MEMBERSHIPS } from './membership';
import { Signal, signalsOf } from './telemetry';
import { ISTIO } from '../../model/istio';
import { JsonObject, numberOf, objectOf, textOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import type { Arrival, Journey, Passage, Sent, Target, Testimony } from '../data-plane';

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

/** Says how far what Istio's proxies make known can be relied upon. */
export function testify(_cluster: Cluster, journey: Journey): Testimony[] {
  const { endings, passage, sent, signals } = journey;
  const result: Testimony[] = [];
  for (const { target } of endings) result.push(identityOfPeer(sent, target));
  if (passage.token) result.push(identityOfUser(journey));
  for (const { received } of endings) result.push(permission(received.why, received.stage === 'custom', sent));
  result.push(way(sent), reliability(sent), {
    type: 'observability',
    hop: 'telemetry',
    says: signals.length > 0 ? `the proxies will give: ${signals.join(', ')}` : 'no proxy will tell of the request',
    scope: 'each request, in sums; traces and logs by sample',
    lifetime: 'as long as the monitoring keeps it',
    binding: 'labels of both workloads, taken from their certificates and their pods',
    transitivity: 'spans join only if the application passes the trace headers on',
    revocation: 'none: what was reported stays',
    cost: 'memory for each combination of labels, and a fraction of a millisecond',
  });
  return result;
}

function identityOfPeer(sent: Sent, target: Target): Testimony {
  const proven = target.security === 'mtls' && sent.arrival.identity !== undefined;
  return {
    type: 'identity',
    hop: 'connection',
    says: proven ? `the peer is spiffe://${sent.arrival.identity}` : 'nothing proves who the peer is',
    scope: 'one connection, with all its requests',
    lifetime: proven ? 'that of the certificate: a day unless the authority says otherwise, renewed while it runs' : 'none',
    binding: proven ? 'the private key in the peer\'s proxy, shown by the handshake' : 'the address alone, which may be shared or forged',
    transitivity: 'none: behind the next proxy only that proxy\'s own identity is seen',
    revocation: 'no lists: by expiry, or by taking the trust root away',
    cost: proven ? 'one handshake for each connection' : 'nothing',
  };
}

function identityOfUser({ passage, sent }: Journey): Testimony {
  const { token } = passage;
  const expiry = numberOf(token?.exp);
  const kept = sent.arrival.token !== undefined;
  return {
    type: 'identity',
    hop: 'server-proxy',
    says: `the token speaks for ${textOf(token?.iss) ?? 'an unnamed issuer'}/${textOf(token?.sub) ?? 'an unnamed subject'}`,
    scope: 'one request',
    lifetime: expiry === undefined ? 'without end' : `until ${expiry} (seconds since 1970)`,
    binding: 'the issuer\'s signature; whoever bears the token may use it',
    transitivity: kept ? 'it is passed on, and each hop checks it for itself' : 'it ends here: the proxy takes the token away after checking it',
    revocation: 'none before it expires, but for the issuer\'s keys',
    cost: 'one signature check for each request',
  };
}

function permission(why: string, asked: boolean, sent: Sent): Testimony {
  const request = sent.arrival.layer === 'http';
  return {
    type: 'authorization',
    hop: 'server-proxy',
    says: why,
    scope: request ? 'one request' : 'one connection',
    lifetime: 'until the policies change, which reaches proxies within seconds',
    binding: 'the identity, the request and the policies at the server\'s own proxy',
    transitivity: 'none: every server decides for itself',
    revocation: request ? 'a changed policy counts for the next request' : 'a changed policy counts for new connections',
    cost: asked ? 'one call to the external authorizer' : 'a fraction of a millisecond in the proxy',
  };
}

function way(sent: Sent): Testimony {
  const names = sent.destinations.map(item => `${item.host}${item.subset === undefined ? '' : ` (${item.subset})`}:${item.port}`);
  return {
    type: 'routing',
    hop: 'client-proxy',
    says: names.length > 0 ? `it goes to ${names.join(' or ')}` : sent.why[sent.why.length - 1] ?? 'it goes nowhere',
    scope: 'all requests that the same route takes',
    lifetime: 'until the routes change, which reaches proxies within seconds',
    binding: 'the route in the sending proxy, which the server cannot see',
    transitivity: 'none: the next proxy routes anew',
    revocation: 'a changed route counts for the next request',
    cost: 'a fraction of a millisecond in the proxy',
  };
}

function reliability(sent: Sent): Testimony {
  const { retries, timeout } = sent.details;
  const tries = retries ? `up to ${retries.attempts} retries on ${retries.retryOn}` : 'no retries';
  return {
    type: 'reliability',
    hop: 'client-proxy',
    says: `${tries}, ${timeout ? `a limit of ${timeout} ms` : 'no time limit'}`,
    scope: 'each request of the route',
    lifetime: 'until the routes change',
    binding: 'the sending proxy',
    transitivity: 'none: limits are not passed on, and retries of several hops multiply',
    revocation: 'a changed route counts for the next request',
    cost: retries ? `up to ${retries.attempts + 1} times the load when the server fails` : 'nothing',
  };
}
