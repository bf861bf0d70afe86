import { HeaderOperations, Redirect, rewrittenPath, RouteAction, RouteDestination } from './http-action';
import { HttpRequest, httpRequest, HttpRequestParts } from '../http-request';
import { CompiledRoute } from './http-routes';

/** The request as a destination receives it: with the route's rewrites and header changes. */
export function forwardedRequest(request: HttpRequest, route: CompiledRoute, destination: RouteDestination | undefined): HttpRequest {
  const { action } = route;
  const operations = [action.headers?.request, destination?.headers].filter(item => item !== undefined);
  const authority = action.rewrite?.authority ?? operations.map(authorityOf).find(item => item !== undefined);
  if (!action.rewrite && operations.length === 0) return request;
  const headers = new Map([...request.headers].filter(([name]) => !name.startsWith(':') && name !== 'host'));
  for (const operation of operations) applyHeaders(headers, operation);
  const parts: HttpRequestParts = {
    method: request.method,
    path: rewrittenPath(request, action.rewrite, route.match, route.config.gatewayApi),
    authority: authority ?? request.authority,
    scheme: request.scheme,
    headers,
    claims: request.claims,
  };
  return httpRequest(parts);
}

/** The authority that header operations set; `set` wins over `add`. */
function authorityOf(operations: HeaderOperations): string | undefined {
  for (const map of [operations.set, operations.add]) {
    const name = Object.keys(map).find(item => item.toLowerCase() === ':authority' || item.toLowerCase() === 'host');
    if (name !== undefined) return map[name];
  }
  return undefined;
}

function applyHeaders(headers: Map<string, string>, operations: HeaderOperations): void {
  const usual = (name: string): boolean => !name.startsWith(':') && name !== 'host';
  for (const name of operations.remove) headers.delete(name.toLowerCase());
  for (const [name, value] of Object.entries(operations.set)) {
    if (usual(name.toLowerCase())) headers.set(name.toLowerCase(), value);
  }
  for (const [name, value] of Object.entries(operations.add)) {
    const key = name.toLowerCase();
    if (usual(key)) headers.set(key, headers.has(key) ? `${headers.get(key)},${value}` : value);
  }
}

/** The address that a redirect sends a client to, as Envoy composes it. */
export function redirectLocation(request: HttpRequest, redirect: Redirect, route: CompiledRoute, listenerPort: number, tls: boolean): string {
  const scheme = redirect.scheme ?? request.scheme;
  const wanted = redirect.port ?? (redirect.portFromRequest ? listenerPort : undefined);
  const implied = redirect.scheme ?? (tls ? 'https' : 'http');
  const port = wanted === undefined || (wanted === 80 && implied === 'http') || (wanted === 443 && implied === 'https') ? undefined : wanted;
  return `${scheme}://${redirectHost(request, redirect, scheme, port)}${port === undefined ? '' : `:${port}`}${redirectPath(request, redirect, route)}`;
}

function redirectHost(request: HttpRequest, redirect: Redirect, scheme: string, port: number | undefined): string {
  if (redirect.authority) return redirect.authority;
  const match = /:(\d+)$/.exec(request.authority);
  if (!match) return request.authority;
  const implied = scheme !== request.scheme && ((request.scheme === 'https' && match[1] === '443') || (request.scheme === 'http' && match[1] === '80'));
  return port !== undefined || implied ? request.authority.slice(0, match.index) : request.authority;
}

function redirectPath(request: HttpRequest, redirect: Redirect, route: CompiledRoute): string {
  const query = request.path.slice(request.pathOnly.length);
  if (redirect.prefixRewrite !== undefined) return redirect.prefixRewrite + request.pathOnly.slice(route.match.prefix?.length ?? 0) + query;
  if (redirect.uri === undefined) return request.path;
  return redirect.uri.includes('?') ? redirect.uri : redirect.uri + query;
}

/** Whether a route's proxy answers a browser's question itself. */
export function answersPreflight(request: HttpRequest, action: RouteAction): boolean {
  const { cors } = action;
  const origin = request.headers.get('origin');
  if (!cors || request.method !== 'OPTIONS' || origin === undefined || !request.headers.has('access-control-request-method')) return false;
  return cors.answersAll || cors.origins.some(test => test(origin));
}

/** Whether every request that a route takes is aborted, and with which status. */
export function certainAbort(action: RouteAction): number | undefined {
  return (action.fault?.abortPercent ?? 0) >= 100 ? action.fault?.abortStatus : undefined;
}
