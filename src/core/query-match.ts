import { ValueMatchKind } from './header-match';
import { fail } from '../private/errors';
import { checkedPattern } from './private/check-values';

/**
 * What a query parameter must look like.
 */
export class QueryMatch {
  /**
   * The parameter has exactly this value.
   *
   * @param name name of the parameter
   * @param expected the whole value
   */
  public static exact(name: string, expected: string): QueryMatch {
    return new QueryMatch(name, ValueMatchKind.EXACT, expected);
  }

  /**
   * The whole value of the parameter matches a regular expression.
   *
   * @param name name of the parameter
   * @param pattern in RE2 syntax
   */
  public static regex(name: string, pattern: string): QueryMatch {
    return new QueryMatch(name, ValueMatchKind.REGEX, checkedPattern(pattern));
  }

  /** Name of the parameter; upper and lower case are different. */
  public readonly name: string;
  /** How the value is matched. */
  public readonly kind: ValueMatchKind;
  /** The value or the pattern. */
  public readonly text: string;

  private constructor(name: string, kind: ValueMatchKind, text: string) {
    if (name === '' || /[&=#\s]/.test(name)) {
      fail('MESH-E009', `invalid query parameter name, got "${name}"`, 'use the bare name, without "=", "&", "#" or white space');
    }
    this.name = name;
    this.kind = kind;
    this.text = text;
  }

  /** The matcher as people write it, such as `version exact 2`. */
  public toString(): string {
    return `${this.name} ${this.kind} ${this.text}`;
  }
}
