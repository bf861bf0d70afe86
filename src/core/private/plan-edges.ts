import { byText, compareText } from '../../private/compare';
import { MeshFault } from '../../private/errors';
import { AccessMode } from '../mesh';
import { Peer, PeerKind } from '../peer';
import type { InboundEdgePlan, OutboundEdgePlan, PeerPlan } from '../plan';
import type { CallPolicy } from '../traffic-policy';
import type { ClientPolicy } from './compose-rules';
import type { EdgeDeclaration } from './declarations';
import { gatewayIdentity } from './gateway-identity';
import type { Lowering } from './lowering';
import { callPolicyKey } from './merge-policies';

/** The policies that callers ask for. */
export interface CallerPolicies {
  /** What every declared caller asks for, when nobody else may call. */
  readonly shared?: CallPolicy;
  /** What some of them ask for, when not all ask for the same. */
  readonly clientPolicies: readonly ClientPolicy[];
}

/** Callers, each with what it may do once, in an order that does not depend on when they were declared. */
export function planInbound(lowering: Lowering, edges: readonly EdgeDeclaration[]): InboundEdgePlan[] {
  const planned = edges.map((edge): InboundEdgePlan => {
    const ingress = lowering.app.ingressOf(edge.caller);
    if (!ingress) { return { caller: callerPlan(lowering, edge), access: edge.access, gateway: false }; }
    const identity = gatewayIdentity(ingress);
    return { caller: { kind: PeerKind.IDENTITY, identity, namespace: identity.namespace }, access: edge.access, gateway: true };
  });
  const byName = new Map(planned.map((edge) => [`${callerName(edge.caller)} ${edge.gateway} ${edge.access.toString()}`, edge]));
  return [...byName].sort(byText(([name]) => name)).map(([, edge]) => edge);
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
  const byCaller = new Map<unknown, { readonly edge: EdgeDeclaration; readonly key: string }>();
  for (const edge of calls) {
    const key = callPolicyKey(edge.policy);
    const known = byCaller.get(edge.caller);
    if (known && known.key !== key) { throw conflict(lowering, edge); }
    byCaller.set(edge.caller, { edge, key });
  }
  const keys = new Set([...byCaller.values()].map(({ key }) => key));
  if (access === AccessMode.DECLARED && keys.size === 1) { return { shared: calls[0].policy, clientPolicies: [] }; }
  return { clientPolicies: groupClients(lowering, [...byCaller.values()]) };
}

function conflict(lowering: Lowering, { caller }: EdgeDeclaration): MeshFault {
  return new MeshFault({
    code: 'MESH-E027',
    what: `two edges of one caller (${describeCaller(lowering, caller)}) with different timeouts or retries`,
    fix: 'give all edges of the caller to this service the same ones, or say them in a route that matches the requests',
  });
}

function groupClients(lowering: Lowering, callers: readonly { readonly edge: EdgeDeclaration; readonly key: string }[]): ClientPolicy[] {
  const groups = new Map<string, { clients: PeerPlan[]; policy: CallPolicy }>();
  for (const { edge, key } of callers) {
    if (key === callPolicyKey({})) { continue; }
    const client = callerPlan(lowering, edge);
    if (client.kind !== PeerKind.SERVICE) {
      throw new MeshFault({
        code: 'MESH-E018',
        what: `timeout or retries for calls from ${describeCaller(lowering, edge.caller)}, whose proxies cannot be named`,
        fix: 'set them on the service, or declare the caller as a MeshedService',
      });
    }
    const group = groups.get(key);
    if (group) { group.clients.push(client); } else { groups.set(key, { clients: [client], policy: edge.policy }); }
  }
  return [...groups.values()]
    .map(({ clients, policy }) => ({ clients: clients.sort(byText(callerName)), policy }))
    .sort((a, b) => compareText(callerName(a.clients[0]), callerName(b.clients[0])));
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
function callerName({ kind, identity, namespace, blocks, labels }: PeerPlan): string {
  return [kind, namespace ?? '', identity?.spiffeId ?? '', (blocks ?? []).join(), JSON.stringify(labels ?? {})].join(' ');
}

function describeCaller(lowering: Lowering, caller: EdgeDeclaration['caller']): string {
  return lowering.app.serviceOf(caller)?.construct.node.path ?? (caller instanceof Peer ? caller.toString() : 'a caller');
}
