import { Duration } from 'cdk8s';
import { Percent } from './percent';
import { fail } from '../private/errors';
import { positive, wholeNumber } from './private/check-values';

/** What goes wrong on purpose. */
export interface FaultOptions {
  /**
   * Time by which requests are held up.
   *
   * @default - they are not held up
   */
  readonly delay?: Duration;

  /**
   * Share of requests that are held up.
   *
   * @default - all
   */
  readonly delayedShare?: Percent;

  /**
   * HTTP status that requests are answered with, from 200 to 599.
   *
   * @default - they are not answered with an HTTP status
   */
  readonly abortStatus?: number;

  /**
   * gRPC status that calls are answered with, such as `UNAVAILABLE`.
   *
   * @default - they are not answered with a gRPC status
   */
  readonly abortGrpcStatus?: string;

  /**
   * Share of requests that are answered with a status.
   *
   * @default - all
   */
  readonly abortedShare?: Percent;
}

const GRPC_STATUS = ['CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'];

/**
 * Failures made on purpose, to see how callers take them.
 */
export class Fault {
  /**
   * Holds requests up.
   *
   * @param delay how long
   * @param share how many of them; all unless given
   */
  public static delay(delay: Duration, share?: Percent): Fault {
    return Fault.of({ delay, delayedShare: share });
  }

  /**
   * Answers requests with an HTTP status instead of passing them on.
   *
   * @param statusCode from 200 to 599
   * @param share how many of them; all unless given
   */
  public static abort(statusCode: number, share?: Percent): Fault {
    return Fault.of({ abortStatus: statusCode, abortedShare: share });
  }

  /**
   * Delays, aborts, or both.
   */
  public static of(options: FaultOptions): Fault {
    return new Fault(options);
  }

  /** Time by which requests are held up, if they are. */
  public readonly delayTime?: Duration;
  /** Share of requests that are held up. */
  public readonly delayedShare: Percent;
  /** HTTP status that requests are answered with, if they are. */
  public readonly abortStatus?: number;
  /** gRPC status that calls are answered with, if they are. */
  public readonly abortGrpcStatus?: string;
  /** Share of requests that are answered with a status. */
  public readonly abortedShare: Percent;

  private constructor(options: FaultOptions) {
    const { delay, abortStatus, abortGrpcStatus } = options;
    if (delay === undefined && abortStatus === undefined && abortGrpcStatus === undefined) {
      fail('MESH-E030', 'a fault without delay and without status', 'give at least one of them');
    }
    if (abortStatus !== undefined && abortGrpcStatus !== undefined) {
      fail('MESH-E031', 'a fault with two statuses', 'give an HTTP status or a gRPC status');
    }
    wholeNumber('HTTP status code', abortStatus, 200, 599);
    if (abortGrpcStatus !== undefined && !GRPC_STATUS.includes(abortGrpcStatus)) {
      fail('MESH-E028', `unknown gRPC status, got "${abortGrpcStatus}"`, `use one of ${GRPC_STATUS.join(', ')}`);
    }
    positive('delay', delay);
    this.delayTime = delay;
    this.delayedShare = options.delayedShare ?? Percent.of(100);
    this.abortStatus = abortStatus;
    this.abortGrpcStatus = abortGrpcStatus;
    this.abortedShare = options.abortedShare ?? Percent.of(100);
  }

  /**
   * The fault without one of its parts; the other must be there.
   *
   * @internal
   */
  public _without(part: 'delay' | 'abort'): Fault {
    const { delayTime, delayedShare, abortStatus, abortGrpcStatus, abortedShare } = this;
    return Fault.of(part === 'delay' ? { abortStatus, abortGrpcStatus, abortedShare } : { delay: delayTime, delayedShare });
  }
}
