import { byText, compareText } from '../../private/compare';
import { fail, MeshFault } from '../../private/errors';
import { Destination } from '../destination';
import { AccessMode } from '../mesh';
import { Peer, PeerKind } from '../peer';
import type { InboundEdgePlan, OutboundEdgePlan, PeerPlan, ServicePlan, TcpRulePlan } from '../plan';
import type { TrafficPolicy } from '../traffic-policy';
import { ClientPolicy, composeRules } from './compose-rules';
import type { EdgeDeclaration, ServiceDeclaration } from './declarations';
import { callerPlan, edgesOf, portsOf } from './edges';
import { gatewayIdentity } from './gateway-identity';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';
import { outputScope } from './output-scope';
import { callPolicyKey, mergePolicies } from './merge-policies';
import { prepareWorkloads } from './prepare-workloads';
import { identityOf, podLabelsOf } from './service-facts';

/** Resolves what was declared of a service. */
export function planService(app: MeshApp, declaration: ServiceDeclaration, errors: ErrorLog): ServicePlan {
  const { construct, service, mesh } = declaration;
  const scope = outputScope(construct);
  const workloads = prepareWorkloads(declaration, scope);
  const inboundEdges = edgesOf(app).into.get(declaration.side) ?? [];
  const access = declaration.access ?? mesh.profile.access;
  const policy = mergePolicies(mesh.profile.defaults, declaration.policy);
  return {
    scope,
    serviceName: service.serviceName,
    namespace: service.serviceNamespace,
    host: service.host,
    ports: [...declaration.ports],
    identity: identityOf(declaration),
    podLabels: podLabelsOf(declaration),
    workloads,
    subsets: declaration.subsets.map(({ subset }) => ({ subsetName: subset.subsetName, labels: subset.labels })).sort(byText((subset) => subset.subsetName)),
    httpRules: planRules(app, declaration, inboundEdges, policy, access, errors),
    tcpRules: planTcpRules(declaration),
    policy,
    mtls: declaration.mtls ?? mesh.profile.mtls,
    access,
    inbound: inboundEdges.map((edge) => inbound(app, edge)),
    refused: (edgesOf(app).refused.get(declaration.side) ?? []).map((edge) => inbound(app, edge)),
    tokens: [...declaration.tokens].sort(byText((token) => token.issuer)),
    outbound: (edgesOf(app).from.get(declaration.side) ?? []).map((edge) => outbound(app, edge)).sort(byText((edge) => edge.host)),
    egressScope: declaration.egressScope,
    metrics: declaration.metrics,
  };
}

function planRules(app: MeshApp, declaration: ServiceDeclaration, edges: readonly EdgeDeclaration[], policy: TrafficPolicy, access: AccessMode, errors: ErrorLog) {
  const path = declaration.construct.node.path;
  const speaksHttp = declaration.ports.some((port) => port.carriesRequests);
  const own = declaration.policy.timeout ?? declaration.policy.retries ?? declaration.rules[0]
    ?? edges.find((edge) => edge.policy.timeout !== undefined || edge.policy.retries !== undefined);
  if (!speaksHttp) {
    if (own !== undefined) {
      errors.add(path, new MeshFault({
        code: 'MESH-E018',
        what: `routes, timeouts or retries for ${path}, whose ports carry no requests that a mesh can see`,
        fix: 'declare the port with Port.http(), Port.http2() or Port.grpc(), or leave them out',
      }));
    }
    return [];
  }
  const shared = sharedClientPolicy(app, edges, access);
  return composeRules({
    rules: declaration.rules,
    fallback: Destination.service(declaration.service),
    policy: shared ? mergePolicies(policy, shared) : policy,
    clientPolicies: shared ? [] : clientPolicies(app, edges),
    path,
  });
}

/** Rules for connections, those by server name first, in the order of their ports. Two rules for the same connections are an error. */
function planTcpRules({ tcpRules, ports }: ServiceDeclaration): TcpRulePlan[] {
  const rules = tcpRules.map(({ rule, owner }): TcpRulePlan => ({
    port: ports.find((port) => !port.carriesRequests && (rule.servicePort === undefined || rule.servicePort === port.number))!,
    serverNames: [...new Set(rule.serverNames ?? [])].sort(compareText),
    destinations: rule.destinations,
    constructPath: owner.node.path,
  }));
  const key = (rule: TcpRulePlan) => `${rule.port.number} ${rule.serverNames.length === 0 ? 1 : 0} ${rule.serverNames.join(',')}`;
  rules.sort(byText(key));
  rules.forEach((rule, index) => {
    const before = rules[index - 1];
    const shared = before?.port === rule.port && (before.serverNames.some((name) => rule.serverNames.includes(name)) || key(before) === key(rule));
    if (!shared) { return; }
    fail('MESH-E019', `${before.constructPath} and ${rule.constructPath} both route connections to port ${rule.port.number}`,
      'remove one of them, or tell them apart by port or server name', rule.constructPath);
  });
  return rules;
}

/** The policy that every declared caller asks for, when nobody else may call. */
function sharedClientPolicy(app: MeshApp, edges: readonly EdgeDeclaration[], access: AccessMode): TrafficPolicy | undefined {
  const calls = edges.filter((edge) => !app.ingressOf(edge.caller));
  const keys = new Set(calls.map((edge) => callPolicyKey(edge.policy)));
  return access === AccessMode.DECLARED && keys.size === 1 ? calls[0].policy : undefined;
}

/** Groups callers by the policy that they ask for. */
function clientPolicies(app: MeshApp, edges: readonly EdgeDeclaration[]): ClientPolicy[] {
  const groups = new Map<string, { clients: PeerPlan[]; policy: TrafficPolicy }>();
  const none = callPolicyKey({});
  for (const edge of edges) {
    const key = callPolicyKey(edge.policy);
    if (key === none) { continue; }
    const client = callerPlan(app, edge);
    if (client.kind !== PeerKind.SERVICE) {
      throw new MeshFault({
        code: 'MESH-E018',
        what: `timeout or retries for calls from ${(edge.caller as Peer).toString()}, whose proxies cannot be named`,
        fix: 'set them on the service, or declare the caller as a MeshedService',
      });
    }
    const group = groups.get(key);
    if (group) { group.clients.push(client); } else { groups.set(key, { clients: [client], policy: edge.policy }); }
  }
  const name = (client: PeerPlan) => `${client.namespace}/${client.identity?.serviceAccountName}`;
  return [...groups.values()]
    .map(({ clients, policy }) => ({ clients: clients.sort(byText(name)), policy }))
    .sort(byText((group) => name(group.clients[0])));
}

function inbound(app: MeshApp, edge: EdgeDeclaration): InboundEdgePlan {
  const ingress = app.ingressOf(edge.caller);
  const caller = ingress
    ? { kind: PeerKind.IDENTITY, identity: gatewayIdentity(ingress), namespace: gatewayIdentity(ingress).namespace }
    : callerPlan(app, edge);
  return { caller, access: edge.access, gateway: ingress !== undefined };
}

function outbound(app: MeshApp, edge: EdgeDeclaration): OutboundEdgePlan {
  const target = edge.target;
  return {
    host: target.host,
    serviceName: target.serviceName,
    namespace: target.serviceNamespace,
    ports: portsOf(edge, target.servicePorts),
    external: app.externalOf(target) !== undefined,
  };
}
