import { hasSegmentPrefix, queryOf } from '../../match/path';
import { fullMatch, leftmostMatch, TextTest } from '../../match/regex';
import type { GrpcMethodMatch, NamedMatch, PathMatch, RequestMatch } from '../../model/gatewayapi/route';
import type { HttpRequest } from '../http-request';

/** How proxies read the conditions of a route. */
export interface MatchDialect {
  /** Whether gRPC methods may be regular expressions. */
  readonly grpcRegex: boolean;
  /** Compiles a regular expression; undefined where it cannot be. */
  regex(pattern: string): TextTest | undefined;
  /** The values of a header of which one must fit. */
  header(request: HttpRequest, name: string): readonly string[];
  /** The values of a query parameter of which one must fit. */
  query(request: HttpRequest, name: string): readonly string[];
}

/** As the specification says: whole texts, repeated headers joined, the first of repeated parameters. */
export const SPECIFICATION_DIALECT: MatchDialect = {
  regex: fullMatch,
  header: (request, name) => { const value = request.headers.get(name); return value === undefined ? [] : [value]; },
  query: (request, name) => decodedQuery(request, name).slice(0, 1),
  grpcRegex: true,
};

/** As Linkerd's proxy does: Rust's regular expressions, any of repeated headers and parameters. */
export const LINKERD_DIALECT: MatchDialect = {
  regex: leftmostMatch,
  header: (request, name) => {
    const value = request.headers.get(name);
    return request.repeated?.get(name) ?? (value === undefined ? [] : [value]);
  },
  query: decodedQuery,
  grpcRegex: false,
};

/** Whether a request satisfies all conditions of a match. */
export function matchesRequest(match: RequestMatch, request: HttpRequest, dialect: MatchDialect): boolean {
  const { grpc, headers, method, path, query } = match;
  if (path && !pathFits(path, request.pathOnly, dialect)) return false;
  if (method !== undefined && method !== request.method) return false;
  if (grpc && !grpcFits(grpc, request, dialect)) return false;
  return firstOfEach(headers, name => name.toLowerCase()).every(item => valueFits(item, dialect.header(request, item.name.toLowerCase()), dialect))
    && firstOfEach(query, name => name).every(item => valueFits(item, dialect.query(request, item.name), dialect));
}

function pathFits({ type, value }: PathMatch, path: string, dialect: MatchDialect): boolean {
  switch (type) {
    case 'Exact': return path === value;
    case 'PathPrefix': return hasSegmentPrefix(path, value);
    case 'RegularExpression': return dialect.regex(value)?.(path) === true;
  }
}

function grpcFits({ method, service, type }: GrpcMethodMatch, request: HttpRequest, dialect: MatchDialect): boolean {
  if (request.method !== 'POST') return false;
  const [, calledService, calledMethod, ...rest] = request.pathOnly.split('/');
  if (calledMethod === undefined || rest.length > 0) return false;
  const fits = (wanted: string | undefined, value: string): boolean => {
    if (wanted === undefined) return true;
    return type === 'Exact' ? wanted === value : dialect.grpcRegex && dialect.regex(wanted)?.(value) === true;
  };
  return fits(service, calledService) && fits(method, calledMethod);
}

function valueFits(match: NamedMatch, values: readonly string[], dialect: MatchDialect): boolean {
  const test: TextTest | undefined = match.type === 'Exact' ? value => value === match.value : dialect.regex(match.value);
  return test !== undefined && values.some(test);
}

/** Of conditions on one name only the first counts. */
function firstOfEach(items: readonly NamedMatch[], key: (name: string) => string): readonly NamedMatch[] {
  if (items.length < 2) return items;
  const seen = new Set<string>();
  return items.filter(item => !seen.has(key(item.name)) && seen.add(key(item.name)));
}

/** All values of a query parameter, as forms encode them. */
function decodedQuery(request: HttpRequest, name: string): readonly string[] {
  return new URLSearchParams(queryOf(request.path)).getAll(name);
}
