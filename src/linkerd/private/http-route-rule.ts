import type { HttpActions } from '../../core/http-rule';
import { checkWeights } from '../../core/private/check-rule';
import { HttpFilters } from '../../gatewayapi/http-filters';
import { renderFilters } from '../../gatewayapi/private/http-filters';
import { gatewayDuration, renderMatches } from '../../gatewayapi/private/http-route';
import { atMost } from '../../gatewayapi/private/limits';
import type { RouteBackend } from '../../gatewayapi/route-backend';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import type { HttpRouteRule } from '../http-route';

/** A rule of an HTTPRoute of Linkerd's own kind, which is the one of the Gateway API with less in it. */
export function renderHttpRule(rule: HttpRouteRule, namespace: string | undefined, path: string): crd.HTTPRouteRule {
  const { matches, backends, requestHeaders, redirect, timeout, backendTimeout } = rule;
  if (timeout && backendTimeout && backendTimeout.toMilliseconds() > timeout.toMilliseconds()) {
    fail('MESH-E028', 'more time for each try than for the whole request', 'shorten backendTimeout, or leave it out', path);
  }
  if (redirect?.path && !redirect.path.replacement.startsWith('/')) {
    fail('MESH-E009', `a redirect to the relative path "${redirect.path.replacement}"`, 'begin it with a slash', path);
  }
  atMost(64, matches?.length, 'matches in one rule', path, 'make another rule for the others');
  atMost(16, backends?.length, 'backends in one rule', path, 'split the calls further behind one of them');
  checkWeights(backends ?? [], path);
  return {
    matches: matches && matches.length > 0 ? renderMatches(matches, path) as crd.HTTPRouteMatch[] | undefined : undefined,
    filters: filters({ requestHeaders, redirect }, path),
    backendRefs: backends?.map((backend) => renderBackend(backend, namespace, path)),
    timeouts: timeout || backendTimeout ? { request: gatewayDuration(timeout), backendRequest: gatewayDuration(backendTimeout) } : undefined,
  };
}

/** The proxies look for a backend without namespace in another place than the controller does, so it is always named. */
function renderBackend(backend: RouteBackend, home: string | undefined, path: string): crd.HTTPBackendRef {
  const { reference: { group, kind, name, namespace = home ?? 'default' }, weight, filters: own } = backend;
  return { group, kind, name, namespace, port: backend._port((port) => port.carriesRequests), weight: weight?.toNumber(), filters: own && backendFilters(own, path) };
}

function backendFilters(own: HttpFilters, path: string): crd.HTTPBackendFilter[] | undefined {
  const { requestHeaders, responseHeaders, redirect, ...others } = own;
  const unknown = Object.entries(others).find(([, value]) => value !== undefined);
  if (unknown) {
    fail('MESH-E021', `${unknown[0]} for one backend, at which Linkerd drops the whole route`, 'leave it out', path);
  }
  return filters({ requestHeaders, responseHeaders, redirect }, path);
}

function filters(actions: HttpActions, path: string): (crd.HTTPRouteFilter & crd.HTTPBackendFilter)[] | undefined {
  return renderFilters(actions, path) as (crd.HTTPRouteFilter & crd.HTTPBackendFilter)[] | undefined;
}
