import type { Cors } from '../../core/cors';
import type { Fault } from '../../core/fault';
import type { HeaderChanges } from '../../core/header-changes';
import type { HttpHandling } from '../../core/http-rule';
import { PathRewrite, PathRewriteKind } from '../../core/path-rewrite';
import type { Redirect } from '../../core/redirect';
import type * as crd from '../crd';
import { istioDuration } from './duration';
import { headerValues } from './header-values';
import type { PathPart } from './match';

/**
 * What becomes of requests on their way, in Istio's words.
 *
 * @param part which requests for a matched prefix they are: below it (`/api/…`), the prefix is replaced together with the slash after it
 */
export function renderActions(handling: HttpHandling, part: PathPart): Partial<crd.HTTPRoute> {
  const { pathRewrite, hostRewrite, requestHeaders, responseHeaders, fault, redirect, directResponse, cors } = handling;
  return {
    rewrite: pathRewrite || hostRewrite ? { ...(pathRewrite ? renderRewrite(pathRewrite, part) : {}), authority: hostRewrite } : undefined,
    headers: renderHeaderChanges(requestHeaders, responseHeaders),
    fault: fault && renderFault(fault),
    redirect: redirect && renderRedirect(redirect, part),
    directResponse: directResponse && {
      status: directResponse.statusCode,
      body: directResponse.body === undefined ? undefined : { string: directResponse.body },
    },
    corsPolicy: cors && renderCors(cors),
  };
}

/** Whether requests for a prefix and those below it must be told apart, because a prefix is replaced. */
export function replacesPrefix({ pathRewrite, redirect }: HttpHandling): boolean {
  return pathRewrite?.kind === PathRewriteKind.PREFIX || redirect?.path?.kind === PathRewriteKind.PREFIX;
}

function renderRewrite({ kind, replacement, pattern }: PathRewrite, part: PathPart): crd.HTTPRewrite {
  switch (kind) {
    case PathRewriteKind.PREFIX: return { uri: prefixReplacement(replacement, part) };
    case PathRewriteKind.FULL: return { uriRegexRewrite: { match: '^.*$', rewrite: replacement.replace(/\\/g, '\\\\') } };
    case PathRewriteKind.REGEX: return { uriRegexRewrite: { match: pattern!, rewrite: replacement } };
  }
}

function prefixReplacement(replacement: string, part: PathPart): string {
  const trimmed = replacement.replace(/\/+$/, '');
  switch (part) {
    case 'itself': return trimmed || '/';
    case 'below': return `${trimmed}/`;
    case 'text': return replacement;
  }
}

function renderRedirect({ scheme, host, portNumber, path, statusCode }: Redirect, part: PathPart): crd.HTTPRedirect {
  return { scheme, authority: host, port: portNumber, ...(path ? renderRedirectPath(path, part) : {}), redirectCode: statusCode };
}

function renderRedirectPath({ kind, replacement }: PathRewrite, part: PathPart): crd.HTTPRedirect {
  if (kind !== PathRewriteKind.PREFIX) { return { uri: replacement }; }
  return part === 'itself' ? { uri: prefixReplacement(replacement, part) } : { prefixRewrite: prefixReplacement(replacement, part) };
}

/** Header changes in Istio's words; undefined when there are none. */
export function renderHeaderChanges(request: HeaderChanges | undefined, response: HeaderChanges | undefined): crd.Headers | undefined {
  return request || response ? { request: renderHeaders(request), response: renderHeaders(response) } : undefined;
}

function renderHeaders(changes: HeaderChanges | undefined): crd.HeaderOperations | undefined {
  return changes && {
    set: changes.setHeaders && headerValues(changes.setHeaders),
    add: changes.addHeaders && headerValues(changes.addHeaders),
    remove: changes.removeHeaders && [...changes.removeHeaders],
  };
}

function renderFault(fault: Fault): crd.HTTPFaultInjection {
  const { delayTime, delayedShare, abortStatus: httpStatus, abortGrpcStatus: grpcStatus, abortedShare } = fault;
  const aborts = httpStatus !== undefined || grpcStatus !== undefined;
  return {
    delay: delayTime && { fixedDelay: istioDuration(delayTime), percentage: { value: delayedShare.toPercent() } },
    abort: aborts ? { httpStatus, grpcStatus, percentage: { value: abortedShare.toPercent() } } : undefined,
  };
}

function renderCors(cors: Cors): crd.CorsPolicy {
  return {
    allowOrigins: [
      ...cors.allowedOrigins.map((exact): crd.StringMatch => ({ exact })),
      ...(cors.allowedOriginPatterns ?? []).map((regex): crd.StringMatch => ({ regex })),
    ],
    allowMethods: cors.allowedMethods?.map((method) => method.method),
    allowHeaders: cors.allowedHeaders,
    exposeHeaders: cors.exposedHeaders,
    maxAge: istioDuration(cors.maxAge),
    allowCredentials: cors.allowCredentials,
  };
}
