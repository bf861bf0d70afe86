import { HeaderMatch, ValueMatchKind } from '../../core/header-match';
import type { HttpMatch } from '../../core/http-match';
import { PathMatch, PathMatchKind } from '../../core/path-match';
import { QueryMatch } from '../../core/query-match';

/**
 * A match whose patterns must fit the whole text in Linkerd, too.
 *
 * Its proxy takes the first alternative that fits somewhere and only then asks whether that was everything: `a|ab` never matches `ab` there.
 */
export function withWholePatterns(match: HttpMatch): HttpMatch {
  const { headers, path, queryParams } = match;
  return {
    ...match,
    path: path?.kind === PathMatchKind.REGEX && isOpen(path.path) ? PathMatch.regex(whole(path.path)) : path,
    headers: headers?.map((header) => (isOpenHeader(header) ? HeaderMatch.regex(header.name, whole(header.text)) : header)),
    queryParams: queryParams?.map((param) => (param.kind === ValueMatchKind.REGEX && isOpen(param.text) ? QueryMatch.regex(param.name, whole(param.text)) : param)),
  };
}

function isOpenHeader({ inverted, kind, text }: HeaderMatch): boolean {
  return kind === ValueMatchKind.REGEX && !inverted && isOpen(text);
}

/** Whether a pattern has alternatives, or repetitions that take as little as they can. */
function isOpen(pattern: string): boolean {
  return pattern.includes('|') || /[*+?}]\?/.test(pattern);
}

function whole(pattern: string): string {
  return `^(?:${pattern})$`;
}
