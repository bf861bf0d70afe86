import { HttpRequest } from '../http-request';
import { CompiledRoute, hiddenOrNot, routeMatches } from './http-routes';
import { RouteConfig } from './route-config';
import { orderIsKnown } from '../../model/order';
import type { Resource } from '../../model/resource';
import { ISTIO_PROFILE } from '../gatewayapi/profile';

/** What a route does, without where it was written. */
export function effectOf(route: CompiledRoute | undefined): string {
  return route ? JSON.stringify(route.action) : 'not found';
}

/**
 * Objects of Gateway API whose rules match the same and so take a request by the age of the objects, which is not known.
 *
 * A rule for all requests hides its equals, so that they are looked for among all rules rather than among those in use.
 */
export function equalRules(chosen: CompiledRoute, request: HttpRequest): Resource[] {
  const { match, resource } = chosen.rule;
  if (!match || !isMixed(chosen.config)) return [];
  const effect = effectOf(chosen);
  const rivals = new Set<Resource>();
  for (const route of hiddenOrNot(chosen.config)) {
    const other = route.rule;
    if (other.resource === resource || !other.match) continue;
    if (ISTIO_PROFILE.compare(match, other.match) !== 0 || orderIsKnown(resource, other.resource)) continue;
    if (routeMatches(route, request) && effectOf(route) !== effect) rivals.add(other.resource);
  }
  return [...rivals];
}

const mixed = new WeakMap<RouteConfig, boolean>();

/** Whether several objects make up a configuration. */
function isMixed(config: RouteConfig): boolean {
  let result = mixed.get(config);
  if (result === undefined) mixed.set(config, result = config.http.some(rule => rule.resource !== config.http[0].resource));
  return result;
}
