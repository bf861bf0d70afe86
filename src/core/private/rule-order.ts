import { compareText } from '../../private/compare';
import { HeaderMatch } from '../header-match';
import type { HttpMatch } from '../http-match';
import { PathMatchKind } from '../path-match';

/** Kinds of path matchers, the most specific first. */
const PATH_RANK: { readonly [kind in PathMatchKind]: number } = {
  [PathMatchKind.EXACT]: 0,
  [PathMatchKind.TEMPLATE]: 1,
  [PathMatchKind.PREFIX]: 2,
  [PathMatchKind.REGEX]: 3,
};

/**
 * Orders matches so that the more specific one decides: path (exact, template, longer prefix, regex, none), then port, method, number of
 * headers, number of query parameters. Equal matches compare as zero.
 */
export function compareMatches(a: HttpMatch, b: HttpMatch): number {
  return rank(a) - rank(b)
    || (b.path?.path.length ?? 0) - (a.path?.path.length ?? 0)
    || Number(b.servicePort !== undefined) - Number(a.servicePort !== undefined)
    || Number(b.method !== undefined) - Number(a.method !== undefined)
    || (b.headers?.length ?? 0) - (a.headers?.length ?? 0)
    || (b.queryParams?.length ?? 0) - (a.queryParams?.length ?? 0)
    || compareText(matchKey(a), matchKey(b));
}

/** A text that is equal for matches that hold for the same requests by their writing. */
export function matchKey(match: HttpMatch): string {
  const headers = (match.headers ?? []).map((header: HeaderMatch) => header.toString()).sort(compareText);
  const query = (match.queryParams ?? []).map((param) => param.toString()).sort(compareText);
  const path = match.path && !isEverything(match) ? match.path.toString() : '';
  return JSON.stringify([path, match.method?.toString() ?? '', headers, query, match.servicePort ?? 0]);
}

/** Whether the path matcher, if any, leaves no path out. */
function isEverything(match: HttpMatch): boolean {
  return match.path?.kind === PathMatchKind.PREFIX && match.path.path === '/';
}

/** Whether the match holds for every request. */
export function isCatchAll(match: HttpMatch): boolean {
  return (match.path === undefined || isEverything(match)) && match.method === undefined && match.servicePort === undefined
    && (match.headers ?? []).length === 0 && (match.queryParams ?? []).length === 0;
}

function rank(match: HttpMatch): number {
  return match.path && !isEverything(match) ? PATH_RANK[match.path.kind] : 4;
}
