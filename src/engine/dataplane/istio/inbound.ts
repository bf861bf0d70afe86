import { explainServer } from './explain-server';
import { ISTIO_MEMBERSHIPS } from './membership';
import { normalized } from './requests';
import { IstioSecurity, ISTIO_SECURITY, ProxySecurity } from './security';
import { receivedByZtunnel, receivedOf, refusedConnection, UNGUARDED } from './verdicts';
import { authorize } from '../../authz/istio/authorize';
import { RequestFacts } from '../../authz/istio/facts';
import { PolicySet } from '../../authz/istio/policy-set';
import { authorizeL4 } from '../../authz/istio/ztunnel';
import { Ip, parseIp } from '../../match/ip';
import { parseIdentity } from '../../model/identity';
import type { Cluster } from '../../model/model';
import { titleOf } from '../../model/resource';
import type { HttpRequest } from '../../routing/http-request';
import type { Arrival, PlaneOptions, Received, Target } from '../data-plane';
import type { Hop } from '../hop';

/** What a sidecar or ztunnel decides on a request that reaches its pod. */
export function receive(cluster: Cluster, target: Target, arrival: Arrival, options: PlaneOptions, hops?: Hop[]): Received {
  const { mode } = cluster.family(ISTIO_MEMBERSHIPS).of(target.pod);
  if (target.fault) return refusedConnection(target.fault.by, target.fault.reason, statusOf(arrival));
  if (mode === 'none') return UNGUARDED;
  const owner = cluster.family(ISTIO_SECURITY);
  const security = owner.of(target.pod);
  return mode === 'sidecar'
    ? bySidecar(owner, security, target, arrival, options, hops)
    : byZtunnel(security, target, arrival, hops);
}

function bySidecar(
  owner: IstioSecurity, security: ProxySecurity, target: Target, arrival: Arrival, options: PlaneOptions, hops: Hop[] | undefined,
): Received {
  const protocol = security.protocolOf(target.port);
  const refused = refusedByMtls(owner, security, target, arrival, protocol === 'http');
  if (refused) {
    hops?.push({ kind: 'server-proxy', explain: () => explainServer({ security, target, arrival, received: refused }) });
    return refused;
  }
  const sent = readsHttp(protocol, target, arrival) ? arrival.http : undefined;
  // The server's proxy normalizes for itself, whatever the client's proxy did.
  const http = sent && normalized(sent, owner.mesh.pathNormalization);
  if (sent && !http) return { ...refusedConnection(undefined, 'the proxy answers such a path with 400', 400), stage: 'path' };
  if (protocol === 'http' && !http) {
    return refusedConnection(undefined, `port ${target.port} is declared as HTTP, and the bytes are not HTTP`, undefined);
  }
  const set = http ? security.http : security.tcp;
  const facts = factsOf(set, target, arrival, http);
  const result = authorize(set, facts, http ? arrival.token : undefined, options.external ?? 'allow');
  const received = receivedOf(set, result);
  hops?.push({ kind: 'server-proxy', explain: () => explainServer({ security, target, arrival, received, set, result }) });
  return received;
}

function byZtunnel(security: ProxySecurity, target: Target, arrival: Arrival, hops: Hop[] | undefined): Received {
  const set = security.l4;
  const facts: RequestFacts = {
    principal: target.security === 'mtls' && arrival.identity !== undefined ? `spiffe://${arrival.identity}` : undefined,
    sourceIp: arrival.sourceIp,
    destinationIp: arrival.destinationIp,
    destinationPort: target.port,
  };
  const result = authorizeL4(set, facts);
  const received = receivedByZtunnel(set, result);
  hops?.push({ kind: 'node-proxy', explain: () => explainServer({ security, target, arrival, received, l4: { set, facts } }) });
  return received;
}

/** Why mutual TLS keeps a connection out, if it does. */
function refusedByMtls(
  owner: IstioSecurity, security: ProxySecurity, target: Target, arrival: Arrival, declaredHttp: boolean,
): Received | undefined {
  const { mode, policy, tied } = security.mtls.forPort(target.port);
  if (target.security === 'mtls') {
    const identity = arrival.identity === undefined ? undefined : parseIdentity(arrival.identity);
    if (mode !== 'DISABLE' && identity && !owner.trustDomains.includes(identity.trustDomain) && !arrival.vouched) {
      return refusedConnection(undefined, `the certificate is of the trust domain ${identity.trustDomain}, which the mesh does not trust`, statusOf(arrival));
    }
    return undefined;
  }
  const resource = policy?.resource;
  const ties = tied.map(item => item.resource);
  if (mode === 'STRICT') {
    const kind = target.security === 'plaintext' ? 'plaintext' : 'TLS without a certificate of the mesh';
    const by = resource ? titleOf(resource) : 'the mesh';
    return refusedConnection(resource, `${by} takes mutual TLS only, and the connection is ${kind}`, statusOf(arrival), ties);
  }
  if (target.security === 'tls' && declaredHttp) {
    return refusedConnection(resource, `port ${target.port} is declared as HTTP, and the proxy does not end TLS there`, statusOf(arrival), ties);
  }
  return undefined;
}

/** The client's proxy answers 503 when no connection comes about; without one the connection is closed. */
function statusOf(arrival: Arrival): number | undefined {
  return arrival.layer === 'http' ? 503 : undefined;
}

/** Whether the proxy looks into HTTP: on sniffed ports a client's proxy must have announced it, or the bytes come in the clear. */
function readsHttp(protocol: string, target: Target, arrival: Arrival): boolean {
  if (protocol === 'http') return target.security !== 'tls';
  if (protocol !== 'auto') return false;
  return target.security === 'mtls' ? arrival.layer === 'http' : target.security === 'plaintext';
}

function factsOf(set: PolicySet, target: Target, arrival: Arrival, http: HttpRequest | undefined): RequestFacts {
  return {
    principal: target.security === 'mtls' && arrival.identity !== undefined ? `spiffe://${arrival.identity}` : undefined,
    sourceIp: arrival.sourceIp,
    remoteIp: set.needs.has('remoteIp') ? remoteIpOf(arrival, http) : undefined,
    destinationIp: set.needs.has('destinationIp') ? destinationIp(target, arrival) : undefined,
    destinationPort: target.port,
    sni: target.sni,
    http,
  };
}

function destinationIp({ pod }: Target, arrival: Arrival): Ip | undefined {
  return arrival.destinationIp ?? (pod.address === undefined ? undefined : parseIp(pod.address));
}

/** A sidecar believes the last address of `x-forwarded-for`. */
export function remoteIpOf(arrival: Arrival, http: HttpRequest | undefined): Ip | undefined {
  if (arrival.remoteIp !== undefined) return arrival.remoteIp;
  const forwarded = http?.headers.get('x-forwarded-for');
  const last = forwarded?.split(',').pop()?.trim();
  return (last ? parseIp(last) : undefined) ?? arrival.sourceIp;
}
