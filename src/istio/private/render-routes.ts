import { addressBlock, portNumber } from '../../core/private/check-values';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import type { Host } from '../host';
import type { HttpRouteOptions } from '../http-route-options';
import type { ConnectionMatch, TcpRouteOptions, TlsRouteOptions } from '../l4-route-options';
import { renderHttpRoutes } from './http-route';
import { renderCallers, renderRequestMatch, RouteScope } from './request-match';
import { renderConnectionTarget, renderHttpTarget, renderMirror } from './route-target';

/** A route for HTTP requests in Istio's words. */
export function renderHttp(options: HttpRouteOptions, scope: RouteScope): crd.HTTPRoute[] {
  const { delegate, mirrors, destinations, matches = [] } = options;
  const words = {
    name: options.routeName,
    handling: options,
    policy: options,
    route: destinations?.map(renderHttpTarget),
    mirrors: mirrors?.map(renderMirror),
  };
  return renderHttpRoutes(words, matches.flatMap((match) => renderRequestMatch(match, scope))).map((route) => ({
    ...tuned(route, options),
    delegate: delegate && { name: delegate.resourceName, namespace: delegate.resourceNamespace },
  }));
}

function tuned(route: crd.HTTPRoute, { retryTuning, corsTuning, redirectPort, directResponseBytes }: HttpRouteOptions): crd.HTTPRoute {
  const { retries, corsPolicy, redirect, directResponse } = route;
  return {
    ...route,
    retries: retries && retryTuning ? {
      ...retries,
      retryOn: [retries.retryOn, ...retryTuning.moreConditions ?? []].filter((condition) => condition).join(','),
      retryRemoteLocalities: retryTuning.otherLocalities,
      retryIgnorePreviousHosts: retryTuning.avoidTriedHosts,
    } : retries,
    corsPolicy: corsPolicy && corsTuning ? {
      ...corsPolicy,
      allowOrigins: [...corsPolicy.allowOrigins ?? [], ...(corsTuning.originPrefixes ?? []).map((prefix): crd.StringMatch => ({ prefix }))],
      unmatchedPreflights: corsTuning.unmatchedPreflights as crd.UnmatchedPreflights | undefined,
    } : corsPolicy,
    redirect: redirect && { ...redirect, derivePort: redirectPort as crd.RedirectPortSelection | undefined },
    directResponse: directResponse && directResponseBytes ? { ...directResponse, body: { bytes: directResponseBytes } } : directResponse,
  };
}

/** A route for TLS connections in Istio's words. */
export function renderTls({ matches, destinations }: TlsRouteOptions, scope: RouteScope, hosts: readonly Host[]): crd.TLSRoute {
  return {
    match: matches.map((match) => {
      const foreign = match.sniHosts.find((sni) => !hosts.some((host) => host._covers(sni)));
      if (foreign || match.sniHosts.length === 0) {
        fail('MESH-E020', foreign ? `server name ${foreign.hostName}, which is none of the hosts of the VirtualService` : 'a TLS match without server names',
          foreign ? 'add it to the hosts' : 'name at least one in sniHosts');
      }
      return { ...renderConnection(match, scope), sniHosts: match.sniHosts.map((sni) => sni.hostName) };
    }),
    route: destinations.map(renderConnectionTarget),
  };
}

/** A route for TCP connections in Istio's words. */
export function renderTcp({ matches = [], destinations }: TcpRouteOptions, scope: RouteScope): crd.TCPRoute {
  return {
    match: matches.length === 0 ? undefined : matches.map((match) => ({
      ...renderConnection(match, scope),
      sourceSubnet: match.sourceBlock && addressBlock(match.sourceBlock),
    })),
    route: destinations.map(renderConnectionTarget),
  };
}

function renderConnection(match: ConnectionMatch, scope: RouteScope): crd.L4MatchAttributes {
  return {
    port: match.servicePort === undefined ? undefined : portNumber('port', match.servicePort),
    destinationSubnets: match.destinationBlocks?.map(addressBlock),
    ...renderCallers(match, scope),
  };
}
