import * as crd from './crd';
import { isToken } from '../core/private/check-values';
import { fail } from '../private/errors';

/**
 * What a tag of a span says.
 */
export class SpanTag {
  /**
   * Always the same text.
   *
   * @param text the text
   */
  public static literal(text: string): SpanTag {
    return new SpanTag({ literal: { value: nonEmpty('text', text) } });
  }

  /**
   * What an environment variable of the proxy says.
   *
   * @param name name of the variable
   * @param otherwise what the tag says when there is no such variable; there is no tag unless given
   */
  public static environment(name: string, otherwise?: string): SpanTag {
    return new SpanTag({ environment: { name: nonEmpty('name of a variable', name), defaultValue: otherwise } });
  }

  /**
   * What a header of the request says.
   *
   * @param name name of the header
   * @param otherwise what the tag says when there is no such header; there is no tag unless given
   */
  public static header(name: string, otherwise?: string): SpanTag {
    if (!isToken(name)) {
      fail('MESH-E009', `invalid header name, got "${name}"`, 'use letters, digits and dashes');
    }
    return new SpanTag({ header: { name, defaultValue: otherwise } });
  }

  /**
   * A text with commands of access logs, such as `%RESPONSE_CODE%`.
   *
   * @param format the text
   */
  public static formatted(format: string): SpanTag {
    return new SpanTag({ formatter: { value: nonEmpty('format', format) } });
  }

  private constructor(private readonly tag: crd.TracingCustomTag) {}

  /** @internal */
  public _render(): crd.TracingCustomTag {
    return this.tag;
  }
}

function nonEmpty(what: string, text: string): string {
  if (text === '') {
    fail('MESH-E030', `a tag of a span with an empty ${what}`, 'leave the tag out');
  }
  return text;
}
