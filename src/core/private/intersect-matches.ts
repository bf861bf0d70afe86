import { fail } from '../../private/errors';
import type { HeaderMatch } from '../header-match';
import type { HttpMatch } from '../http-match';
import { PathMatch, PathMatchKind } from '../path-match';
import type { QueryMatch } from '../query-match';

/**
 * The match that holds when both hold; undefined when no request satisfies both. Patterns and templates cannot be joined with another
 * path; that is an error at `path`.
 */
export function intersectMatches(a: HttpMatch, b: HttpMatch, path: string): HttpMatch | undefined {
  const joinedPath = intersectPaths(a.path, b.path, path);
  const headers = joinByName(a.headers ?? [], b.headers ?? []);
  const queryParams = joinByName(a.queryParams ?? [], b.queryParams ?? []);
  const methods = a.method && b.method && a.method.method !== b.method.method;
  if (joinedPath === null || headers === undefined || queryParams === undefined || methods) { return undefined; }
  return {
    path: joinedPath,
    method: a.method ?? b.method,
    headers: headers.length > 0 ? headers : undefined,
    queryParams: queryParams.length > 0 ? queryParams : undefined,
  };
}

/** The path matcher that holds when both hold; null when none does. */
function intersectPaths(a: PathMatch | undefined, b: PathMatch | undefined, path: string): PathMatch | undefined | null {
  if (a === undefined || b === undefined || a.toString() === b.toString()) { return a ?? b; }
  const [outer, inner] = a.kind === PathMatchKind.PREFIX && (b.kind !== PathMatchKind.PREFIX || b.path.length > a.path.length) ? [a, b] : [b, a];
  const literal = (kind: PathMatchKind) => kind === PathMatchKind.EXACT || kind === PathMatchKind.PREFIX;
  if (outer.kind === PathMatchKind.PREFIX && outer.path === '/') { return inner; }
  if (!literal(outer.kind) || !literal(inner.kind)) {
    fail('MESH-E020', `a route for ${a.toString()} leads to a service with a rule for ${b.toString()}, and the two cannot be joined`,
      'name the destinations in the route, or match by exact path or prefix', path);
  }
  if (outer.kind === PathMatchKind.EXACT) { return null; }
  return inner.path === outer.path || inner.path.startsWith(`${outer.path}/`) ? inner : null;
}

/** Both lists; undefined when they ask for two different values of one name. */
function joinByName<T extends HeaderMatch | QueryMatch>(a: readonly T[], b: readonly T[]): T[] | undefined {
  const known = new Map(a.map((item) => [item.name, item]));
  const fresh: T[] = [];
  for (const item of b) {
    const other = known.get(item.name);
    if (other === undefined) { fresh.push(item); continue; }
    if (other.toString() === item.toString()) { continue; }
    if (other.kind === item.kind && other.kind === 'exact' && !('inverted' in other && other.inverted) && !('inverted' in item && item.inverted)) { return undefined; }
    fresh.push(item);
  }
  return [...a, ...fresh];
}
