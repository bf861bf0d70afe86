import { AccessMode } from '../../../core/mesh';
import type { InboundEdgePlan, ServicePlan } from '../../../core/plan';

/** Whether anything about a service needs a look into requests, or a choice of endpoints: ztunnel does neither. */
export function needsWaypoint(service: ServicePlan): boolean {
  const { loadBalancing, circuitBreaker, locality, retryBudget, warmUp } = service.policy;
  return service.httpRules.length > 0 || service.tcpRules.length > 0 || service.tokens.length > 0
    || service.authorizer !== undefined || service.rateLimits.length > 0 || service.refused.filter(isDirect).some(looksIntoRequests)
    || [loadBalancing, circuitBreaker, locality, retryBudget, warmUp].some((setting) => setting !== undefined)
    || (service.access !== AccessMode.OPEN && service.inbound.filter(isDirect).some(looksIntoRequests));
}

/** Whether an edge is about requests rather than connections. */
export function looksIntoRequests({ access }: InboundEdgePlan): boolean {
  return access.methods.length > 0 || access.paths.length > 0 || access.headers.length > 0 || access.claims.length > 0;
}

/** Whether calls reach the service without having passed the waypoint of another one, which judged them by the rules of that service. */
export function isDirect({ via, gateway }: InboundEdgePlan): boolean {
  return via === undefined || gateway;
}
