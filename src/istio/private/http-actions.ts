import type { Cors } from '../../core/cors';
import type { Fault } from '../../core/fault';
import type { HeaderChanges } from '../../core/header-changes';
import type { HttpActions } from '../../core/http-rule';
import { PathRewrite, PathRewriteKind } from '../../core/path-rewrite';
import type { Redirect } from '../../core/redirect';
import type * as crd from '../crd';
import { istioDuration } from './duration';

/**
 * What becomes of requests on their way, in Istio's words.
 *
 * @param below whether the requests are those below a matched prefix (`/api/…`), which is replaced together with the slash after it
 */
export function renderActions(actions: HttpActions, below: boolean): Partial<crd.HTTPRoute> {
  const { pathRewrite, hostRewrite, requestHeaders, responseHeaders, fault, redirect, directResponse, cors } = actions;
  return {
    rewrite: pathRewrite || hostRewrite ? { ...(pathRewrite ? renderRewrite(pathRewrite, below) : {}), authority: hostRewrite } : undefined,
    headers: requestHeaders || responseHeaders ? { request: renderHeaders(requestHeaders), response: renderHeaders(responseHeaders) } : undefined,
    fault: fault && renderFault(fault),
    redirect: redirect && renderRedirect(redirect, below),
    directResponse: directResponse && {
      status: directResponse.statusCode,
      body: directResponse.body === undefined ? undefined : { string: directResponse.body },
    },
    corsPolicy: cors && renderCors(cors),
  };
}

/** Whether requests for a prefix and those below it must be told apart, because a prefix is replaced. */
export function replacesPrefix({ pathRewrite, redirect }: HttpActions): boolean {
  return pathRewrite?.kind === PathRewriteKind.PREFIX || redirect?.path?.kind === PathRewriteKind.PREFIX;
}

function renderRewrite({ kind, replacement, pattern }: PathRewrite, below: boolean): crd.HTTPRewrite {
  switch (kind) {
    case PathRewriteKind.PREFIX: return { uri: prefixReplacement(replacement, below) };
    case PathRewriteKind.FULL: return { uriRegexRewrite: { match: '^.*$', rewrite: replacement.replace(/\\/g, '\\\\') } };
    case PathRewriteKind.REGEX: return { uriRegexRewrite: { match: pattern!, rewrite: replacement } };
  }
}

function prefixReplacement(replacement: string, below: boolean): string {
  const trimmed = replacement.replace(/\/+$/, '');
  return below ? `${trimmed}/` : trimmed || '/';
}

function renderRedirect({ scheme, host, portNumber, path, statusCode }: Redirect, below: boolean): crd.HTTPRedirect {
  const target = path && (path.kind === PathRewriteKind.PREFIX && below
    ? { prefixRewrite: prefixReplacement(path.replacement, true) }
    : { uri: path.kind === PathRewriteKind.PREFIX ? prefixReplacement(path.replacement, false) : path.replacement });
  return { scheme, authority: host, port: portNumber, ...target, redirectCode: statusCode };
}

function renderHeaders(changes: HeaderChanges | undefined): crd.HeaderOperations | undefined {
  return changes && {
    set: changes.setHeaders && { ...changes.setHeaders },
    add: changes.addHeaders && { ...changes.addHeaders },
    remove: changes.removeHeaders && [...changes.removeHeaders],
  };
}

function renderFault(fault: Fault): crd.HTTPFaultInjection {
  const aborts = fault.abortStatus !== undefined || fault.abortGrpcStatus !== undefined;
  return {
    delay: fault.delayTime && { fixedDelay: istioDuration(fault.delayTime), percentage: { value: fault.delayedShare.toPercent() } },
    abort: aborts ? { httpStatus: fault.abortStatus, grpcStatus: fault.abortGrpcStatus, percentage: { value: fault.abortedShare.toPercent() } } : undefined,
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
