import { actionOf, isSupportedRedirect, RouteAction } from './http-action';
import { CompiledMatch, compileMatch, MATCH_ALL, StaticConditions } from './http-match';
import { HttpRequest } from '../http-request';
import { RouteConfig, RouteRule } from './route-config';
import { JsonObject, objectsOf, StringMap } from '../../model/json';
import { selects } from '../../model/labels';

/** One route of a proxy: one match of one rule. */
export interface CompiledRoute {
  readonly config: RouteConfig;
  readonly rule: RouteRule;
  /** Index of the match in the rule, from 0; absent for rules without match. */
  readonly matchIndex?: number;
  readonly match: CompiledMatch;
  readonly action: RouteAction;
}

/** The place for which routes are made. */
export interface RoutePlace {
  readonly port: number;
  /** `mesh` for sidecars, `NS/NAME` of the gateway. */
  readonly gateway: string;
  readonly labels: StringMap;
  readonly namespace: string;
}

const compiled = new WeakMap<RouteConfig, CompiledRoute[]>();
const everywhere = new WeakMap<RouteConfig, readonly CompiledRoute[]>();

/**
 * The HTTP routes of a configuration in a place, in order.
 *
 * Routes that a place excludes are left out, and so is everything after the first route that takes all requests.
 */
export function httpRoutes(config: RouteConfig, place: RoutePlace, meshRetries: JsonObject | undefined): readonly CompiledRoute[] {
  const known = everywhere.get(config);
  if (known) return known;
  let all = compiled.get(config);
  if (!all) compiled.set(config, all = config.http.flatMap(rule => compileRule(config, rule, meshRetries)));
  const routes = cut(all.filter(route => fits(route.match.place, place)));
  if (all.every(route => !route.match.place)) everywhere.set(config, routes);
  return routes;
}

/** All routes of a configuration, those included that an earlier route for all requests hides; empty before its routes were asked for. */
export function hiddenOrNot(config: RouteConfig): readonly CompiledRoute[] {
  return compiled.get(config) ?? [];
}

function compileRule(config: RouteConfig, rule: RouteRule, meshRetries: JsonObject | undefined): CompiledRoute[] {
  const action = actionOf(rule.spec, config.gatewayApi, meshRetries);
  if (action.redirect && !isSupportedRedirect(action.redirect)) return [];
  const matches = objectsOf(rule.spec.match);
  if (matches.length === 0) return [{ config, rule, match: MATCH_ALL, action }];
  return matches.map((match, matchIndex) => ({ config, rule, matchIndex, match: compileMatch(match, config.gatewayApi), action }));
}

function cut(routes: readonly CompiledRoute[]): readonly CompiledRoute[] {
  const last = routes.findIndex(route => route.match.catchAll);
  return last < 0 ? routes : routes.slice(0, last + 1);
}

/** Whether a match's port, gateways and source conditions hold in a place; with gateways, source conditions do not count. */
export function fits(conditions: StaticConditions | undefined, place: RoutePlace): boolean {
  if (!conditions) return true;
  if (conditions.port !== undefined && conditions.port !== place.port) return false;
  if (conditions.gateways.length > 0) return conditions.gateways.includes(place.gateway);
  return selects(conditions.sourceLabels, place.labels) && (conditions.sourceNamespace === '' || conditions.sourceNamespace === place.namespace);
}

/** The first route whose conditions a request satisfies. */
export function findRoute(routes: readonly CompiledRoute[], request: HttpRequest): CompiledRoute | undefined {
  for (const route of routes) {
    if (routeMatches(route, request)) return route;
  }
  return undefined;
}

/** Whether a request satisfies a route's conditions. */
export function routeMatches(route: CompiledRoute, request: HttpRequest): boolean {
  for (const condition of route.match.conditions) {
    if (!condition.test(request)) return false;
  }
  return true;
}

/** Routes of several configurations on one gateway host: those that take all requests come last. */
export function catchAllLast(routes: readonly CompiledRoute[]): CompiledRoute[] {
  return [...routes.filter(route => !route.match.catchAll), ...routes.filter(route => route.match.catchAll)];
}
