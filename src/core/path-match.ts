import { fail } from '../private/errors';
import { absolutePath, checkedPattern } from './private/check-values';

/** How a path is matched. */
export enum PathMatchKind {
  /** The whole path, character by character. */
  EXACT = 'exact',
  /** Whole segments from the start: `/api` matches `/api` and `/api/x`, never `/apis`. */
  PREFIX = 'prefix',
  /** A regular expression over the whole path. */
  REGEX = 'regex',
  /** Segments with placeholders: `{*}` for one segment, `{**}` for any number. */
  TEMPLATE = 'template',
}

/**
 * What the path of a request must look like. The query string is not part of it.
 */
export class PathMatch {
  /**
   * The whole path, character by character.
   *
   * @param path begins with a slash
   */
  public static exact(path: string): PathMatch {
    return new PathMatch(PathMatchKind.EXACT, absolutePath(path));
  }

  /**
   * Whole segments from the start: `/api` matches `/api` and `/api/x`, never `/apis`. A trailing slash makes no difference.
   *
   * @param path begins with a slash
   */
  public static prefix(path: string): PathMatch {
    const trimmed = absolutePath(path).replace(/\/+$/, '');
    return new PathMatch(PathMatchKind.PREFIX, trimmed === '' ? '/' : trimmed);
  }

  /**
   * A regular expression that the whole path must match.
   *
   * @param pattern in RE2 syntax
   * @see https://github.com/google/re2/wiki/Syntax
   */
  public static regex(pattern: string): PathMatch {
    return new PathMatch(PathMatchKind.REGEX, checkedPattern(pattern));
  }

  /**
   * Segments with placeholders: `/orders/{*}/items` or `/static/{**}`.
   *
   * @param template `{*}` stands for exactly one segment, `{**}` for any number of them and may occur once, as the last placeholder
   */
  public static template(template: string): PathMatch {
    absolutePath(template);
    const segments = template.split('/').slice(1);
    const bad = segments.find((segment) => /[{}*]/.test(segment) && segment !== '{*}' && segment !== '{**}');
    const open = segments.indexOf('{**}');
    if (bad !== undefined || (open >= 0 && segments.slice(open + 1).some((segment) => segment.startsWith('{')))) {
      fail('MESH-E009', `invalid path template, got "${template}"`, 'use {*} and {**} as whole segments only, with at most one {**} and no placeholder after it');
    }
    return new PathMatch(PathMatchKind.TEMPLATE, template);
  }

  /** How the path is matched. */
  public readonly kind: PathMatchKind;
  /** The path, pattern or template. */
  public readonly path: string;

  private constructor(kind: PathMatchKind, path: string) {
    this.kind = kind;
    this.path = path;
  }

  /** The matcher as people write it, such as `prefix /api`. */
  public toString(): string {
    return `${this.kind} ${this.path}`;
  }
}
