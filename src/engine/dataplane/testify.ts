import type { Journey, Sent, Target, Testimony } from './data-plane';
import { numberOf, textOf } from '../model/json';

/**
 * Says how far what the proxies of a mesh make known can be relied upon.
 *
 * @param spell how the mesh's certificates write an identity
 */
export function testify(journey: Journey, spell: (identity: string) => string = identity => `spiffe://${identity}`): Testimony[] {
  const { endings, passage, sent, signals } = journey;
  const result: Testimony[] = [];
  for (const { target } of endings) result.push(identityOfPeer(sent, target, spell));
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

function identityOfPeer(sent: Sent, target: Target, spell: (identity: string) => string): Testimony {
  const proven = target.security === 'mtls' && sent.arrival.identity !== undefined;
  return {
    type: 'identity',
    hop: 'connection',
    says: proven ? `the peer is ${spell(sent.arrival.identity!)}` : 'nothing proves who the peer is',
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
