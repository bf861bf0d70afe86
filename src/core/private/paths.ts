import { fullMatch } from '../../engine/match/regex';
import { templatePattern } from '../../private/path-template';
import { PathMatch, PathMatchKind } from '../path-match';

/** Whether the matcher holds for every path. */
export function isEveryPath(path: PathMatch | undefined): boolean {
  return path === undefined || (path.kind === PathMatchKind.PREFIX && path.path === '/');
}

/** Whether a path satisfies a matcher. */
export function pathSatisfies(text: string, { kind, path }: PathMatch): boolean {
  switch (kind) {
    case PathMatchKind.EXACT: return text === path;
    case PathMatchKind.PREFIX: return path === '/' || text === path || text.startsWith(`${path}/`);
    case PathMatchKind.REGEX: return fullMatch(path)?.(text) ?? false;
    case PathMatchKind.TEMPLATE: return fullMatch(templatePattern(path))?.(text) ?? false;
  }
}

/** Whether every path that satisfies `a` is known to satisfy `b`. */
export function pathImplies(a: PathMatch | undefined, b: PathMatch | undefined): boolean {
  if (b === undefined || isEveryPath(b)) { return true; }
  if (a === undefined) { return false; }
  if (a.toString() === b.toString()) { return true; }
  if (a.kind === PathMatchKind.EXACT) { return pathSatisfies(a.path, b); }
  return a.kind !== PathMatchKind.REGEX && b.kind === PathMatchKind.PREFIX && pathSatisfies(literalHead(a), b);
}

/** Whether no path is known to satisfy both. */
export function pathExcludes(a: PathMatch | undefined, b: PathMatch | undefined): boolean {
  if (a === undefined || b === undefined) { return false; }
  if (a.kind === PathMatchKind.EXACT) { return !pathSatisfies(a.path, b); }
  if (b.kind === PathMatchKind.EXACT) { return !pathSatisfies(b.path, a); }
  if (a.kind === PathMatchKind.REGEX || b.kind === PathMatchKind.REGEX) { return false; }
  const [x, y] = [segments(literalHead(a)), segments(literalHead(b))];
  return x.some((segment, index) => y[index] !== undefined && y[index] !== segment);
}

/** The segments before the first placeholder: those of all paths that satisfy a prefix or template. */
function literalHead({ kind, path }: PathMatch): string {
  const placeholder = kind === PathMatchKind.TEMPLATE ? path.indexOf('/{') : -1;
  return placeholder < 0 ? path : path.slice(0, placeholder) || '/';
}

function segments(path: string): string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}
