import type { ApiObjectMetadata } from 'cdk8s';
import type { Jwt } from '../../core/jwt';
import { AccessMode, MtlsMode } from '../../core/mesh';
import { MetricsMode } from '../../core/metrics';
import { PeerKind } from '../../core/peer';
import type { InboundEdgePlan, PeerPlan, ServicePlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { distinct, renderHeader, renderPaths } from './access-match';

/** Writes who may call a service. The policy lets exactly the declared callers in; without any it lets nobody in. */
export function lowerAuthorization(service: ServicePlan): void {
  const pods = { selector: { matchLabels: { ...service.podLabels } } };
  lowerRefusals(service, pods, 'workload');
  if (service.access !== AccessMode.DECLARED) {
    lowerTokenCheck(service, pods, 'workload');
    lowerScrapeGuard(service, pods);
  }
  if (service.access === AccessMode.OPEN) { return; }
  const rules = [...accessRules(service, service.inbound, 'workload'), ...scrapeRules(service)];
  new crd.AuthorizationPolicy(service.scope, 'AuthorizationPolicy', {
    metadata: policyMetadata(service),
    spec: {
      action: crd.AuthorizationPolicyAction.ALLOW,
      selector: { matchLabels: { ...service.podLabels } },
      rules: rules.length > 0 ? rules : undefined,
    },
  });
}

/** Name and namespace of a policy; one that only reports says so. */
export function policyMetadata(service: ServicePlan, suffix: string = ''): ApiObjectMetadata {
  return {
    name: `${service.serviceName}${suffix}`,
    namespace: service.namespace,
    annotations: service.access === AccessMode.AUDIT ? { 'istio.io/dry-run': 'true' } : undefined,
  };
}

/** Keeps callers out, whatever else lets them in. */
export function lowerRefusals(service: ServicePlan, target: PolicyTarget, ports: PortView): void {
  if (service.refused.length === 0) { return; }
  const requests = service.ports.filter((port) => port.carriesRequests).map((port) => port.number);
  // Where no requests are seen Istio leaves out what is said of them, and would refuse every connection.
  const refused = service.refused.map((edge) => (edge.access.requestsOnly && edge.access.servicePorts.length === 0
    ? { ...edge, access: edge.access._by(requests) } : edge));
  new crd.AuthorizationPolicy(service.scope, 'AuthorizationPolicy-Deny', {
    metadata: { name: `${service.serviceName}-deny`, namespace: service.namespace },
    spec: { action: crd.AuthorizationPolicyAction.DENY, ...target, rules: accessRules(service, refused, ports) },
  });
}

/** Where everybody may call, requests without a good token are kept out. */
export function lowerTokenCheck(service: ServicePlan, target: PolicyTarget, view: PortView): void {
  if (service.tokens.length === 0) { return; }
  const { metrics } = service;
  const requests = service.ports.filter((port) => port.carriesRequests);
  const scraped = requests.filter((port) => metrics?.mode === MetricsMode.DIRECT && port.targetPort === metrics.containerPort);
  const others = requests.filter((port) => !scraped.includes(port));
  const operations: crd.Operation[] = [
    { ports: distinct(others.map((port) => portNumber(port, view))) },
    { ports: distinct(scraped.map((port) => portNumber(port, view))), notPaths: metrics && [metrics.path] },
  ].filter(({ ports }) => ports !== undefined);
  new crd.AuthorizationPolicy(service.scope, 'AuthorizationPolicy-Token', {
    metadata: { name: `${service.serviceName}-token`, namespace: service.namespace },
    spec: {
      action: crd.AuthorizationPolicyAction.DENY,
      ...target,
      rules: [{ from: [{ source: { notRequestPrincipals: tokenPrincipals(service.tokens) } }], to: operations.map((operation) => ({ operation })) }],
    },
  });
}

/** Where everybody may call, a port that collectors read without mutual TLS is open for the metrics only. */
function lowerScrapeGuard(service: ServicePlan, target: PolicyTarget): void {
  const { metrics, mtls } = service;
  const scraped = service.ports.some((port) => port.carriesRequests && port.targetPort === metrics?.containerPort);
  if (metrics?.mode !== MetricsMode.DIRECT || mtls !== MtlsMode.STRICT || !scraped) { return; }
  const ports = [String(metrics.containerPort)];
  new crd.AuthorizationPolicy(service.scope, 'AuthorizationPolicy-Metrics', {
    metadata: { name: `${service.serviceName}-metrics`, namespace: service.namespace },
    spec: {
      action: crd.AuthorizationPolicyAction.DENY,
      ...target,
      rules: [{
        from: [{ source: { notPrincipals: ['*'] } }],
        to: [{ operation: { ports, notPaths: [metrics.path] } }, { operation: { ports, notMethods: ['GET'] } }],
      }],
    },
  });
}

/** Whoever has a token of one of the issuers. */
function tokenPrincipals(tokens: readonly Jwt[]): string[] | undefined {
  return distinct(tokens.map((token) => `${token.issuer}/*`));
}

/** By which ports a data plane knows a call: those of the pods, or, at a waypoint, those of the Service. */
export type PortView = 'workload' | 'service';

/** What a policy is bound to. */
export type PolicyTarget = Pick<crd.AuthorizationPolicySpec, 'selector' | 'targetRefs'>;

function portNumber(port: Port, view: PortView): string {
  return String(view === 'workload' ? port.targetPort : port.number);
}

interface Operation {
  readonly to?: crd.RuleTo[];
  readonly when?: crd.Condition[];
}

/**
 * The rules for some callers, one for all that may do the same.
 *
 * @param ports by which ports the data plane knows a call
 */
export function accessRules(service: ServicePlan, edges: readonly InboundEdgePlan[], ports: PortView): crd.Rule[] {
  const groups = new Map<string, { readonly operation: Operation; readonly callers: PeerPlan[]; readonly principals?: string[] }>();
  for (const edge of edges.flatMap((whole) => splitByTokens(service, whole))) {
    refuseUnknowable(service, edge);
    const operation = renderOperation(service, edge, ports);
    const principals = portsOf(service, edge).every((port) => port.carriesRequests) ? tokenPrincipals(edge.tokens) : undefined;
    const key = JSON.stringify([operation, principals]);
    const group = groups.get(key);
    if (group) { group.callers.push(edge.caller); } else { groups.set(key, { operation, callers: [edge.caller], principals }); }
  }
  return [...groups.values()]
    .map(({ operation, callers, principals }) => ({ from: renderCallers(callers, principals), ...operation }))
    .sort(byText((rule) => JSON.stringify(rule)));
}

/** Connections carry no tokens: where tokens are asked for, an edge to ports of both sorts is two edges. */
function splitByTokens(service: ServicePlan, edge: InboundEdgePlan): InboundEdgePlan[] {
  const meant = portsOf(service, edge);
  const requests = meant.filter((port) => port.carriesRequests);
  if (edge.tokens.length === 0 || requests.length === 0 || requests.length === meant.length) { return [edge]; }
  const others = meant.filter((port) => !port.carriesRequests);
  return [requests, others].map((ports) => ({ ...edge, access: edge.access._by(ports.map((port) => port.number)) }));
}

/** Ports of the service that an edge is about. */
function portsOf(service: ServicePlan, { access }: InboundEdgePlan): Port[] {
  return service.ports.filter((port) => (access.servicePorts.length === 0 || access.servicePorts.includes(port.number))
    && (!access.requestsOnly || port.carriesRequests));
}

/** Without mutual TLS nobody's identity is known, so that nobody known by it could ever get in. */
function refuseUnknowable(service: ServicePlan, { caller }: InboundEdgePlan): void {
  if (service.mtls === MtlsMode.DISABLED && (caller.identity !== undefined || caller.namespace !== undefined)) {
    fail('MESH-E029', `callers of ${service.serviceName} are known by identity, and mutual TLS is disabled`,
      'use MtlsMode.STRICT or MtlsMode.PERMISSIVE, or AccessMode.OPEN', service.scope.node.scope?.node.path);
  }
}

/** Callers as the sources of a rule; undefined for everybody. */
export function renderCallers(callers: readonly PeerPlan[], requestPrincipals: string[] | undefined): crd.RuleFrom[] | undefined {
  if (callers.some((caller) => caller.kind === PeerKind.ANYONE)) {
    return requestPrincipals && [{ source: { requestPrincipals } }];
  }
  const sources: crd.Source[] = [
    { principals: distinct(callers.filter((caller) => caller.kind !== PeerKind.NAMESPACE).flatMap((caller) => caller.identity?.principal ?? [])) },
    { namespaces: distinct(callers.filter((caller) => caller.kind === PeerKind.NAMESPACE).flatMap((caller) => caller.namespace ?? [])) },
    { ipBlocks: distinct(callers.flatMap((caller) => caller.blocks ?? [])) },
  ];
  return sources.filter((source) => Object.values(source).some((list) => list !== undefined)).map((source) => ({ source: { ...source, requestPrincipals } }));
}

function renderOperation(service: ServicePlan, edge: InboundEdgePlan, ports: PortView): Operation {
  const { access } = edge;
  const path = service.scope.node.scope?.node.path;
  const meant = portsOf(service, edge);
  const everyPort = meant.length === service.ports.length && access.servicePorts.length === 0;
  const operation: crd.Operation = {
    hosts: edge.copiedHosts?.flatMap((host) => [host, `${host}:*`]),
    ports: everyPort ? undefined : distinct(meant.map((port) => portNumber(port, ports))),
    methods: distinct(access.methods.map((method) => method.method)),
    paths: distinct(access.paths.flatMap((match) => renderPaths(match, path))),
  };
  const limited = Object.values(operation).some((list) => list !== undefined);
  const claims = access.claims.map(({ claim, accepted }) => ({ key: `request.auth.claims${claim.split('.').map((part) => `[${part}]`).join('')}`, values: [...accepted] }));
  const conditions = [...access.headers.map((header) => renderHeader(header, path)), ...claims].sort(byText((condition) => condition.key));
  return { to: limited ? [{ operation }] : undefined, when: conditions.length > 0 ? conditions : undefined };
}

/** Lets collectors without identity read the metrics. A port that the Service does not name is a byte stream to the proxy: no path can be checked. */
export function scrapeRules(service: ServicePlan): crd.Rule[] {
  const { metrics } = service;
  if (metrics?.mode !== MetricsMode.DIRECT) { return []; }
  const visible = service.ports.some((port) => port.targetPort === metrics.containerPort && port.carriesRequests);
  const limits = visible ? { methods: ['GET'], paths: [metrics.path] } : {};
  return [{ to: [{ operation: { ports: [String(metrics.containerPort)], ...limits } }] }];
}
