import { compareText } from '../../private/compare';
import { MeshFault } from '../../private/errors';
import type { HttpMatch } from '../http-match';
import type { HttpRule } from '../http-rule';
import { PathMatchKind } from '../path-match';
import type { RuleDeclaration } from './declarations';
import { isEveryPath } from './paths';

/** Kinds of path matchers, the most specific first. */
const PATH_RANK: { readonly [kind in PathMatchKind]: number } = {
  [PathMatchKind.EXACT]: 0,
  [PathMatchKind.TEMPLATE]: 1,
  [PathMatchKind.PREFIX]: 2,
  [PathMatchKind.REGEX]: 3,
};

/** One match of a rule, and whose rule it is. */
export interface RuleEntry {
  readonly match: HttpMatch;
  readonly rule: HttpRule;
  /** Path of the construct that the rule was declared in. */
  readonly owner: string;
}

/**
 * Takes rules apart into their matches, and orders those so that the first one that holds decides. The order depends on what the rules
 * say, never on when or where they were declared. Two rules for the same requests are errors.
 */
export function orderRules(rules: readonly RuleDeclaration[], report: (fault: MeshFault) => void): RuleEntry[] {
  const keyed = rules.flatMap(({ rule, owner }) => {
    const matches = rule.matches && rule.matches.length > 0 ? rule.matches : [{}];
    const own = new Map(matches.map((match) => [matchKey(match), match]));
    return [...own].map(([key, match]) => ({ key, entry: { match, rule, owner: owner.node.path } }));
  });
  keyed.sort((a, b) => compareMatches(a.entry.match, b.entry.match) || compareText(a.key, b.key) || compareText(a.entry.owner, b.entry.owner));
  keyed.forEach(({ key, entry }, index) => {
    if (keyed[index - 1]?.key === key) { report(overlap(keyed[index - 1].entry, entry)); }
  });
  return keyed.map(({ entry }) => entry);
}

function overlap(before: RuleEntry, entry: RuleEntry): MeshFault {
  const [first, second] = [before.owner, entry.owner].sort(compareText);
  return new MeshFault({
    code: 'MESH-E019',
    what: `${first === second ? `two rules of ${first}` : `${first} and ${second}`} both route ${entry.match.path ? `requests for ${entry.match.path.toString()}` : 'the same requests'}`,
    fix: 'remove one of them, or tell them apart by path, method, header, query parameter or port',
    path: second,
  });
}

/**
 * Orders matches so that the more specific one decides: path (exact, template, longer prefix, regex, none), then port, method, number of
 * headers, number of query parameters. Matches that are as specific as each other compare as zero.
 */
export function compareMatches(a: HttpMatch, b: HttpMatch): number {
  return rank(a) - rank(b)
    || length(b) - length(a)
    || Number(b.servicePort !== undefined) - Number(a.servicePort !== undefined)
    || Number(b.method !== undefined) - Number(a.method !== undefined)
    || (b.headers?.length ?? 0) - (a.headers?.length ?? 0)
    || (b.queryParams?.length ?? 0) - (a.queryParams?.length ?? 0);
}

/** A text that is equal for matches that hold for the same requests by their writing. */
export function matchKey(match: HttpMatch): string {
  const headers = (match.headers ?? []).map((header) => header.toString()).sort(compareText);
  const query = (match.queryParams ?? []).map((param) => param.toString()).sort(compareText);
  const path = isEveryPath(match.path) ? '' : match.path!.toString();
  return JSON.stringify([path, match.method?.toString() ?? '', [...new Set(headers)], [...new Set(query)], match.servicePort ?? 0]);
}

/** Whether the match holds for every request. */
export function isCatchAll(match: HttpMatch): boolean {
  return isEveryPath(match.path) && match.method === undefined && match.servicePort === undefined
    && (match.headers ?? []).length === 0 && (match.queryParams ?? []).length === 0;
}

function length({ path }: HttpMatch): number {
  return path === undefined || isEveryPath(path) ? 0 : path.path.length;
}

function rank({ path }: HttpMatch): number {
  return path === undefined || isEveryPath(path) ? 4 : PATH_RANK[path.kind];
}
