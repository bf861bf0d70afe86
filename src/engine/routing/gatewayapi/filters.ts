import { hasSegmentPrefix, queryOf } from '../../match/path';
import type { PathMatch } from '../../model/gatewayapi/route';
import { JsonObject, numberOf, objectOf, objectsOf, textOf, textsOf } from '../../model/json';
import { HttpRequest, httpRequest } from '../http-request';

/** What filters of a rule do to a request, or answer in its place. */
export interface Filtered {
  readonly request: HttpRequest;
  readonly redirect?: { readonly status: number; readonly location: string };
  /** `RequestMirror` filters. */
  readonly mirrors: readonly JsonObject[];
}

/** Where filters run. */
export interface FilterPlace {
  /** The condition on the path that the request met. */
  readonly path?: PathMatch;
  /** Port that the request came in by, for redirects that name none. */
  readonly port: number;
}

/** Applies the filters of a rule in order. */
export function applyFilters(filters: readonly JsonObject[], request: HttpRequest, place: FilterPlace): Filtered {
  let current = request;
  const mirrors: JsonObject[] = [];
  for (const filter of filters) {
    switch (filter.type) {
      case 'RequestHeaderModifier': current = withHeaders(current, objectOf(filter.requestHeaderModifier)); break;
      case 'URLRewrite': current = rewritten(current, objectOf(filter.urlRewrite), place); break;
      case 'RequestMirror': mirrors.push(objectOf(filter.requestMirror)); break;
      case 'RequestRedirect': return { request: current, mirrors, redirect: redirectOf(objectOf(filter.requestRedirect), current, place) };
    }
  }
  return { request: current, mirrors };
}

function withHeaders(request: HttpRequest, filter: JsonObject): HttpRequest {
  const headers = plainHeaders(request);
  const each = (items: unknown, change: (name: string, value: string) => void): void => {
    for (const item of objectsOf(items)) change((textOf(item.name) ?? '').toLowerCase(), textOf(item.value) ?? '');
  };
  each(filter.set, (name, value) => headers.set(name, value));
  each(filter.add, (name, value) => headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value));
  for (const name of textsOf(filter.remove)) headers.delete(name.toLowerCase());
  return httpRequest({ ...request, headers });
}

function rewritten(request: HttpRequest, filter: JsonObject, place: FilterPlace): HttpRequest {
  const path = pathOf(objectOf(filter.path), request, place);
  const authority = textOf(filter.hostname);
  if (path === undefined && authority === undefined) return request;
  return httpRequest({ ...request, headers: plainHeaders(request), path: path ?? request.path, authority: authority ?? request.authority });
}

/** The location of a redirect: what it does not name stays as it was, and a scheme's usual port is not written. */
function redirectOf(filter: JsonObject, request: HttpRequest, place: FilterPlace): { status: number; location: string } {
  const scheme = textOf(filter.scheme)?.toLowerCase() ?? request.scheme;
  const usual = scheme === 'https' ? 443 : 80;
  const port = numberOf(filter.port) ?? (filter.scheme === undefined ? place.port : usual);
  const host = textOf(filter.hostname) ?? request.host;
  const path = pathOf(objectOf(filter.path), request, place) ?? request.path;
  return { status: numberOf(filter.statusCode) ?? 302, location: `${scheme}://${host}${port === usual ? '' : `:${port}`}${path}` };
}

function pathOf(change: JsonObject, request: HttpRequest, { path }: FilterPlace): string | undefined {
  const query = queryOf(request.path);
  if (change.type === 'ReplaceFullPath') return `${textOf(change.replaceFullPath) ?? '/'}${query}`;
  if (change.type !== 'ReplacePrefixMatch') return undefined;
  const prefix = path?.type === 'PathPrefix' ? path.value : '/';
  if (!hasSegmentPrefix(request.pathOnly, prefix)) return undefined;
  const rest = request.pathOnly.slice(prefix.replace(/\/$/, '').length);
  const replacement = (textOf(change.replacePrefixMatch) ?? '').replace(/\/$/, '');
  return `${replacement + rest || '/'}${query}`;
}

function plainHeaders(request: HttpRequest): Map<string, string> {
  return new Map([...request.headers].filter(([name]) => !name.startsWith(':') && name !== 'host'));
}
