import { CompiledMatch, textTest } from './http-match';
import { parseGoDuration } from '../../../private/duration';
import { quoteRegex, TextTest } from '../../match/regex';
import { JsonObject, numberOf, objectOf, objectsOf, StringMap, stringMapOf, textOf, textsOf } from '../../model/json';
import { HttpRequest } from '../http-request';

/** A destination as a route names it. */
export interface RouteDestination {
  /** Empty for a backend that Gateway API refuses. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  readonly weight: number;
  readonly headers?: HeaderOperations;
}

/** Changes of headers. */
export interface HeaderOperations {
  readonly set: StringMap;
  readonly add: StringMap;
  readonly remove: readonly string[];
}

/** A copy of requests sent elsewhere. */
export interface Mirror {
  readonly destination: RouteDestination;
  readonly percent: number;
}

/** Retries of a route. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly retryOn: string;
  /** Milliseconds. */
  readonly perTryTimeout?: number;
}

/** Faults that a route injects. */
export interface Fault {
  /** Milliseconds. */
  readonly delay?: number;
  readonly delayPercent?: number;
  readonly abortStatus?: number;
  readonly abortGrpcStatus?: string;
  readonly abortPercent?: number;
}

/** Changes of a request's target. */
export interface Rewrite {
  readonly uri?: string;
  readonly regex?: { readonly match: string; readonly rewrite: string };
  readonly authority?: string;
}

/** A redirect of a route. */
export interface Redirect {
  readonly status: number;
  readonly scheme?: string;
  readonly authority?: string;
  readonly uri?: string;
  readonly prefixRewrite?: string;
  readonly port?: number;
  readonly portFromRequest: boolean;
}

/** Whose questions a route's proxy answers before a browser sends a request. */
export interface Cors {
  readonly origins: readonly TextTest[];
  /** Whether other origins' questions are answered, too, though without permission. */
  readonly answersAll: boolean;
}

/** What a route does with a request. */
export interface RouteAction {
  readonly redirect?: Redirect;
  readonly directResponse?: { readonly status: number };
  readonly destinations: readonly RouteDestination[];
  /** Milliseconds; 0 is none. */
  readonly timeout: number;
  readonly retries?: RetryPolicy;
  readonly rewrite?: Rewrite;
  readonly mirrors: readonly Mirror[];
  readonly fault?: Fault;
  readonly cors?: Cors;
  readonly headers?: { readonly request: HeaderOperations; readonly response: HeaderOperations };
  /** Status for destinations that do not exist. */
  readonly missingStatus: 500 | 503;
}

/** Retries that Istio adds where nobody says otherwise. */
export const DEFAULT_RETRIES: RetryPolicy = {
  attempts: 2, retryOn: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Reads what a rule does. */
export function actionOf(rule: JsonObject, gatewayApi: boolean, meshRetries: JsonObject | undefined): RouteAction {
  const routes = objectsOf(rule.route);
  const retries = rule.retries ?? meshRetries;
  return {
    redirect: rule.redirect ? redirectOf(objectOf(rule.redirect)) : undefined,
    directResponse: rule.directResponse ? { status: numberOf(objectOf(rule.directResponse).status) ?? 0 } : undefined,
    destinations: destinationsOf(routes),
    timeout: parseGoDuration(textOf(rule.timeout) ?? '') ?? 0,
    retries: retries === undefined ? DEFAULT_RETRIES : retriesOf(objectOf(retries)),
    rewrite: rule.rewrite ? rewriteOf(objectOf(rule.rewrite)) : undefined,
    mirrors: mirrorsOf(rule),
    fault: rule.fault ? faultOf(objectOf(rule.fault)) : undefined,
    cors: rule.corsPolicy ? corsOf(objectOf(rule.corsPolicy)) : undefined,
    headers: rule.headers ? { request: headersOf(rule.headers, 'request'), response: headersOf(rule.headers, 'response') } : undefined,
    missingStatus: gatewayApi ? 500 : 503,
  };
}

/** A single destination takes everything whatever its weight; of several, those without weight take nothing. */
function destinationsOf(routes: readonly JsonObject[]): RouteDestination[] {
  if (routes.length === 1) return [{ ...destinationOf(objectOf(routes[0].destination), 100), headers: backendHeaders(routes[0]) }];
  return routes.filter(route => (numberOf(route.weight) ?? 0) > 0)
    .map(route => ({ ...destinationOf(objectOf(route.destination), numberOf(route.weight) ?? 0), headers: backendHeaders(route) }));
}

function backendHeaders(route: JsonObject): HeaderOperations | undefined {
  return route.headers ? headersOf(route.headers, 'request') : undefined;
}

/** Reads a destination. */
export function destinationOf(destination: JsonObject, weight: number): RouteDestination {
  return {
    host: textOf(destination.host) ?? '',
    subset: textOf(destination.subset) || undefined,
    port: destination.port ? numberOf(objectOf(destination.port).number) : undefined,
    weight,
  };
}

function redirectOf(redirect: JsonObject): Redirect {
  return {
    status: numberOf(redirect.redirectCode) || 301,
    scheme: textOf(redirect.scheme) || undefined,
    authority: textOf(redirect.authority) || undefined,
    uri: textOf(redirect.uri) || undefined,
    prefixRewrite: textOf(redirect.prefixRewrite) || undefined,
    port: numberOf(redirect.port),
    portFromRequest: redirect.derivePort === 'FROM_REQUEST_PORT',
  };
}

/** Whether Istio can write a redirect with this status. */
export function isSupportedRedirect(redirect: Redirect): boolean {
  return REDIRECTS.has(redirect.status);
}

function retriesOf(retries: JsonObject): RetryPolicy | undefined {
  const attempts = numberOf(retries.attempts) ?? 0;
  if (attempts <= 0) return undefined;
  const perTryTimeout = parseGoDuration(textOf(retries.perTryTimeout) ?? '');
  const written = textOf(retries.retryOn);
  if (!written) return { ...DEFAULT_RETRIES, attempts, perTryTimeout };
  const parts = written.split(',').map(part => part.trim()).filter(part => part !== '');
  const codes = parts.some(part => /^\d+$/.test(part));
  const retryOn = codes && !parts.includes('retriable-status-codes') ? [...parts, 'retriable-status-codes'] : parts;
  return { attempts, retryOn: retryOn.join(','), perTryTimeout };
}

function rewriteOf(rewrite: JsonObject): Rewrite {
  const regex = rewrite.uriRegexRewrite ? objectOf(rewrite.uriRegexRewrite) : undefined;
  return {
    uri: textOf(rewrite.uri) || undefined,
    regex: regex && { match: textOf(regex.match) ?? '', rewrite: textOf(regex.rewrite) ?? '' },
    authority: textOf(rewrite.authority) || undefined,
  };
}

function mirrorsOf(rule: JsonObject): Mirror[] {
  const percentage = (value: unknown): number | undefined => (value ? numberOf(objectOf(value).value) ?? 0 : undefined);
  const single = rule.mirror
    ? [{ destination: destinationOf(objectOf(rule.mirror), 0), percent: percentage(rule.mirrorPercentage) ?? numberOf(rule.mirrorPercent) ?? 100 }]
    : [];
  const several = objectsOf(rule.mirrors).filter(item => item.destination)
    .map(item => ({ destination: destinationOf(objectOf(item.destination), 0), percent: percentage(item.percentage) ?? 100 }));
  return [...single, ...several].filter(mirror => mirror.percent > 0);
}

function faultOf(fault: JsonObject): Fault {
  const share = (value: JsonObject): number | undefined =>
    (value.percentage ? numberOf(objectOf(value.percentage).value) ?? 0 : numberOf(value.percent));
  const delay = fault.delay ? objectOf(fault.delay) : undefined;
  const abort = fault.abort ? objectOf(fault.abort) : undefined;
  return {
    delay: delay && parseGoDuration(textOf(delay.fixedDelay) ?? ''),
    delayPercent: delay && (share(delay) ?? 0),
    abortStatus: abort && numberOf(abort.httpStatus),
    abortGrpcStatus: abort && textOf(abort.grpcStatus),
    abortPercent: abort && (share(abort) ?? 0),
  };
}

function corsOf(policy: JsonObject): Cors {
  const listed = policy.allowOrigins === undefined ? textsOf(policy.allowOrigin).map(exact => ({ exact })) : objectsOf(policy.allowOrigins);
  return { origins: listed.flatMap(match => textTest(match) ?? []), answersAll: policy.unmatchedPreflights === 'IGNORE' };
}

function headersOf(headers: unknown, part: 'request' | 'response'): HeaderOperations {
  const operations = objectOf(objectOf(headers)[part]);
  return { set: stringMapOf(operations.set), add: stringMapOf(operations.add), remove: textsOf(operations.remove) };
}

/** The path of a request after a rewrite, with its query. */
export function rewrittenPath(request: HttpRequest, rewrite: Rewrite | undefined, match: CompiledMatch, gatewayApi: boolean): string {
  const { path, pathOnly } = request;
  const query = path.slice(pathOnly.length);
  if (rewrite?.regex) return pathOnly.replace(toJsRegex(rewrite.regex.match), toJsReplacement(rewrite.regex.rewrite)) + query;
  if (rewrite?.uri === undefined) return path;
  if (match.exactPath) return rewrite.uri + query;
  const prefix = match.prefix ?? '';
  if (gatewayApi && rewrite.uri === '/') {
    const rest = pathOnly.replace(new RegExp(`^${quoteRegex(prefix)}(/?)(.*)`), '$2');
    return `/${rest}${query}`;
  }
  return rewrite.uri + pathOnly.slice(prefix.length) + query;
}

/** RE2's syntax is close to JavaScript's; what JavaScript cannot read replaces nothing. */
function toJsRegex(pattern: string): RegExp {
  try {
    return new RegExp(pattern.replace(/\(\?P</g, '(?<'), 'g');
  } catch {
    return /(?!)/;
  }
}

/** Writes `\1` as JavaScript does. */
function toJsReplacement(text: string): string {
  return text.replace(/\$/g, '$$$$').replace(/\\(\d)/g, '$$$1').replace(/\\\\/g, '\\');
}
