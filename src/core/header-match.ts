import { fail } from '../private/errors';
import { checkedPattern, isToken } from './private/check-values';

/** How a header or query parameter is matched. */
export enum ValueMatchKind {
  /** The whole text. */
  EXACT = 'exact',
  /** The beginning of the text. */
  PREFIX = 'prefix',
  /** A regular expression over the whole text. */
  REGEX = 'regex',
  /** Any text, as long as there is one. */
  PRESENT = 'present',
}

/**
 * What a request header must look like.
 */
export class HeaderMatch {
  /**
   * The header has exactly this value.
   *
   * @param name name of the header; upper and lower case make no difference
   * @param expected the whole value
   */
  public static exact(name: string, expected: string): HeaderMatch {
    return new HeaderMatch(name, ValueMatchKind.EXACT, nonEmpty(expected), false);
  }

  /**
   * The value of the header begins like this.
   *
   * @param name name of the header; upper and lower case make no difference
   * @param start beginning of the value
   */
  public static prefix(name: string, start: string): HeaderMatch {
    return new HeaderMatch(name, ValueMatchKind.PREFIX, nonEmpty(start), false);
  }

  /**
   * The whole value of the header matches a regular expression.
   *
   * @param name name of the header; upper and lower case make no difference
   * @param pattern in RE2 syntax
   */
  public static regex(name: string, pattern: string): HeaderMatch {
    return new HeaderMatch(name, ValueMatchKind.REGEX, checkedPattern(pattern), false);
  }

  /**
   * The header is there, whatever its value.
   *
   * @param name name of the header; upper and lower case make no difference
   */
  public static present(name: string): HeaderMatch {
    return new HeaderMatch(name, ValueMatchKind.PRESENT, '', false);
  }

  /**
   * The opposite of another matcher. A request without the header satisfies it.
   *
   * @param other the matcher that must not hold
   */
  public static not(other: HeaderMatch): HeaderMatch {
    return new HeaderMatch(other.name, other.kind, other.text, !other.inverted);
  }

  /** Name of the header in lower case. */
  public readonly name: string;
  /** How the value is matched. */
  public readonly kind: ValueMatchKind;
  /** The value, its beginning, or the pattern; empty for presence. */
  public readonly text: string;
  /** Whether the matcher must not hold. */
  public readonly inverted: boolean;

  private constructor(name: string, kind: ValueMatchKind, text: string, inverted: boolean) {
    if (!isToken(name)) {
      fail('MESH-E009', `invalid header name, got "${name}"`, 'use letters, digits and dashes; match the host and the path by their own matchers');
    }
    this.name = name.toLowerCase();
    this.kind = kind;
    this.text = text;
    this.inverted = inverted;
  }

  /** The matcher as people write it, such as `x-canary exact true`. */
  public toString(): string {
    return `${this.inverted ? 'not ' : ''}${this.name} ${this.kind}${this.text ? ` ${this.text}` : ''}`;
  }
}

function nonEmpty(start: string): string {
  if (start === '') {
    fail('MESH-E009', 'an empty text', 'use HeaderMatch.present() to ask only for presence');
  }
  return start;
}
