import { policyOf } from './annotations';
import type { LinkerdDestination, LinkerdOutcome } from './outcome';
import { candidatesOf, chooseCandidate } from './route-choice';
import { parseGoDuration } from '../../../private/duration';
import type { GatewayRoute, RouteKind } from '../../model/gatewayapi/route';
import { JsonObject, numberOf, objectOf, objectsOf, StringMap, textOf } from '../../model/json';
import { titleOf } from '../../model/resource';
import { applyFilters } from '../gatewayapi/filters';
import type { HttpRequest } from '../http-request';

/** What routes are attached to: a Service's port, or an EgressNetwork's. */
export interface RoutedParent {
  readonly namespace: string;
  readonly annotations: StringMap;
  readonly port: number;
  /** The destination of rules that name none. */
  readonly itself: LinkerdDestination;
  /** What a reference to a backend comes to; the namespace that is not written is the parent's. */
  backend(reference: JsonObject, weight: number): LinkerdDestination;
}

/** Routes that are attached to a parent; undefined where the parent has none at all. */
export interface AttachedRoutes {
  readonly kind: RouteKind;
  readonly routes: readonly GatewayRoute[];
}

const KINDS: readonly RouteKind[] = ['GRPCRoute', 'HTTPRoute', 'TLSRoute', 'TCPRoute'];
const FILTERS = new Set<unknown>(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect']);

/** Of several kinds of routes at one parent only the first of gRPC, HTTP, TLS and TCP counts. */
export function strongestKind(routes: readonly GatewayRoute[]): AttachedRoutes | undefined {
  const usable = routes.filter(isUsable);
  const kind = KINDS.find(item => usable.some(route => route.kind === item));
  return kind && { kind, routes: usable.filter(route => route.kind === kind) };
}

/** A filter that Linkerd does not know spoils the whole route. */
function isUsable({ resource }: GatewayRoute): boolean {
  return objectsOf(resource.spec.rules).every(rule => objectsOf(rule.filters).every(filter => FILTERS.has(filter.type))
    && objectsOf(rule.backendRefs).every(backend => objectsOf(backend.filters).every(filter => FILTERS.has(filter.type))));
}

/** Routes a request by GRPCRoutes or HTTPRoutes. */
export function routeRequest(attached: AttachedRoutes, parent: RoutedParent, request: HttpRequest): LinkerdOutcome | undefined {
  const choice = chooseCandidate(attached.routes.flatMap(candidatesOf), request);
  if (!choice) return undefined;
  const { candidate, tied } = choice;
  const { resource } = candidate.route!;
  const rule = objectsOf(resource.spec.rules)[candidate.rule] ?? {};
  const by = { resource, rule: candidate.rule };
  const policy = policyOf(parent.annotations, resource.annotations, parseGoDuration(textOf(objectOf(rule.timeouts).request) ?? ''));
  const place = { path: candidate.match.path, port: parent.port };
  const filtered = applyFilters(objectsOf(rule.filters).map(filter => asUnderstood(filter, resource.group)), request, place);
  const base = { layer: 'http' as const, by, policy, orderDependent: tied.length > 0 ? [resource, ...tied] : [] };
  if (filtered.redirect) {
    const { location, status } = filtered.redirect;
    return { ...base, kind: 'redirect', status, location, destinations: [], why: `rule ${by.rule} of ${titleOf(resource)} redirects it` };
  }
  const { destinations, failed } = destinationsOf(rule, parent);
  const redirect = destinations.length === 1 ? redirectOfBackend(rule, filtered.request, place) : undefined;
  if (redirect) return { ...base, kind: 'redirect', ...redirect, destinations: [], why: `a backend of rule ${by.rule} of ${titleOf(resource)} redirects it` };
  return {
    ...base,
    kind: failed ? 'failed' : 'forward',
    status: failed ? 500 : undefined,
    destinations,
    request: filtered.request,
    why: `rule ${by.rule} of ${titleOf(resource)} takes the request`,
  };
}

/** Routes a connection by TLSRoutes, of which the one with the most exact name counts, or TCPRoutes, of which the first does. */
export function routeConnection({ kind, routes }: AttachedRoutes, parent: RoutedParent, sni: string | undefined): LinkerdOutcome | undefined {
  const named = (route: GatewayRoute): number => (kind === 'TLSRoute' ? sniRank(route.hostnames, sni) : 0);
  const [route] = routes.filter(item => named(item) >= 0).sort((a, b) => named(b) - named(a));
  if (!route) return undefined;
  const [rule] = objectsOf(route.resource.spec.rules);
  const { destinations, failed } = destinationsOf(rule ?? {}, parent);
  return {
    kind: failed ? 'failed' : 'forward',
    layer: 'tcp',
    by: { resource: route.resource, rule: 0 },
    destinations,
    policy: {},
    orderDependent: [],
    why: `${titleOf(route.resource)} takes the connection`,
  };
}

/** How exactly a server name is named: -1 for not at all. */
function sniRank(hostnames: readonly string[], sni: string | undefined): number {
  if (hostnames.length === 0) return 0;
  const name = (sni ?? '').toLowerCase();
  return Math.max(...hostnames.map(host => {
    if (host.startsWith('*.')) return name.endsWith(host.slice(1)) && name.length >= host.length ? host.length : -1;
    return host.toLowerCase() === name ? 1000 + host.length : -1;
  }));
}

/** Changes of responses in a route of Linkerd's own group are taken for changes of requests. */
function asUnderstood(filter: JsonObject, group: string): JsonObject {
  if (group !== 'policy.linkerd.io' || filter.type !== 'ResponseHeaderModifier') return filter;
  return { type: 'RequestHeaderModifier', requestHeaderModifier: filter.responseHeaderModifier };
}

function redirectOfBackend(rule: JsonObject, request: HttpRequest, place: { readonly port: number }): { status: number; location: string } | undefined {
  const [backend] = objectsOf(rule.backendRefs);
  return backend && applyFilters(objectsOf(backend.filters), request, place).redirect;
}

/** Without backends requests go to the parent itself; backends that lead nowhere answer their share with 500. */
function destinationsOf(rule: JsonObject, parent: RoutedParent): { destinations: LinkerdDestination[]; failed: boolean } {
  const written = objectsOf(rule.backendRefs);
  if (written.length === 0) return { destinations: [parent.itself], failed: false };
  const destinations = written.map(item => parent.backend(item, numberOf(item.weight) ?? 1));
  const single = destinations.length === 1 ? [{ ...destinations[0], weight: 100 }] : destinations.filter(item => item.weight > 0);
  return { destinations: single, failed: single.every(item => item.fault !== undefined) };
}

