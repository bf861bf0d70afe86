import { absolutePath, checkedPattern } from './private/check-values';

/** How a path is rewritten. */
export enum PathRewriteKind {
  /** The prefix that was matched is replaced. */
  PREFIX = 'prefix',
  /** The whole path is replaced. */
  FULL = 'full',
  /** What a pattern matches is replaced. */
  REGEX = 'regex',
}

/**
 * What becomes of the path of a request before it reaches its destination.
 */
export class PathRewrite {
  /**
   * Replaces the prefix that the rule matched: with `/api` matched, `/api/x` becomes `REPLACEMENT/x`.
   *
   * @param replacement begins with a slash
   */
  public static prefix(replacement: string): PathRewrite {
    return new PathRewrite(PathRewriteKind.PREFIX, absolutePath(replacement));
  }

  /**
   * Replaces the whole path.
   *
   * @param path begins with a slash
   */
  public static full(path: string): PathRewrite {
    return new PathRewrite(PathRewriteKind.FULL, absolutePath(path));
  }

  /**
   * Replaces whatever a pattern matches.
   *
   * @param pattern in RE2 syntax
   * @param substitution may refer to groups of the pattern as `\1` to `\9`
   */
  public static regex(pattern: string, substitution: string): PathRewrite {
    return new PathRewrite(PathRewriteKind.REGEX, substitution, checkedPattern(pattern));
  }

  /** How the path is rewritten. */
  public readonly kind: PathRewriteKind;
  /** What is put in place. */
  public readonly replacement: string;
  /** The pattern whose matches are replaced, if it is one. */
  public readonly pattern?: string;

  private constructor(kind: PathRewriteKind, replacement: string, pattern?: string) {
    this.kind = kind;
    this.replacement = replacement;
    this.pattern = pattern;
  }
}
