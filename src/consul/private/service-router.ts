import type { Destination } from '../../core/destination';
import type { HeaderChanges } from '../../core/header-changes';
import { PathRewriteKind } from '../../core/path-rewrite';
import type { HttpRulePlan, MeshPlan, ServicePlan } from '../../core/plan';
import { RetryOn } from '../../core/retry';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { consulDuration } from './duration';
import { renderMatch } from './http-match';
import { onlyPort, protocolOf } from './protocol';
import { ALL_INSTANCES } from './service-resolver';

/** Whether requests that no other rule speaks of are split, so that the service has a splitter of its own. */
export function hasSplitter({ httpRules }: ServicePlan): boolean {
  return (httpRules[httpRules.length - 1]?.destinations.length ?? 0) > 1;
}

/** Whether some route must reach a service past its splitter. */
export function isPassedBy(service: ServicePlan, plan: MeshPlan): boolean {
  return hasSplitter(service) && plan.services.some(({ httpRules }) => httpRules.some((rule) => rule.destinations
    .some((destination) => destination.targetService.host === service.host && destination.targetSubset === undefined)));
}

/**
 * Writes what happens to requests of a service: a router with its rules in order, and splitters. A rule that splits has a name of its own for
 * its splitter, as a router sends requests to a service and only a splitter divides them.
 */
export function lowerServiceRouter(service: ServicePlan, plan: MeshPlan): void {
  const { httpRules, serviceName } = service;
  const idleTimeout = idleTimeoutOf(service);
  if (httpRules.length === 0) {
    if (idleTimeout !== undefined) { emitRouter(service, [{ match: { http: { pathPrefix: '/' } }, destination: { service: serviceName, idleTimeout } }]); }
    return;
  }
  const last = httpRules.length - 1;
  httpRules.forEach((rule, index) => lowerSplitter(service, plan, rule, index === last ? serviceName : ruleService(service, index)));
  const needsRouter = last > 0 || saysMore(httpRules[last]) || idleTimeout !== undefined || !hasSplitter(service);
  if (!needsRouter) { return; }
  emitRouter(service, httpRules.flatMap((rule, index) => renderRoutes(service, plan, rule, index === last ? serviceName : ruleService(service, index))));
}

function emitRouter({ scope, serviceName, namespace }: ServicePlan, routes: crd.ServiceRoute[]): void {
  new crd.ServiceRouter(scope, 'ServiceRouter', { metadata: { name: serviceName, namespace }, spec: { routes } });
}

/** How long a request may do nothing. Connections that carry no requests have no such limit in Consul. */
function idleTimeoutOf({ policy, ports, scope }: ServicePlan): string | undefined {
  const idle = policy.circuitBreaker?.pool?.idleTimeout;
  if (idle && ports.some((port) => !port.carriesRequests)) {
    fail('MESH-E021', 'an idle timeout of connections needs timeout.idle, which consul knows for requests only', 'leave it out', scope.node.scope?.node.path);
  }
  return consulDuration(idle);
}

function ruleService({ serviceName }: ServicePlan, index: number): string {
  return `${serviceName}-rule-${index + 1}`;
}

/** Whether a rule says more than where requests go. */
function saysMore({ policy, requestHeaders, responseHeaders, pathRewrite }: HttpRulePlan): boolean {
  return (policy.timeout ?? requestHeaders ?? responseHeaders ?? pathRewrite) !== undefined || (policy.retries?.maxAttempts ?? 0) > 0;
}

function lowerSplitter(service: ServicePlan, plan: MeshPlan, { destinations }: HttpRulePlan, name: string): void {
  if (destinations.length < 2) { return; }
  const { scope, namespace, serviceName } = service;
  if (name !== serviceName) {
    new crd.ServiceDefaults(scope, `ServiceDefaults-${name}`, { metadata: { name, namespace }, spec: { protocol: protocolOf(onlyPort(service)) } });
  }
  new crd.ServiceSplitter(scope, `ServiceSplitter-${name}`, {
    metadata: { name, namespace },
    spec: { splits: destinations.map((destination) => ({ weight: destination.weight!.toNumber(), ...renderTarget(destination, plan) })) },
  });
}

/** A destination, past the splitter of its service: routes say where requests go in the end. */
function renderTarget({ targetService, targetSubset }: Destination, plan: MeshPlan): { readonly service: string; readonly serviceSubset?: string } {
  const target = plan.services.find((candidate) => candidate.host === targetService.host);
  const subset = targetSubset?.subsetName ?? (target && hasSplitter(target) ? ALL_INSTANCES : undefined);
  return { service: targetService.serviceName, serviceSubset: subset };
}

function renderRoutes(service: ServicePlan, plan: MeshPlan, rule: HttpRulePlan, splitter: string): crd.ServiceRoute[] {
  const target = rule.destinations.length > 1 ? { service: splitter } : renderTarget(rule.destinations[0], plan);
  const idleTimeout = idleTimeoutOf(service);
  return rule.matches.flatMap((match) => renderMatch(match)).map((fields) => withPath(rule, fields)).map((http) => ({
    match: { http },
    destination: { ...target, idleTimeout, ...renderHandling(rule, http) },
  }));
}

/** A match of everything, and a prefix that is replaced, have to be spelled out. */
function withPath({ pathRewrite }: HttpRulePlan, http: crd.ServiceRouteHTTPMatch): crd.ServiceRouteHTTPMatch {
  const isAny = Object.values(http).every((field) => field === undefined);
  const hasPath = (http.pathExact ?? http.pathPrefix ?? http.pathRegex) !== undefined;
  return isAny || (pathRewrite && !hasPath) ? { pathPrefix: '/', ...http } : http;
}

function renderHandling(rule: HttpRulePlan, match: crd.ServiceRouteHTTPMatch): crd.ServiceRouteDestination {
  const { policy: { timeout, retries }, requestHeaders, responseHeaders } = rule;
  const conditions = retries && retries.maxAttempts > 0 ? retries.conditions : [];
  const others = conditions.filter((condition) => condition !== RetryOn.CONNECT_FAILURE);
  return {
    prefixRewrite: renderRewrite(rule, match),
    requestTimeout: consulDuration(timeout),
    numRetries: retries && retries.maxAttempts > 0 ? retries.maxAttempts : undefined,
    retryOnConnectFailure: conditions.includes(RetryOn.CONNECT_FAILURE) || undefined,
    retryOn: others.length > 0 ? others : undefined,
    retryOnStatusCodes: retries && retries.statusCodes.length > 0 ? retries.statusCodes : undefined,
    requestHeaders: renderHeaders(requestHeaders),
    responseHeaders: renderHeaders(responseHeaders),
  };
}

/** Consul replaces what its match named: the whole of an exact path, or a prefix of characters. */
function renderRewrite({ pathRewrite, constructPath }: HttpRulePlan, match: crd.ServiceRouteHTTPMatch): string | undefined {
  if (!pathRewrite) { return undefined; }
  if (pathRewrite.kind === PathRewriteKind.FULL && match.pathExact === undefined) {
    fail('MESH-E021', 'a rewrite of the whole path needs rewrite.path.full, which consul knows for exact paths only', 'match exact paths, or replace a prefix', constructPath);
  }
  const replacement = pathRewrite.replacement.replace(/\/+$/, '');
  return match.pathPrefix !== undefined ? `${replacement}/` : replacement || '/';
}

function renderHeaders(changes: HeaderChanges | undefined): crd.HTTPHeaderModifiers | undefined {
  return changes && {
    set: changes.setHeaders && { ...changes.setHeaders },
    add: changes.addHeaders && { ...changes.addHeaders },
    remove: changes.removeHeaders && [...changes.removeHeaders],
  };
}
