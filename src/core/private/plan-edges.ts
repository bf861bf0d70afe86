import { byText, compareText } from '../../private/compare';
import { MeshFault } from '../../private/errors';
import type { HttpMatch } from '../http-match';
import type { Jwt } from '../jwt';
import { AccessMode } from '../mesh';
import { Peer, PeerKind } from '../peer';
import type { InboundEdgePlan, OutboundEdgePlan, PeerPlan } from '../plan';
import type { CallPolicy } from '../traffic-policy';
import type { ClientPolicy } from './compose-rules';
import type { EdgeDeclaration } from './declarations';
import { gatewayIdentity, gatewayLabels } from './gateway-identity';
import type { Lowering } from './lowering';
import { callPolicyKey } from './merge-policies';
import { compareMatches, matchKey } from './rule-order';

/** The policies that callers ask for. */
export interface CallerPolicies {
  /** What every declared caller asks for, when nobody else may call. */
  readonly shared?: CallPolicy;
  /** What some of them ask for, when not all ask for the same. */
  readonly clientPolicies: readonly ClientPolicy[];
}

/** A caller and what it may do. */
export function planEdge(lowering: Lowering, edge: EdgeDeclaration, tokens: readonly Jwt[]): InboundEdgePlan {
  const ingress = lowering.app.ingressOf(edge.caller);
  if (!ingress) { return { caller: callerPlan(lowering, edge), access: edge.access, gateway: false, tokens: [...tokens] }; }
  const identity = gatewayIdentity(ingress);
  return { caller: { kind: PeerKind.IDENTITY, identity, namespace: identity.namespace, labels: gatewayLabels(ingress) }, access: edge.access, gateway: true, tokens: [...tokens] };
}

/** Services that are called, in an order that does not depend on when they were declared. */
export function planOutbound(lowering: Lowering, edges: readonly EdgeDeclaration[]): OutboundEdgePlan[] {
  return edges.map(({ target, access }): OutboundEdgePlan => {
    const external = lowering.app.externalOf(target);
    return {
      host: target.host,
      hosts: external ? [...external.hosts] : [target.host],
      serviceName: target.serviceName,
      namespace: target.serviceNamespace,
      ports: target.servicePorts.filter((port) => (access.servicePorts.length === 0 || access.servicePorts.includes(port.number))
        && (!access.requestsOnly || port.carriesRequests)),
      external: external !== undefined,
    };
  }).sort(byText(({ namespace, host, ports }) => `${namespace}/${host} ${ports.map((port) => port.number).join()}`));
}

/** The policies of the callers of one service. Calls that other services or gateways pass on have those of the services that were asked. */
export function callerPolicies(lowering: Lowering, edges: readonly EdgeDeclaration[], access: AccessMode): CallerPolicies {
  const calls = edges.filter((edge) => !lowering.app.ingressOf(edge.caller));
  const keys = new Set(calls.map((edge) => callPolicyKey(edge.policy)));
  if (access === AccessMode.DECLARED && keys.size === 1) { return { shared: calls[0].policy, clientPolicies: [] }; }
  const byCaller = new Map<unknown, EdgeDeclaration[]>();
  calls.forEach((edge) => byCaller.set(edge.caller, [...byCaller.get(edge.caller) ?? [], edge]));
  const policies = [...byCaller.values()].flatMap((own) => policiesOf(lowering, own));
  return { clientPolicies: joinClients(lowering, policies) };
}

/** What one caller asks for some of its requests. */
interface CallerPolicy {
  readonly edge: EdgeDeclaration;
  /** The requests; undefined for all. */
  readonly match?: HttpMatch;
}

/** What one caller asks for: the same for all of its requests, or something for some and something else for others, the most specific first. */
function policiesOf(lowering: Lowering, edges: readonly EdgeDeclaration[]): CallerPolicy[] {
  if (new Set(edges.map((edge) => callPolicyKey(edge.policy))).size === 1) { return says(edges[0].policy) ? [{ edge: edges[0] }] : []; }
  const known = new Map<string, EdgeDeclaration>();
  const entries = edges.flatMap((edge) => {
    if (edge.access.claims.length > 0) { throw conflict(lowering, edge, 'tell them apart by path, method, header or port, as claims are not seen by the proxy of the caller'); }
    return requestsOf(edge).map((match) => ({ edge, match }));
  });
  for (const { edge, match } of entries) {
    const other = known.get(matchKey(match));
    if (other && callPolicyKey(other.policy) !== callPolicyKey(edge.policy)) {
      throw conflict(lowering, edge, 'give edges for the same requests the same ones, or tell the requests apart by path, method, header or port');
    }
    known.set(matchKey(match), edge);
  }
  entries.sort((a, b) => compareMatches(a.match, b.match) || compareText(matchKey(a.match), matchKey(b.match)));
  while (entries.length > 0 && !says(entries[entries.length - 1].edge.policy)) { entries.pop(); }
  return entries;
}

/** Every combination of path, method and port for requests that an edge is about. */
function requestsOf({ access: { paths, methods, headers, servicePorts }, target }: EdgeDeclaration): HttpMatch[] {
  const each = <T>(list: readonly T[]): readonly (T | undefined)[] => (list.length > 0 ? list : [undefined]);
  const ports = servicePorts.filter((number) => target.servicePorts.some((port) => port.number === number && port.carriesRequests));
  if (servicePorts.length > 0 && ports.length === 0) { return []; }
  return each(paths).flatMap((path) => each(methods).flatMap((method) => each(ports).map((servicePort): HttpMatch => ({
    path, method, servicePort, headers: headers.length > 0 ? headers : undefined,
  }))));
}

function says({ timeout, retries }: CallPolicy): boolean {
  return timeout !== undefined || retries !== undefined;
}

function conflict(lowering: Lowering, { caller }: EdgeDeclaration, fix: string): MeshFault {
  return new MeshFault({
    code: 'MESH-E027',
    what: `two edges of one caller (${describeCaller(lowering, caller)}) with different timeouts or retries`,
    fix,
  });
}

/** One entry for all callers that ask the same for the same requests; those of one caller stay in their order. */
function joinClients(lowering: Lowering, policies: readonly CallerPolicy[]): ClientPolicy[] {
  const groups = new Map<string, { clients: PeerPlan[]; policy: CallPolicy; match?: HttpMatch }>();
  for (const { edge, match } of policies) {
    const client = callerPlan(lowering, edge);
    if (client.kind !== PeerKind.SERVICE) {
      throw new MeshFault({
        code: 'MESH-E018',
        what: `timeout or retries for calls from ${describeCaller(lowering, edge.caller)}, whose proxies cannot be named`,
        fix: 'set them on the service, or declare the caller as a MeshedService',
      });
    }
    const key = `${match ? matchKey(match) : ''} ${callPolicyKey(edge.policy)}`;
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { clients: [client], policy: edge.policy, match });
    } else if (!group.clients.some((other) => callerName(other) === callerName(client))) {
      group.clients.push(client);
    }
  }
  return [...groups.values()]
    .map((group) => ({ ...group, clients: group.clients.sort(byText(callerName)) }))
    .sort((a, b) => compareMatches(a.match ?? {}, b.match ?? {}) || compareText(callerName(a.clients[0]), callerName(b.clients[0])));
}

/** The calling side of an edge, as a plan says it. */
function callerPlan(lowering: Lowering, { caller }: EdgeDeclaration): PeerPlan {
  const service = lowering.app.serviceOf(caller);
  if (service) {
    const { identity, podLabels } = lowering.factsOf(service);
    return { kind: PeerKind.SERVICE, identity, namespace: service.service.serviceNamespace, labels: podLabels };
  }
  if (caller instanceof Peer) {
    const { kind, peerIdentity, peerNamespace, blocks } = caller;
    return { kind, identity: peerIdentity, namespace: peerNamespace ?? peerIdentity?.namespace, blocks: blocks.length > 0 ? blocks : undefined };
  }
  throw new MeshFault({ code: 'MESH-E018', what: 'a caller that this app did not declare', fix: 'call from a MeshedService, a MeshedWorkload, an Ingress or a Peer' });
}

/** A text by which callers are ordered. */
export function callerName({ kind, identity, namespace, blocks, labels }: PeerPlan): string {
  return [kind, namespace ?? '', identity?.spiffeId ?? '', (blocks ?? []).join(), JSON.stringify(labels ?? {})].join(' ');
}

/** A caller as people write it. */
export function describePeer({ kind, identity, namespace, blocks }: PeerPlan): string {
  return kind === PeerKind.ANYONE ? 'anyone' : identity?.principal ?? (namespace === undefined ? blocks?.join(', ') : `namespace ${namespace}`) ?? 'a caller';
}

function describeCaller(lowering: Lowering, caller: EdgeDeclaration['caller']): string {
  return lowering.app.serviceOf(caller)?.construct.node.path ?? (caller instanceof Peer ? caller.toString() : 'a caller');
}
