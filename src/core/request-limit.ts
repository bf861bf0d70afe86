import { Duration } from 'cdk8s';
import { fail } from '../private/errors';
import { wholeNumber } from './private/check-values';

/**
 * How many requests there may be in some time.
 */
export class RequestLimit {
  /**
   * Requests in a second.
   *
   * @param requests how many
   * @param burst how many at once, when nothing came before; as many as in a second unless given
   */
  public static perSecond(requests: number, burst?: number): RequestLimit {
    return RequestLimit.of(requests, Duration.seconds(1), burst);
  }

  /**
   * Requests in a minute.
   *
   * @param requests how many
   * @param burst how many at once, when nothing came before; as many as in a minute unless given
   */
  public static perMinute(requests: number, burst?: number): RequestLimit {
    return RequestLimit.of(requests, Duration.minutes(1), burst);
  }

  /**
   * Requests in an hour.
   *
   * @param requests how many
   * @param burst how many at once, when nothing came before; as many as in an hour unless given
   */
  public static perHour(requests: number, burst?: number): RequestLimit {
    return RequestLimit.of(requests, Duration.hours(1), burst);
  }

  /**
   * Requests in any time.
   *
   * @param requests how many
   * @param period in which time, at least 50 ms
   * @param burst how many at once, when nothing came before; as many as in the period unless given
   */
  public static of(requests: number, period: Duration, burst?: number): RequestLimit {
    wholeNumber('number of requests', requests, 1, 4_294_967_295);
    wholeNumber('burst', burst, requests, 4_294_967_295);
    const ms = period.toMilliseconds({ integral: false });
    if (ms < 50 || !Number.isInteger(ms)) {
      fail('MESH-E010', `invalid period of a rate limit, got ${ms} ms`, 'use whole milliseconds, at least 50');
    }
    return new RequestLimit(requests, period, burst ?? requests);
  }

  /** How many requests in the period. */
  public readonly requests: number;
  /** The period. */
  public readonly period: Duration;
  /** How many requests at once, when nothing came before. */
  public readonly burst: number;

  private constructor(requests: number, period: Duration, burst: number) {
    this.requests = requests;
    this.period = period;
    this.burst = burst;
  }

  /** The limit as people write it, such as `100 in 60 s`. */
  public toString(): string {
    return `${this.requests} in ${this.period.toMilliseconds() / 1000} s`;
  }
}
