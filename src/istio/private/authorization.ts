import { HeaderMatch, ValueMatchKind } from '../../core/header-match';
import { AccessMode, MtlsMode } from '../../core/mesh';
import { MetricsMode } from '../../core/metrics';
import { PathMatch, PathMatchKind } from '../../core/path-match';
import { PeerKind } from '../../core/peer';
import type { InboundEdgePlan, PeerPlan, ServicePlan } from '../../core/plan';
import { byText, compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';

/** Writes who may call a service. The policy lets exactly the declared callers in; without any it lets nobody in. */
export function lowerAuthorization(service: ServicePlan): void {
  if (service.access !== AccessMode.DECLARED) { return; }
  const rules = [...accessRules(service, service.inbound, 'workload'), ...scrapeRules(service)];
  new crd.AuthorizationPolicy(service.scope, 'AuthorizationPolicy', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: {
      action: crd.AuthorizationPolicyAction.ALLOW,
      selector: { matchLabels: { ...service.podLabels } },
      rules: rules.length > 0 ? rules : undefined,
    },
  });
}

interface Operation {
  readonly to?: crd.RuleTo[];
  readonly when?: crd.Condition[];
}

/**
 * The rules for some callers, one for all that may do the same.
 *
 * @param ports by which ports the data plane knows a call: those of the pods, or, at a waypoint, those of the Service
 */
export function accessRules(service: ServicePlan, edges: readonly InboundEdgePlan[], ports: 'workload' | 'service'): crd.Rule[] {
  const groups = new Map<string, { readonly operation: Operation; readonly callers: PeerPlan[] }>();
  for (const edge of edges) {
    refuseUnknowable(service, edge);
    const operation = renderOperation(service, edge, ports);
    const key = JSON.stringify(operation);
    const group = groups.get(key);
    if (group) { group.callers.push(edge.caller); } else { groups.set(key, { operation, callers: [edge.caller] }); }
  }
  return [...groups.values()]
    .map(({ operation, callers }) => ({ from: renderCallers(callers), ...operation }))
    .sort(byText((rule) => JSON.stringify(rule)));
}

/** Without mutual TLS nobody's identity is known, so that nobody known by it could ever get in. */
function refuseUnknowable(service: ServicePlan, { caller }: InboundEdgePlan): void {
  if (service.mtls === MtlsMode.DISABLED && (caller.identity !== undefined || caller.namespace !== undefined)) {
    fail('MESH-E029', `callers of ${service.serviceName} are known by identity, and mutual TLS is disabled`,
      'use MtlsMode.STRICT or MtlsMode.PERMISSIVE, or AccessMode.OPEN', service.scope.node.scope?.node.path);
  }
}

function renderCallers(callers: readonly PeerPlan[]): crd.RuleFrom[] | undefined {
  if (callers.some((caller) => caller.kind === PeerKind.ANYONE)) { return undefined; }
  const sources: crd.Source[] = [
    { principals: distinct(callers.filter((caller) => caller.kind !== PeerKind.NAMESPACE).flatMap((caller) => caller.identity?.principal ?? [])) },
    { namespaces: distinct(callers.filter((caller) => caller.kind === PeerKind.NAMESPACE).flatMap((caller) => caller.namespace ?? [])) },
    { ipBlocks: distinct(callers.flatMap((caller) => caller.blocks ?? [])) },
  ];
  return sources.filter((source) => Object.values(source).some((list) => list !== undefined)).map((source) => ({ source }));
}

function renderOperation(service: ServicePlan, { access }: InboundEdgePlan, ports: 'workload' | 'service'): Operation {
  const path = service.scope.node.scope?.node.path;
  const meant = service.ports.filter((port) => (access.servicePorts.length === 0 || access.servicePorts.includes(port.number))
    && (!access.requestsOnly || port.carriesRequests));
  const everyPort = meant.length === service.ports.length && access.servicePorts.length === 0;
  const operation: crd.Operation = {
    ports: everyPort ? undefined : distinct(meant.map((port) => String(ports === 'workload' ? port.targetPort : port.number))),
    methods: distinct(access.methods.map((method) => method.method)),
    paths: distinct(access.paths.flatMap((match) => renderPaths(match, path))),
  };
  const limited = Object.values(operation).some((list) => list !== undefined);
  const conditions = access.headers.map((header) => renderHeader(header, path)).sort(byText((condition) => condition.key));
  return { to: limited ? [{ operation }] : undefined, when: conditions.length > 0 ? conditions : undefined };
}

function renderPaths({ kind, path: text }: PathMatch, path: string | undefined): string[] {
  switch (kind) {
    case PathMatchKind.EXACT: return [literal(text, path)];
    case PathMatchKind.PREFIX: return text === '/' ? ['/*'] : [literal(text, path), `${literal(text, path)}/*`];
    case PathMatchKind.TEMPLATE: return [text];
    case PathMatchKind.REGEX: return fail('MESH-E009', `access by path pattern ${text}, which Istio's policies do not know`,
      'use PathMatch.exact(), PathMatch.prefix() or PathMatch.template()', path);
  }
}

function renderHeader({ name, kind, text, inverted }: HeaderMatch, path: string | undefined): crd.Condition {
  const list = [headerValue(kind, text, path)];
  const key = `request.headers[${name}]`;
  return inverted ? { key, notValues: list } : { key, values: list };
}

function headerValue(kind: ValueMatchKind, text: string, path: string | undefined): string {
  switch (kind) {
    case ValueMatchKind.EXACT: return literal(text, path);
    case ValueMatchKind.PREFIX: return `${literal(text, path)}*`;
    case ValueMatchKind.PRESENT: return '*';
    case ValueMatchKind.REGEX: return fail('MESH-E009', `access by header pattern ${text}, which Istio's policies do not know`,
      'use HeaderMatch.exact(), HeaderMatch.prefix() or HeaderMatch.present()', path);
  }
}

/** Text in which Istio would read a wildcard cannot be said literally. */
function literal(text: string, path: string | undefined): string {
  if (text.startsWith('*') || text.endsWith('*') || /[{}]/.test(text)) {
    fail('MESH-E009', `"${text}" in an access, which Istio would read as a pattern`, 'match something without "*" at its ends and without braces', path);
  }
  return text;
}

/** Lets collectors without identity read the metrics. A port that the Service does not name is a byte stream to the proxy: no path can be checked. */
export function scrapeRules(service: ServicePlan): crd.Rule[] {
  const { metrics } = service;
  if (metrics?.mode !== MetricsMode.DIRECT) { return []; }
  const visible = service.ports.some((port) => port.targetPort === metrics.containerPort && port.carriesRequests);
  const limits = visible ? { methods: ['GET'], paths: [metrics.path] } : {};
  return [{ to: [{ operation: { ports: [String(metrics.containerPort)], ...limits } }] }];
}

function distinct(list: readonly string[]): string[] | undefined {
  return list.length === 0 ? undefined : [...new Set(list)].sort(compareText);
}
