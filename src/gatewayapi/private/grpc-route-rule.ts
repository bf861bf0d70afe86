import type * as crd from '../crd';
import type { GrpcRouteRule } from '../grpc-route';
import { renderMatches } from './http-route';
import { renderCallFilters } from './http-route-rule';
import type { RouteResource } from './route-resource';

/** A rule in the words of the API. */
export function renderGrpcRouteRule(rule: GrpcRouteRule, route: RouteResource): crd.GRPCRouteRule {
  const { ruleName, matches, backends, sessionPersistence } = rule;
  const path = route.node.path;
  const refs = backends && route._backends(backends);
  const rendered = matches?.map(({ call, headers }): crd.GRPCRouteMatch => ({
    method: call?._render(),
    headers: renderMatches([{ headers }], path)?.[0].headers,
  }));
  const all = rendered?.some(({ method, headers }) => method === undefined && headers === undefined);
  return {
    name: ruleName,
    matches: all ? undefined : rendered,
    filters: renderCallFilters(rule, route),
    backendRefs: backends && refs?.map((ref, index) => ({ ...ref, filters: renderCallFilters(backends[index].filters ?? {}, route) })),
    sessionPersistence: sessionPersistence?._render(),
  };
}
