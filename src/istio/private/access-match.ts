import { HeaderMatch, ValueMatchKind } from '../../core/header-match';
import { PathMatch, PathMatchKind } from '../../core/path-match';
import { compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import type * as crd from '../crd';

/** Paths as policies know them. A prefix of whole segments takes two, because their own wildcard compares characters. */
export function renderPaths({ kind, path: text }: PathMatch, path: string | undefined): string[] {
  switch (kind) {
    case PathMatchKind.EXACT: return [literal(text, path)];
    case PathMatchKind.PREFIX: return text === '/' ? ['/*'] : [literal(text, path), `${literal(text, path)}/*`];
    case PathMatchKind.TEMPLATE: return [template(text, path)];
    case PathMatchKind.REGEX: return fail('MESH-E009', `access by path pattern ${text}, which Istio's policies do not know`,
      'use PathMatch.exact(), PathMatch.prefix() or PathMatch.template()', path);
  }
}

/** Between placeholders Istio takes the characters of a path segment, and nothing that would have to be escaped. */
function template(text: string, path: string | undefined): string {
  if (/[^a-zA-Z0-9\-._~%!$&'()+,;:@=/{}*]/.test(text)) {
    fail('MESH-E009', `path template "${text}", parts of which Istio does not take`, 'use the characters of URL paths, with others percent-encoded', path);
  }
  return text;
}

/** A condition on a header. */
export function renderHeader({ name, kind, text, inverted }: HeaderMatch, path: string | undefined): crd.Condition {
  const list = [headerValue(kind, text, path)];
  const key = `request.headers[${name}]`;
  return inverted ? { key, notValues: list } : { key, values: list };
}

function headerValue(kind: ValueMatchKind, text: string, path: string | undefined): string {
  switch (kind) {
    case ValueMatchKind.EXACT: return literal(text, path);
    case ValueMatchKind.PREFIX: return `${literal(text, path)}*`;
    case ValueMatchKind.PRESENT: return '*';
    case ValueMatchKind.REGEX: return fail('MESH-E009', `access by header pattern ${text}, which Istio's policies do not know`,
      'use HeaderMatch.exact(), HeaderMatch.prefix() or HeaderMatch.present()', path);
  }
}

/** Text in which Istio would read a wildcard cannot be said literally. */
function literal(text: string, path: string | undefined): string {
  if (text.startsWith('*') || text.endsWith('*') || /[{}]/.test(text)) {
    fail('MESH-E009', `"${text}" in an access, which Istio would read as a pattern`, 'match something without "*" at its ends and without braces', path);
  }
  return text;
}

/** Every text once, in order; nothing for an empty list. */
export function distinct(list: readonly string[]): string[] | undefined {
  return list.length === 0 ? undefined : [...new Set(list)].sort(compareText);
}
