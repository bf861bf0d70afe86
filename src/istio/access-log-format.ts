import { fail } from '../private/errors';

/**
 * How a line of an access log is written. `%COMMANDS%` are replaced.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#command-operators
 */
export class AccessLogFormat {
  /**
   * A line of text.
   *
   * @param text such as `[%START_TIME%] %REQ(:METHOD)% %RESPONSE_CODE%`; a line feed is added unless there is one
   */
  public static text(text: string): AccessLogFormat {
    if (text.trim() === '') {
      fail('MESH-E030', 'an empty access log format', 'give a line with commands such as %START_TIME%, or leave the format out');
    }
    return new AccessLogFormat({ text: text.endsWith('\n') ? text : `${text}\n` });
  }

  /**
   * A JSON object.
   *
   * @param fields what each field says
   */
  public static json(fields: { [field: string]: string }): AccessLogFormat {
    if (Object.keys(fields).length === 0) {
      fail('MESH-E030', 'an access log format without fields', 'name at least one field, or leave the format out');
    }
    return new AccessLogFormat({ labels: { ...fields } });
  }

  private constructor(private readonly rendered: object) {}

  /** @internal */
  public _render(): object {
    return this.rendered;
  }
}
