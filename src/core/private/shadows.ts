import type { HttpMatch } from '../http-match';
import { PathMatchKind } from '../path-match';
import { matchCovers } from './intersect-matches';
import { isEveryPath } from './paths';

/** Matches that stand before others, and hide those that hold for nothing else. Only matches of paths above are looked at. */
export class Shadows {
  private readonly byPath = new Map<string, HttpMatch[]>();

  /** A match that from here on stands before others. */
  public add(match: HttpMatch): void {
    const key = keyOfPath(match);
    const known = this.byPath.get(key);
    if (known) { known.push(match); } else { this.byPath.set(key, [match]); }
  }

  /** Whether every request that satisfies the match satisfies one before it. */
  public hide(match: HttpMatch): boolean {
    return keysAbove(match).some((key) => (this.byPath.get(key) ?? []).some((wide) => matchCovers(wide, match)));
  }
}

/** A text for the path of a match. */
export function keyOfPath({ path }: HttpMatch): string {
  return isEveryPath(path) ? '' : path!.toString();
}

/** Keys of the paths that may cover the one of a match: itself, every prefix above it, and none at all. */
export function keysAbove(match: HttpMatch): string[] {
  const keys = ['', keyOfPath(match)];
  if (match.path === undefined || match.path.kind === PathMatchKind.REGEX) { return keys; }
  const segments = match.path.path.split('/').slice(1);
  return [...keys, ...segments.map((_, index) => `${PathMatchKind.PREFIX} /${segments.slice(0, index + 1).join('/')}`)];
}
