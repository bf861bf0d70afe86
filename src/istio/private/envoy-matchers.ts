import { HeaderMatch, ValueMatchKind } from '../../core/header-match';
import type { HttpMatch } from '../../core/http-match';
import { PathMatch, PathMatchKind } from '../../core/path-match';
import type { QueryMatch } from '../../core/query-match';
import { escapePattern, templatePattern } from '../../private/path-template';

/** A matcher in the words of Envoy's API. */
export type EnvoyMatcher = { readonly [field: string]: unknown };

/** What headers must look like, path and method among them, for requests that fit a match. */
export function headerMatchers(match: HttpMatch): EnvoyMatcher[] {
  return [
    ...(match.path ? pathMatchers(match.path) : []),
    ...(match.method ? [{ name: ':method', string_match: { exact: match.method.method } }] : []),
    ...(match.headers ?? []).map(headerMatcher),
  ];
}

/** What query parameters must look like, for requests that fit a match. */
export function queryMatchers(match: HttpMatch): EnvoyMatcher[] {
  return (match.queryParams ?? []).map((param: QueryMatch) => ({ name: param.name, string_match: textMatcher(param.kind, param.text) }));
}

/** Envoy's path carries the query, which no path matcher of ours looks at. */
function pathMatchers({ kind, path }: PathMatch): EnvoyMatcher[] {
  const pattern = pathPattern(kind, path);
  return pattern === undefined ? [] : [{ name: ':path', string_match: { safe_regex: { regex: `${pattern}(\\?.*)?` } } }];
}

function pathPattern(kind: PathMatchKind, path: string): string | undefined {
  switch (kind) {
    case PathMatchKind.EXACT: return escapePattern(path);
    case PathMatchKind.PREFIX: return path === '/' ? undefined : `${escapePattern(path)}(/[^?]*)?`;
    case PathMatchKind.TEMPLATE: return `(?:${templatePattern(path).replace(/\.\*/g, '[^?]*').replace(/\[\^\/\]\+/g, '[^/?]+')})`;
    case PathMatchKind.REGEX: return `(?:${path})`;
  }
}

function headerMatcher({ name, kind, text, inverted }: HeaderMatch): EnvoyMatcher {
  const matcher = kind === ValueMatchKind.PRESENT ? { present_match: true } : { string_match: textMatcher(kind, text) };
  // A request without the header does not look like this.
  const absent = inverted && kind !== ValueMatchKind.PRESENT ? { treat_missing_header_as_empty: true } : {};
  return { name, ...matcher, ...(inverted ? { invert_match: true } : {}), ...absent };
}

function textMatcher(kind: ValueMatchKind, text: string): EnvoyMatcher {
  switch (kind) {
    case ValueMatchKind.EXACT: return { exact: text };
    case ValueMatchKind.PREFIX: return { prefix: text };
    case ValueMatchKind.REGEX: return { safe_regex: { regex: text } };
    case ValueMatchKind.PRESENT: return { safe_regex: { regex: '.*' } };
  }
}
