import type { HttpMatch } from '../../core/http-match';
import { PathMatchKind } from '../../core/path-match';
import type { HttpRulePlan } from '../../core/plan';
import { matchesExclude } from '../../core/private/intersect-matches';
import { isCatchAll } from '../../core/private/rule-order';
import { keyOfPath, keysAbove } from '../../core/private/shadows';
import { fail } from '../../private/errors';

/** A match and the rule that it belongs to. */
interface Ranked {
  readonly match: HttpMatch;
  readonly rule: HttpRulePlan;
}

/**
 * Where implementations of the Gateway API would decide otherwise than the first match of a list; undefined when they never do. They go by
 * exact path, longer prefix, method, number of headers and number of query parameters; patterns come last.
 */
export function reordering(rules: readonly HttpRulePlan[]): { readonly first: Ranked; readonly later: Ranked } | undefined {
  const before = new Map<string, Ranked[]>();
  for (const rule of rules) {
    for (const match of rule.matches) {
      const later = { match, rule };
      // Only what stands above a path can be outranked by it; patterns may stand above any.
      for (const first of [...keysAbove(match), PATTERNS].flatMap((key) => before.get(key) ?? [])) {
        if (first.rule !== rule && outranks(match, first.match) && !matchesExclude(match, first.match)) { return { first, later }; }
      }
      const key = isPattern(match) ? PATTERNS : keyOfPath(match);
      before.set(key, [...before.get(key) ?? [], later]);
    }
  }
  return undefined;
}

/** Throws when implementations of the Gateway API would decide otherwise than the first match. */
export function refuseReordering(rules: readonly HttpRulePlan[]): void {
  const found = reordering(rules);
  if (!found) { return; }
  const [first, later] = [found.first, found.later].map(({ match }) => match.path?.toString() ?? 'every path');
  fail('MESH-E021', `a rule for ${first} that stands before one for ${later}, which routes of the Gateway API look at first`,
    'match by exact path or prefix, or tell the two rules apart by method, header or query parameter', found.first.rule.constructPath);
}

const PATTERNS = 'patterns';

function isPattern({ path }: HttpMatch): boolean {
  return path?.kind === PathMatchKind.REGEX || path?.kind === PathMatchKind.TEMPLATE;
}

/** Whether implementations look at `a` before `b`. */
function outranks(a: HttpMatch, b: HttpMatch): boolean {
  if (isCatchAll(a)) { return false; }
  const [x, y] = [a, b].map(({ path, method, headers, queryParams }) => [
    path?.kind === PathMatchKind.EXACT ? 1 : 0,
    path?.kind === PathMatchKind.PREFIX ? path.path.length : isPattern({ path }) ? 0 : 1,
    method === undefined ? 0 : 1,
    (headers ?? []).length,
    (queryParams ?? []).length,
  ]);
  const at = x.findIndex((rank, index) => rank !== y[index]);
  return at >= 0 && x[at] > y[at];
}
