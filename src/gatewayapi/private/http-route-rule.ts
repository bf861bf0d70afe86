import * as crd from '../crd';
import type { CallFilters, HttpFilters } from '../http-filters';
import type { HttpRouteRule } from '../http-route-rule';
import type { RouteMirror } from '../route-mirror';
import { renderFilters, renderShare } from './http-filters';
import { gatewayDuration, renderMatches, renderRetry } from './http-route';
import type { RouteResource } from './route-resource';

/** A rule in the words of the API. */
export function renderHttpRouteRule(rule: HttpRouteRule, route: RouteResource): crd.HTTPRouteRule {
  const { ruleName, matches, backends, timeout, backendTimeout, retries, sessionPersistence } = rule;
  const path = route.node.path;
  const each = backendTimeout ?? retries?.perTryTimeout;
  const refs = backends && route._backends(backends);
  return {
    name: ruleName,
    matches: matches && matches.length > 0 ? renderMatches(matches, path) : undefined,
    filters: renderHttpFilters(rule, route),
    backendRefs: backends && refs?.map((ref, index) => ({ ...ref, filters: renderHttpFilters(backends[index].filters ?? {}, route) })),
    timeouts: timeout || each ? { request: gatewayDuration(timeout), backendRequest: gatewayDuration(each) } : undefined,
    // The channel was checked when the rule was added.
    retry: retries && renderRetry(retries, { experimental: true }, path),
    sessionPersistence: sessionPersistence?._render(),
  };
}

function renderHttpFilters(filters: HttpFilters, route: RouteResource): crd.HTTPRouteFilter[] | undefined {
  const { requestHeaders, responseHeaders, pathRewrite, hostRewrite, redirect, cors, externalAuth } = filters;
  const own = renderFilters({ requestHeaders, responseHeaders, pathRewrite, hostRewrite, redirect, cors }, route.node.path) ?? [];
  const list: crd.HTTPRouteFilter[] = [
    ...own,
    ...(filters.mirrors ?? []).map((mirror) => ({ type: crd.HTTPRouteFilterType.REQUEST_MIRROR, requestMirror: renderMirror(mirror, route) })),
    ...(externalAuth ? [{
      type: crd.HTTPRouteFilterType.EXTERNAL_AUTH,
      externalAuth: { ...externalAuth._render(), backendRef: route._target(externalAuth.backend) },
    }] : []),
    ...(filters.extensions ?? []).map((extension) => ({ type: crd.HTTPRouteFilterType.EXTENSION_REF, extensionRef: { ...extension } })),
  ];
  return list.length > 0 ? list : undefined;
}

/** What becomes of gRPC calls on their way, in the words of the API. */
export function renderCallFilters(filters: CallFilters, route: RouteResource): crd.GRPCRouteFilter[] | undefined {
  const { requestHeaders, responseHeaders, mirrors, extensions } = filters;
  return renderHttpFilters({ requestHeaders, responseHeaders, mirrors, extensions }, route) as crd.GRPCRouteFilter[] | undefined;
}

function renderMirror({ backend, share }: RouteMirror, route: RouteResource): crd.HTTPRequestMirrorFilter {
  return { backendRef: route._target(backend), ...renderShare(share) };
}
