import type { HttpRulePlan, ServicePlan, TcpRulePlan } from '../../core/plan';
import type { Retries } from '../../core/retry';
import { RetryOn } from '../../core/retry';
import { callPolicyKey } from '../../core/private/merge-policies';
import * as gateway from '../../gatewayapi/crd';
import { backendOf } from '../../gatewayapi/private/backend';
import { renderHttpRule } from '../../gatewayapi/private/http-route';
import { compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import { linkerdDuration, said } from './duration';

/** Rules that one HTTPRoute may hold. */
const RULES_PER_ROUTE = 16;

const HTTP_CONDITIONS: readonly RetryOn[] = [RetryOn.SERVER_ERROR, RetryOn.GATEWAY_ERROR];
const GRPC_CONDITIONS: readonly RetryOn[] = [
  RetryOn.GRPC_CANCELLED, RetryOn.GRPC_DEADLINE_EXCEEDED, RetryOn.GRPC_INTERNAL, RetryOn.GRPC_RESOURCE_EXHAUSTED, RetryOn.GRPC_UNAVAILABLE,
];

/**
 * Writes what happens to calls of a service: HTTPRoutes bound to the Service, which every client's proxy obeys. Retries are annotations of a
 * route, so rules with different retries stand in different routes.
 */
export function lowerOutboundRoutes(service: ServicePlan): void {
  const groups = new Map<string, HttpRulePlan[]>();
  const forAll = service.httpRules.filter((rule) => rule.clients === undefined);
  lowerConsumerRoutes(service);
  for (const rule of forAll) {
    const key = JSON.stringify(retryAnnotations(rule.policy.retries));
    groups.set(key, [...groups.get(key) ?? [], rule]);
  }
  const batches = [...groups.values()].flatMap((rules) => batch(rules));
  batches.forEach((rules, index) => emitRoute(service, rules, index === 0 ? '' : `-${index + 1}`));
  service.tcpRules.forEach((rule) => emitTcpRoute(service, rule));
}

/** Rules for some callers are routes in the namespace of those callers. Callers of one namespace cannot be told apart. */
function lowerConsumerRoutes(service: ServicePlan): void {
  const rules = service.httpRules.filter((rule) => rule.clients !== undefined);
  for (const namespace of [...new Set(rules.flatMap((rule) => rule.clients!.map((client) => client.namespace!)))].sort(compareText)) {
    const own = rules.filter((rule) => rule.clients!.some((client) => client.namespace === namespace));
    const policies = new Set(own.map((rule) => callPolicyKey(rule.policy)));
    if (namespace === service.namespace || policies.size > 1) {
      fail('MESH-E021', `a timeout or retries for single callers in namespace ${namespace} needs match.source, of which linkerd knows only other namespaces as a whole`,
        "give the service one policy for all of its callers, or accept the loss with accept: ['match.source'] on the mesh", service.scope.node.scope?.node.path);
    }
    const rendered = batch(own);
    rendered.forEach((part, index) => emitRoute(service, part, `-${namespace}${index === 0 ? '' : `-${index + 1}`}`, namespace));
  }
}

function batch(rules: readonly HttpRulePlan[]): HttpRulePlan[][] {
  const batches: HttpRulePlan[][] = [];
  for (let first = 0; first < rules.length; first += RULES_PER_ROUTE) { batches.push(rules.slice(first, first + RULES_PER_ROUTE)); }
  return batches;
}

function emitRoute({ scope, serviceName, namespace, ports }: ServicePlan, rules: readonly HttpRulePlan[], suffix: string, home: string = namespace): void {
  const annotations = retryAnnotations(rules[0].policy.retries);
  new gateway.HTTPRoute(scope, `HTTPRoute${suffix}`, {
    metadata: { name: `${serviceName}${suffix}`, namespace: home, annotations: Object.keys(annotations).length > 0 ? annotations : undefined },
    spec: {
      parentRefs: ports.filter((port) => port.carriesRequests).map((port) => ({ group: '', kind: 'Service', name: serviceName, namespace, port: port.number })),
      rules: rules.map((rule) => renderHttpRule({ ...rule, policy: { timeout: rule.policy.timeout } }, { experimental: false })),
    },
  });
}

/** Retries in Linkerd's words. Connections are made anew by its balancer in any case. */
function retryAnnotations(retries: Retries | undefined): { [key: string]: string } {
  if (!retries || retries.maxAttempts === 0) { return {}; }
  const http = [...retries.conditions.filter((condition) => HTTP_CONDITIONS.includes(condition)), ...retries.statusCodes.map(String)];
  const grpc = retries.conditions.filter((condition) => GRPC_CONDITIONS.includes(condition));
  if (http.length === 0 && grpc.length === 0) { return {}; }
  return said({
    'retry.linkerd.io/http': http.length > 0 ? http.join(',') : undefined,
    'retry.linkerd.io/grpc': grpc.length > 0 ? grpc.join(',') : undefined,
    'retry.linkerd.io/limit': String(retries.maxAttempts),
    'retry.linkerd.io/timeout': linkerdDuration(retries.perTryTimeout),
  });
}

function emitTcpRoute({ scope, serviceName, namespace }: ServicePlan, rule: TcpRulePlan): void {
  const parentRefs = [{ group: '', kind: 'Service', name: serviceName, namespace, port: rule.port.number }];
  const backendRefs = rule.destinations.map((destination) => ({ ...backendOf(destination, rule.constructPath, rule.port), weight: destination.weight?.toNumber() }));
  const suffix = rule.port.name!;
  const metadata = { name: `${serviceName}-${suffix}`, namespace };
  if (rule.serverNames.length > 0) {
    new gateway.TLSRoute(scope, `TLSRoute-${suffix}`, { metadata, spec: { parentRefs, hostnames: rule.serverNames, rules: [{ backendRefs }] } });
  } else {
    new gateway.TCPRoute(scope, `TCPRoute-${suffix}`, { metadata, spec: { parentRefs, rules: [{ backendRefs }] } });
  }
}
