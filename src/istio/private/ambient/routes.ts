import { PathRewriteKind } from '../../../core/path-rewrite';
import type { HttpRulePlan, ServicePlan } from '../../../core/plan';
import { reordering } from '../../../gatewayapi/private/route-order';
import { emitServiceRoutes } from '../../../gatewayapi/private/service-routes';
import { lowerVirtualService } from '../virtual-service';

/**
 * Writes the routes of a service: an HTTPRoute that the waypoint reads, or, where a rule says what no HTTPRoute can, a VirtualService. The
 * two never stand side by side for one host.
 */
export function lowerAmbientRoutes(service: ServicePlan, { experimental }: { readonly experimental: boolean }): void {
  if (service.httpRules.length === 0 && service.tcpRules.length === 0) { return; }
  const fits = service.tcpRules.length === 0 && service.httpRules.every((rule) => fitsHttpRoute(rule, experimental)) && !reordering(service.httpRules);
  if (!fits) {
    lowerVirtualService(service);
    return;
  }
  emitServiceRoutes(service, service.httpRules, { experimental });
}

/** Whether an HTTPRoute can say all that a rule says. */
function fitsHttpRoute(rule: HttpRulePlan, experimental: boolean): boolean {
  const { retries } = rule.policy;
  const matches = rule.matches.every((match) => match.servicePort === undefined && (match.headers ?? []).every((header) => !header.inverted));
  const destinations = [...rule.destinations, ...(rule.mirrors ?? []).map((mirror) => mirror.destination)];
  return matches
    && destinations.every((destination) => destination.targetSubset === undefined)
    && (retries === undefined || retries.maxAttempts === 0 || experimental)
    && rule.fault === undefined && rule.directResponse === undefined
    && rule.pathRewrite?.kind !== PathRewriteKind.REGEX
    && (rule.cors?.allowedOriginPatterns ?? []).length === 0;
}
