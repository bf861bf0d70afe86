import type { HttpMatch } from '../../core/http-match';
import { PathMatchKind } from '../../core/path-match';
import type { HttpRulePlan } from '../../core/plan';
import { intersectMatches, matchesExclude } from '../../core/private/intersect-matches';
import { pathImplies } from '../../core/private/paths';
import { isCatchAll, matchKey } from '../../core/private/rule-order';
import { fail } from '../../private/errors';

/** Matches beyond which nobody could read the routes any more. */
const MOST_MATCHES = 256;

/**
 * Rules of which Linkerd's proxy takes the first one that holds.
 *
 * The proxy goes by the length of the path, then by the number of headers, of query parameters, and last by the method; a list goes from the
 * top. Where a later rule would be taken, the requests of both become a match of the earlier one: it asks for more, and is taken before either.
 *
 * @param path path of the service, for errors
 */
export function inListOrder(rules: readonly HttpRulePlan[], path: string): HttpRulePlan[] {
  const lists = rules.map(({ matches }) => new Map((matches.length > 0 ? matches : [{}]).map((match: HttpMatch) => [matchKey(match), match])));
  let total = lists.reduce((sum, list) => sum + list.size, 0);
  for (let added = true; added;) {
    added = false;
    for (const [later, list] of lists.entries()) {
      for (const earlier of lists.slice(0, later)) {
        for (const [both, match] of overlaps(earlier, list, path)) {
          earlier.set(both, match);
          added = true;
          total += 1;
          if (total > MOST_MATCHES) {
            fail('MESH-E018', `rules for requests that overlap in more than ${MOST_MATCHES} ways`, 'tell rules apart by path, or match by fewer headers and methods', path);
          }
        }
      }
    }
  }
  return rules.map((rule, index) => (lists[index].size === rule.matches.length ? rule : { ...rule, matches: [...lists[index].values()] }));
}

/** Requests of two rules that the proxy would give to the later one, unless a match of the earlier one speaks of them. */
function overlaps(earlier: ReadonlyMap<string, HttpMatch>, later: ReadonlyMap<string, HttpMatch>, path: string): [string, HttpMatch][] {
  return [...earlier.values()].flatMap((first) => [...later.values()].flatMap((second): [string, HttpMatch][] => {
    if (!outranks(second, first) || matchesExclude(first, second)) { return []; }
    if (!pathImplies(first.path, second.path) && !pathImplies(second.path, first.path)) { return refuse(first, second, path); }
    const both = intersectMatches(first, second, path);
    return both && !earlier.has(matchKey(both)) ? [[matchKey(both), both]] : [];
  }));
}

function refuse(first: HttpMatch, second: HttpMatch, path: string): never {
  return fail('MESH-E021', `a rule for ${spelled(first)} that stands before one for ${spelled(second)}, which linkerd looks at first`,
    'match by exact path or prefix, or tell the two rules apart by method, header or query parameter', path);
}

function spelled({ path }: HttpMatch): string {
  return path?.toString() ?? 'every path';
}

function isPattern({ path }: HttpMatch): boolean {
  return path?.kind === PathMatchKind.REGEX || path?.kind === PathMatchKind.TEMPLATE;
}

/** Whether the proxy may take `a` before `b` for a request of both. */
function outranks(a: HttpMatch, b: HttpMatch): boolean {
  if (isCatchAll(a)) { return false; }
  // A pattern is as long as the path that it matches: as long as an exact path, and longer than most prefixes.
  if (isPattern(a) && !isPattern(b) && b.path?.kind !== PathMatchKind.EXACT) { return true; }
  const length = isPattern(a) || isPattern(b) ? 0 : lengthOf(a) - lengthOf(b);
  if (length !== 0) { return length > 0; }
  const [x, y] = [restOf(a), restOf(b)];
  const at = x.findIndex((rank, index) => rank !== y[index]);
  return at >= 0 && x[at] > y[at];
}

function lengthOf({ path }: HttpMatch): number {
  return path === undefined ? 1 : Math.max(1, path.kind === PathMatchKind.PREFIX ? path.path.replace(/\/$/, '').length : path.path.length);
}

function restOf({ headers, method, queryParams }: HttpMatch): number[] {
  return [(headers ?? []).length, (queryParams ?? []).length, method === undefined ? 0 : 1];
}
