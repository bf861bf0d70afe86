import { ValueMatchKind } from '../header-match';
import type { HttpMatch } from '../http-match';
import type { HttpRule } from '../http-rule';
import { PathMatch, PathMatchKind } from '../path-match';
import { PathRewriteKind } from '../path-rewrite';

/**
 * What is known of the requests of a match when they arrive behind its rule: paths are rewritten by then, and headers changed. Patterns are
 * left out, since policies of meshes know none, and so is text that policies would read as a pattern.
 */
export function arrivingMatch(match: HttpMatch, rule: HttpRule): HttpMatch {
  const { setHeaders = {}, addHeaders = {}, removeHeaders = [] } = rule.requestHeaders ?? {};
  const changed = new Set([...Object.keys(setHeaders), ...Object.keys(addHeaders), ...removeHeaders].map((name) => name.toLowerCase()));
  const headers = (match.headers ?? []).filter(({ name, kind, text }) => !changed.has(name) && kind !== ValueMatchKind.REGEX && isLiteral(text));
  const path = arrivingPath(match.path, rule);
  return { method: match.method, headers, path: path && sayable(path) ? path : undefined };
}

/** Undefined when any path may arrive. */
function arrivingPath(path: PathMatch | undefined, { pathRewrite }: HttpRule): PathMatch | undefined {
  switch (pathRewrite?.kind) {
    case undefined: return path;
    case PathRewriteKind.FULL: return PathMatch.exact(pathRewrite!.replacement);
    case PathRewriteKind.PREFIX: return PathMatch.prefix(pathRewrite!.replacement);
    case PathRewriteKind.REGEX: return undefined;
  }
}

function sayable({ kind, path }: PathMatch): boolean {
  if (kind === PathMatchKind.TEMPLATE) { return /^[a-zA-Z0-9\-._~%!$&'()+,;:@=/{}*]*$/.test(path); }
  return kind !== PathMatchKind.REGEX && isLiteral(path);
}

function isLiteral(text: string): boolean {
  return !/[*{}]/.test(text);
}
