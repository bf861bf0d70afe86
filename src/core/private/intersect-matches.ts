import { fail } from '../../private/errors';
import type { HeaderMatch } from '../header-match';
import type { HttpMatch } from '../http-match';
import type { PathMatch } from '../path-match';
import type { QueryMatch } from '../query-match';
import { Condition, excludes, implies } from './conditions';
import { pathExcludes, pathImplies } from './paths';

/** Something that cannot be said in one match, and is caught here. */
class Inexpressible extends Error {}

/**
 * The match that holds when both hold; undefined when no request satisfies both. Where a single match cannot say so, it is an error at
 * `path`: patterns that meet other patterns, for example.
 */
export function intersectMatches(a: HttpMatch, b: HttpMatch, path: string): HttpMatch | undefined {
  try {
    return intersect(a, b);
  } catch (thrown) {
    if (!(thrown instanceof Inexpressible)) { throw thrown; }
    return fail('MESH-E020', `a route leads to a service with rules of its own, and ${thrown.message} cannot be joined in one match`,
      'name the destinations in the route, or match by exact value or prefix', path);
  }
}

/** Whether every request that satisfies `narrow` is known to satisfy `wide`. */
export function matchCovers(wide: HttpMatch, narrow: HttpMatch): boolean {
  return pathImplies(narrow.path, wide.path)
    && (wide.method === undefined || wide.method.method === narrow.method?.method)
    && (wide.servicePort === undefined || wide.servicePort === narrow.servicePort)
    && (wide.headers ?? []).every((header) => (narrow.headers ?? []).some((other) => headerImplies(other, header)))
    && (wide.queryParams ?? []).every((param) => (narrow.queryParams ?? []).some((other) => other.name === param.name && implies(other, param)));
}

/** Whether no request is known to satisfy both. */
export function matchesExclude(a: HttpMatch, b: HttpMatch): boolean {
  try {
    return intersect(a, b) === undefined;
  } catch (thrown) {
    if (!(thrown instanceof Inexpressible)) { throw thrown; }
    return false;
  }
}

/** Whether every request whose headers satisfy `a` is known to satisfy `b`. */
export function headerImplies(a: HeaderMatch, b: HeaderMatch): boolean {
  if (a.name !== b.name) { return false; }
  if (a.inverted) { return b.inverted && implies(b, a); }
  return b.inverted ? excludes(a, b) : implies(a, b);
}

function intersect(a: HttpMatch, b: HttpMatch): HttpMatch | undefined {
  const methods = a.method !== undefined && b.method !== undefined && a.method.method !== b.method.method;
  const ports = a.servicePort !== undefined && b.servicePort !== undefined && a.servicePort !== b.servicePort;
  if (methods || ports || pathExcludes(a.path, b.path)) { return undefined; }
  const headers = joinHeaders([...a.headers ?? [], ...b.headers ?? []]);
  const queryParams = joinAll([...a.queryParams ?? [], ...b.queryParams ?? []], joinParams);
  if (headers === undefined || queryParams === undefined) { return undefined; }
  return {
    path: joinPaths(a.path, b.path),
    method: a.method ?? b.method,
    headers: headers.length > 0 ? headers : undefined,
    queryParams: queryParams.length > 0 ? queryParams : undefined,
    servicePort: a.servicePort ?? b.servicePort,
  };
}

function joinPaths(a: PathMatch | undefined, b: PathMatch | undefined): PathMatch | undefined {
  if (pathImplies(a, b)) { return a ?? b; }
  if (pathImplies(b, a)) { return b; }
  throw new Inexpressible(`${a!.toString()} and ${b!.toString()}`);
}

/** Conditions by header, at most one positive and one negative each; undefined when no header satisfies them. */
function joinHeaders(headers: readonly HeaderMatch[]): HeaderMatch[] | undefined {
  const wanted = joinAll(headers.filter((header) => !header.inverted), joinParams);
  const unwanted = joinAll(headers.filter((header) => header.inverted), joinNegations);
  if (wanted === undefined || unwanted === undefined) { return undefined; }
  const byName = new Map(wanted.map((header) => [header.name, header]));
  const contradicted = unwanted.some((header) => byName.has(header.name) && implies(byName.get(header.name)!, header));
  if (contradicted) { return undefined; }
  return [...wanted, ...unwanted.filter((header) => !(byName.has(header.name) && excludes(byName.get(header.name)!, header)))];
}

/** Joins those of one name, two by two; undefined when two exclude each other. */
function joinAll<T extends HeaderMatch | QueryMatch>(items: readonly T[], join: (a: T, b: T) => T | undefined): T[] | undefined {
  const byName = new Map<string, T>();
  for (const item of items) {
    const known = byName.get(item.name);
    const joined = known === undefined ? item : join(known, item);
    if (joined === undefined) { return undefined; }
    byName.set(item.name, joined);
  }
  return [...byName.values()];
}

function joinParams<T extends Condition & { readonly name: string }>(a: T, b: T): T | undefined {
  if (implies(a, b)) { return a; }
  if (implies(b, a)) { return b; }
  if (excludes(a, b)) { return undefined; }
  throw new Inexpressible(`${a.toString()} and ${b.toString()}`);
}

function joinNegations(a: HeaderMatch, b: HeaderMatch): HeaderMatch {
  if (implies(a, b)) { return b; }
  if (implies(b, a)) { return a; }
  throw new Inexpressible(`${a.toString()} and ${b.toString()}`);
}
