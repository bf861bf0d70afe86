import { ValueMatchKind } from '../core/header-match';
import { checkedPattern } from '../core/private/check-values';
import { fail } from '../private/errors';

/**
 * What a part of a request must look like, in Istio's own words.
 *
 * Paths are better matched by `PathMatch`, whose prefix is one of whole segments: `TextMatch.prefix('/api')` matches `/apis` too.
 */
export class TextMatch {
  /**
   * The whole text.
   *
   * @param text the text
   */
  public static exact(text: string): TextMatch {
    return new TextMatch(ValueMatchKind.EXACT, nonEmpty(text));
  }

  /**
   * The beginning of the text, character by character.
   *
   * @param start the beginning
   */
  public static prefix(start: string): TextMatch {
    return new TextMatch(ValueMatchKind.PREFIX, nonEmpty(start));
  }

  /**
   * A regular expression over the whole text.
   *
   * @param pattern in RE2 syntax
   */
  public static regex(pattern: string): TextMatch {
    return new TextMatch(ValueMatchKind.REGEX, checkedPattern(pattern));
  }

  /** Any text, as long as there is one. */
  public static present(): TextMatch {
    return new TextMatch(ValueMatchKind.PRESENT, '');
  }

  /** How the text is matched. */
  public readonly kind: ValueMatchKind;
  /** The text, its beginning, or the pattern; empty for presence. */
  public readonly text: string;

  private constructor(kind: ValueMatchKind, text: string) {
    this.kind = kind;
    this.text = text;
  }

  /** The matcher as people write it, such as `prefix /api`. */
  public toString(): string {
    return `${this.kind} ${this.text}`.trim();
  }
}

function nonEmpty(text: string): string {
  if (text === '') {
    fail('MESH-E009', 'a match for an empty text', 'use TextMatch.present() to ask only for presence, or leave the match out');
  }
  return text;
}
