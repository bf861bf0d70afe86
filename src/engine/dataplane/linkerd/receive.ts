import { explainServer } from './explain-server';
import { LINKERD_MEMBERS } from './membership';
import { LinkerdClient, linkerdIdentity } from '../../authz/linkerd/client-match';
import { decideInbound, InboundDecision, InboundPolicy, inboundPolicyOf, reasonOf } from '../../authz/linkerd/inbound-policy';
import { LINKERD } from '../../model/linkerd';
import type { Cluster, Family } from '../../model/model';
import { nameOf, titleOf } from '../../model/resource';
import type { Arrival, Decider, PlaneOptions, Pod, Received, Target } from '../data-plane';
import type { Hop } from '../hop';

/** Policies of ports, compiled once for each pod. */
interface InboundPolicies {
  of(pod: Pod, port: number): InboundPolicy;
}

const INBOUND_POLICIES: Family<InboundPolicies> = {
  name: 'linkerd-inbound-policies',
  read(cluster: Cluster): InboundPolicies {
    const members = cluster.family(LINKERD_MEMBERS);
    const known = new Map<unknown, Map<number, InboundPolicy>>();
    return {
      of: (pod, port) => {
        const key = pod.workload ?? pod;
        let ports = known.get(key);
        if (!ports) {
          ports = new Map();
          if (pod.workload) known.set(key, ports);
        }
        let found = ports.get(port);
        if (!found) ports.set(port, found = inboundPolicyOf(cluster, members.configured(pod), port));
        return found;
      },
    };
  },
};

/** The policy of a port of a pod. */
export function policyAt(cluster: Cluster, { pod, port }: Target): InboundPolicy {
  return cluster.family(INBOUND_POLICIES).of(pod, port);
}

/** A client as the proxy at a target sees it. */
export function clientAt(cluster: Cluster, target: Target, arrival: Arrival): LinkerdClient {
  const { settings } = cluster.family(LINKERD);
  const identity = target.security === 'mtls' ? linkerdIdentity(arrival.identity, settings.identitySuffix) : undefined;
  return { ip: arrival.sourceIp, identity, tls: target.security !== 'plaintext' };
}

/** Decides at a pod of the mesh. */
export function receive(cluster: Cluster, target: Target, arrival: Arrival, _options: PlaneOptions, hops?: Hop[]): Received {
  const members = cluster.family(LINKERD_MEMBERS);
  const base = { assumptions: [], orderDependent: [] };
  if (!members.has(target.pod)) return { ...base, allowed: true, stage: 'no-proxy', why: 'the pod has no proxy that would keep anybody out' };
  if (members.skips(target.pod, 'inbound', target.port)) {
    return { ...base, allowed: true, stage: 'no-proxy', why: `port ${target.port} is kept from the proxy, which keeps nobody out there` };
  }
  const { settings } = cluster.family(LINKERD);
  const policy = policyAt(cluster, target);
  const client = clientAt(cluster, target, arrival);
  // TLS that is not the mesh's own hides the request from the proxy.
  const request = target.security === 'tls' ? undefined : arrival.http;
  const decision = decideInbound(policy, client, request, settings.clusterNetworks);
  const received = answer(policy, decision);
  hops?.push({ kind: 'server-proxy', explain: () => explainServer({ cluster, target, client, policy, decision, received, request }) });
  return received;
}

function answer(policy: InboundPolicy, decision: InboundDecision): Received {
  const { allowed, assumed, authorization, route, stage, status, tied } = decision;
  const ignored = policy.grants.ignored.concat(route?.grants.ignored ?? []).map(item => `${titleOf(item.policy)} counts for nothing: ${item.reason}`);
  const server = policy.server?.resource;
  const rivals = policy.orderKnown || !server ? [] : [server, ...policy.rivals];
  const named = authorization?.resource ?? (allowed && stage === 'allow' ? undefined : route?.route?.resource ?? server);
  const decidedBy: Decider | undefined = named && { ...nameOf(named), ...(named === route?.route?.resource ? { rule: route.rule } : {}) };
  return {
    allowed,
    stage,
    status,
    decidedBy,
    why: [reasonOf(decision, policy), ...(allowed ? [] : ignored)].join('; '),
    assumptions: [...policy.notes, ...(assumed === undefined ? [] : [assumed])],
    orderDependent: tied && tied.length > 0 ? [...rivals, route!.route!.resource, ...tied] : rivals,
  };
}

/** What a client may do at a port, whatever it asks. */
export function accessOf(cluster: Cluster, target: Target, arrival: Arrival): 'all' | 'none' | 'some' {
  const members = cluster.family(LINKERD_MEMBERS);
  if (!members.has(target.pod) || members.skips(target.pod, 'inbound', target.port)) return 'all';
  const policy = policyAt(cluster, target);
  const client = clientAt(cluster, target, arrival);
  const { clusterNetworks } = cluster.family(LINKERD).settings;
  const wholly = decideInbound({ ...policy, protocol: 'unknown' }, client, undefined, clusterNetworks).allowed;
  const routes = policy.routes.filter(route => route.implied === undefined);
  if (routes.length === 0) {
    if (wholly) return 'all';
    return policy.routes.some(route => route.implied === 'probe') ? 'some' : 'none';
  }
  const admitted = routes.map(route => wholly
    || decideInbound({ ...policy, protocol: 'unknown', grants: route.grants }, client, undefined, clusterNetworks).allowed);
  if (!admitted.includes(true)) return 'none';
  // Requests of no route are answered with 404, so only a route for everything lets all in.
  const everything = routes.some(({ hostnames, match }) => hostnames.length === 0 && match.path?.type === 'PathPrefix' && match.path.value === '/'
    && match.headers.length + match.query.length === 0 && match.method === undefined);
  return everything && !admitted.includes(false) ? 'all' : 'some';
}

/** Whether the proxy before a port looks into HTTP. */
export function layerOf(cluster: Cluster, target: Target): 'http' | 'tcp' {
  return cluster.family(LINKERD_MEMBERS).has(target.pod) && policyAt(cluster, target).protocol !== 'opaque' ? 'http' : 'tcp';
}
