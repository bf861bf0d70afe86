import { fail } from '../private/errors';
import { wholeNumber } from './private/check-values';

/**
 * An answer that the proxy gives by itself.
 */
export class DirectResponse {
  /**
   * A status and a text.
   *
   * @param statusCode HTTP status from 200 to 599
   * @param body text of the answer, at most 1 MiB; none unless given
   */
  public static of(statusCode: number, body?: string): DirectResponse {
    wholeNumber('HTTP status code', statusCode, 200, 599);
    if (body !== undefined && Buffer.byteLength(body) > 1_048_576) {
      fail('MESH-E028', `an answer of ${Buffer.byteLength(body)} bytes`, 'use at most 1048576 bytes');
    }
    return new DirectResponse(statusCode, body);
  }

  /** HTTP status. */
  public readonly statusCode: number;
  /** Text of the answer, if there is one. */
  public readonly body?: string;

  private constructor(statusCode: number, body: string | undefined) {
    this.statusCode = statusCode;
    this.body = body;
  }
}
