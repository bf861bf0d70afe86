import type { Cors } from '../../core/cors';
import type { HeaderChanges } from '../../core/header-changes';
import type { HttpActions } from '../../core/http-rule';
import type { Mirror } from '../../core/mirror';
import { PathRewrite, PathRewriteKind } from '../../core/path-rewrite';
import type { Percent } from '../../core/percent';
import type { Redirect } from '../../core/redirect';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { backendOf } from './backend';

/** Origins that the API takes. */
const ORIGIN = /^(\*|https?:\/\/((\*\.)?([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(:[0-9]{1,5})?)$/;

/** What becomes of requests on their way, as filters of the Gateway API. What no filter can say is an error at `path`. */
export function renderFilters(actions: HttpActions, path: string): crd.HTTPRouteFilter[] | undefined {
  const { requestHeaders, responseHeaders, pathRewrite, hostRewrite, mirrors, redirect, cors, fault, directResponse } = actions;
  if (fault) { lacking('failures made on purpose', 'fail in the application', path); }
  if (directResponse) { lacking('direct responses', 'answer in the application, or redirect', path); }
  const filters: crd.HTTPRouteFilter[] = [
    ...(requestHeaders ? [{ type: crd.HTTPRouteFilterType.REQUEST_HEADER_MODIFIER, requestHeaderModifier: renderHeaders(requestHeaders) }] : []),
    ...(responseHeaders ? [{ type: crd.HTTPRouteFilterType.RESPONSE_HEADER_MODIFIER, responseHeaderModifier: renderHeaders(responseHeaders) }] : []),
    ...(redirect ? [{ type: crd.HTTPRouteFilterType.REQUEST_REDIRECT, requestRedirect: renderRedirect(redirect) }] : []),
    ...(pathRewrite || hostRewrite ? [{
      type: crd.HTTPRouteFilterType.URL_REWRITE,
      urlRewrite: { hostname: hostRewrite, path: pathRewrite && renderPath(pathRewrite, path) },
    }] : []),
    ...(cors ? [{ type: crd.HTTPRouteFilterType.CORS, cors: renderCors(cors, path) }] : []),
    ...(mirrors ?? []).map((mirror) => ({ type: crd.HTTPRouteFilterType.REQUEST_MIRROR, requestMirror: renderMirror(mirror, path) })),
  ];
  return filters.length > 0 ? filters : undefined;
}

function lacking(what: string, fix: string, path: string): never {
  return fail('MESH-E021', `${what}, which routes of the Gateway API lack`, fix, path);
}

function renderHeaders({ setHeaders, addHeaders, removeHeaders }: HeaderChanges): crd.HTTPHeaderFilter {
  const list = (headers: { readonly [name: string]: string } | undefined) => headers && Object.entries(headers)
    .map(([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { set: list(setHeaders), add: list(addHeaders), remove: removeHeaders && [...removeHeaders] };
}

function renderPath({ kind, replacement }: PathRewrite, path: string): crd.HTTPPathModifier {
  switch (kind) {
    case PathRewriteKind.PREFIX: return { type: crd.HTTPPathModifierType.REPLACE_PREFIX_MATCH, replacePrefixMatch: replacement };
    case PathRewriteKind.FULL: return { type: crd.HTTPPathModifierType.REPLACE_FULL_PATH, replaceFullPath: replacement };
    case PathRewriteKind.REGEX: return lacking('paths rewritten by pattern', 'replace a prefix or the whole path', path);
  }
}

function renderRedirect({ scheme, host, portNumber, path, statusCode }: Redirect): crd.HTTPRequestRedirectFilter {
  return {
    scheme: scheme === undefined ? undefined : scheme === 'https' ? crd.HTTPScheme.HTTPS : crd.HTTPScheme.HTTP,
    hostname: host,
    port: portNumber,
    path: path && renderPath(path, ''),
    statusCode,
  };
}

function renderMirror({ destination, share }: Mirror, path: string): crd.HTTPRequestMirrorFilter {
  return { backendRef: backendOf(destination, path), ...renderShare(share) };
}

/** How many requests are copied: whole percentages as such, others as a fraction. */
export function renderShare(share: Percent): Pick<crd.HTTPRequestMirrorFilter, 'percent' | 'fraction'> {
  const percent = share.toPercent();
  const whole = Number.isInteger(percent);
  return {
    percent: whole && percent < 100 ? percent : undefined,
    fraction: whole ? undefined : { numerator: Math.round(percent * 10_000), denominator: 1_000_000 },
  };
}

function renderCors(cors: Cors, path: string): crd.HTTPCORSFilter {
  if ((cors.allowedOriginPatterns ?? []).length > 0) {
    lacking('origins by pattern', 'name origins, the first label of which may be "*"', path);
  }
  const seconds = cors.maxAge?.toSeconds({ integral: false });
  if (seconds !== undefined && (seconds < 1 || !Number.isInteger(seconds))) {
    fail('MESH-E010', `invalid time for which browsers remember CORS, got ${seconds} s`, 'use a whole number of seconds, at least one', path);
  }
  const bad = cors.allowedOrigins.find((origin) => !ORIGIN.test(origin));
  if (bad !== undefined || (cors.allowedOrigins.length > 1 && cors.allowedOrigins.includes('*'))) {
    fail('MESH-E009', `invalid origins, got "${bad ?? cors.allowedOrigins.join(', ')}"`,
      'use SCHEME://HOST[:PORT] with http or https, the first label of which may be "*", or "*" alone for any', path);
  }
  return {
    allowOrigins: [...cors.allowedOrigins],
    allowMethods: cors.allowedMethods?.map((method) => method.method),
    allowHeaders: cors.allowedHeaders && [...cors.allowedHeaders],
    exposeHeaders: cors.exposedHeaders && [...cors.exposedHeaders],
    maxAge: seconds,
    allowCredentials: cors.allowCredentials,
  };
}
