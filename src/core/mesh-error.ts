import { ERROR_CODES } from '../private/error-codes';

/**
 * What an error of this library says, read from what was thrown.
 *
 * Errors travel as exceptions of the language that the program is written in; their text always ends with a stable code. This class
 * takes such an exception (or its text) apart, in every language alike.
 *
 * @example
 *
 * const error = MeshError.parse('invalid port, got 70000; use a number from 1 to 65535 [MESH-E003] (at shop/cart)')[0];
 * console.error(error.code, error.constructPath, error.fix);
 */
export class MeshError {
  /**
   * Reads every error of this library from the text of an exception. The report of a failed synth holds several.
   *
   * @param text the text of the exception
   * @returns the errors in the order in which they stand in the text; empty when there is none
   */
  public static parse(text: string): MeshError[] {
    // Java's text holds everything twice; the second copy begins with a line of the language bridge.
    return text.split(/^@jsii\/kernel\./m)[0].split('\n').flatMap((line) => {
      const match = /^\s*(?:\[(?<synthPath>[^\]]*)\] )?(?:[\w@/.]*(?:Error|Exception): )*(?<what>.*); (?<fix>.*) \[(?<code>MESH-E\d{3})\](?: \(at (?<path>.*)\))?\s*$/.exec(line);
      const groups = match?.groups;
      if (!groups || !(groups.code in ERROR_CODES)) { return []; }
      return [new MeshError(groups.code, groups.what, groups.fix, groups.path ?? (groups.synthPath || undefined))];
    });
  }

  /** All codes that this library knows, in order. */
  public static codes(): string[] {
    return Object.keys(ERROR_CODES);
  }

  /**
   * What a code stands for, in a few words.
   *
   * @param code such as `MESH-E003`
   * @returns the meaning; undefined for an unknown code
   */
  public static meaning(code: string): string | undefined {
    return (ERROR_CODES as { readonly [key: string]: string })[code];
  }

  /** The stable code, such as `MESH-E003`. */
  public readonly code: string;
  /** What was wrong, with the value that was given. */
  public readonly what: string;
  /** What to do about it. */
  public readonly fix: string;
  /** Path of the construct that the error is about; undefined when it is about none. */
  public readonly constructPath?: string;

  private constructor(code: string, what: string, fix: string, constructPath?: string) {
    this.code = code;
    this.what = what;
    this.fix = fix;
    this.constructPath = constructPath;
  }
}
