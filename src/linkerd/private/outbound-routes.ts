import { linkerdDuration, said } from './duration';
import { retryAnnotations } from './retry-annotations';
import { inListOrder } from './route-order';
import { idleTimeout } from './service-annotations';
import { withWholePatterns } from './whole-patterns';
import type { HttpRulePlan, ServicePlan } from '../../core/plan';
import { Protocol } from '../../core/protocol';
import * as gateway from '../../gatewayapi/crd';
import { backendOf } from '../../gatewayapi/private/backend';
import { renderGrpcMatches } from '../../gatewayapi/private/grpc-match';
import { renderFilters } from '../../gatewayapi/private/http-filters';
import { renderHttpRule } from '../../gatewayapi/private/http-route';
import { callsByPort } from '../../gatewayapi/private/request-ports';
import { emitConnectionRoutes, routeBatches, serviceParents } from '../../gatewayapi/private/service-routes';
import { fail } from '../../private/errors';

/**
 * Writes what happens to calls of a service: HTTPRoutes (or GRPCRoutes) bound to the Service, which every client's proxy obeys. Retries are annotations of a
 * route, so rules with different retries stand in different routes.
 */
export function lowerOutboundRoutes(service: ServicePlan): void {
  refuseSingleCallers(service);
  refusePathRedirects(service);
  const grpc = speaksGrpcOnly(service);
  callsByPort(service).forEach(({ service: calls, suffix }) => emitRoutes(calls, suffix, grpc));
  emitConnectionRoutes(service);
}

function emitRoutes(service: ServicePlan, suffix: string, grpc: boolean): void {
  const rules = inListOrder(service.httpRules, service.scope.node.scope?.node.path ?? '');
  const batches = alikeInRow(service, rules, grpc).flatMap((some) => routeBatches(some));
  const digits = String(batches.length).length;
  batches.forEach((some, index) => emitRoute(service, some, `${suffix}${index === 0 ? '' : `-${String(index + 1).padStart(digits, '0')}`}`, grpc));
}

/** Rules with the same annotations that follow each other: of routes that are equal to the proxy the first by name counts, so none may change places. */
function alikeInRow(service: ServicePlan, rules: readonly HttpRulePlan[], grpc: boolean): HttpRulePlan[][] {
  const runs: { readonly key: string; readonly rules: HttpRulePlan[] }[] = [];
  for (const rule of rules) {
    const key = JSON.stringify(annotationsOf(service, rule, grpc));
    const last = runs[runs.length - 1];
    if (last?.key === key) { last.rules.push(rule); } else { runs.push({ key, rules: [rule] }); }
  }
  return runs.map((run) => run.rules);
}

/** Routes of clients are merged with those of the service, and of two for the same requests the older one wins: nothing to build on. */
function refuseSingleCallers({ httpRules, scope }: ServicePlan): void {
  if (httpRules.every((rule) => rule.clients === undefined)) { return; }
  fail('MESH-E021', 'a timeout or retries for single callers needs match.source, which linkerd decides by the age of routes',
    "give the service one policy for all of its callers, or accept the loss with accept: ['match.source'] on the mesh", scope.node.scope?.node.path);
}

/** The proxies answer a redirect to another path in ways of their own. */
function refusePathRedirects({ httpRules }: ServicePlan): void {
  const rule = httpRules.find(({ redirect }) => redirect?.path !== undefined);
  if (rule) {
    fail('MESH-E021', 'a redirect to another path needs redirect, of which linkerd knows scheme, host, port and status only', 'keep the path, or redirect in the application', rule.constructPath);
  }
}

function emitRoute(service: ServicePlan, rules: readonly HttpRulePlan[], suffix: string, grpc: boolean): void {
  const { scope, serviceName, namespace } = service;
  const annotations = annotationsOf(service, rules[0], grpc);
  const metadata = { name: `${serviceName}${suffix}`, namespace, annotations: Object.keys(annotations).length > 0 ? annotations : undefined };
  const parentRefs = serviceParents(service);
  if (grpc) {
    new gateway.GRPCRoute(scope, `GRPCRoute${suffix}`, { metadata, spec: { parentRefs, rules: rules.map(renderGrpcRule) } });
    return;
  }
  new gateway.HTTPRoute(scope, `HTTPRoute${suffix}`, {
    metadata,
    spec: {
      parentRefs,
      rules: rules.map((rule) => renderHttpRule({ ...rule, matches: rule.matches.map(withWholePatterns), policy: { timeout: rule.policy.timeout } }, { experimental: false })),
    },
  });
}

/** Whether all requests to a service are gRPC calls: then the routes are GRPCRoutes, which know retries by gRPC status. */
function speaksGrpcOnly({ ports }: ServicePlan): boolean {
  return ports.filter((port) => port.carriesRequests).every((port) => port.protocol === Protocol.GRPC);
}

/** What stands beside the rules: retries, and, for gRPC, whose rules know none, the timeout. */
function annotationsOf(service: ServicePlan, { policy }: HttpRulePlan, grpc: boolean): { [key: string]: string } {
  const timeout = grpc && policy.timeout
    // Any timeout of a route takes the place of all that are said of the Service.
    ? said({ 'timeout.linkerd.io/request': linkerdDuration(policy.timeout), 'timeout.linkerd.io/idle': linkerdDuration(idleTimeout(service)) }) : {};
  return { ...retryAnnotations(policy.retries), ...timeout };
}

function renderGrpcRule(rule: HttpRulePlan): gateway.GRPCRouteRule {
  const { pathRewrite, hostRewrite, redirect, cors, constructPath } = rule;
  if (pathRewrite ?? hostRewrite ?? redirect ?? cors) {
    fail('MESH-E018', 'a rewrite, redirect or CORS for gRPC calls', 'leave it out, or declare the port with Port.http2()', constructPath);
  }
  return {
    matches: renderGrpcMatches(rule.matches, constructPath),
    filters: renderFilters(rule, constructPath) as gateway.GRPCRouteFilter[] | undefined,
    backendRefs: rule.destinations.map((destination) => ({ ...backendOf(destination, constructPath), weight: destination.weight?.toNumber() })),
  };
}
