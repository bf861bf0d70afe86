import { Duration } from 'cdk8s';
import { fail } from '../private/errors';
import { positive, wholeNumber } from './private/check-values';

/** When a failed call is tried again. */
export enum RetryOn {
  /** The server answered 500 to 599. */
  SERVER_ERROR = '5xx',
  /** A gateway in between answered 502, 503 or 504. */
  GATEWAY_ERROR = 'gateway-error',
  /** The connection broke before an answer came. */
  RESET = 'reset',
  /** No connection could be made. Safe for every kind of call. */
  CONNECT_FAILURE = 'connect-failure',
  /** The server refused the stream before reading it. Safe for every kind of call. */
  REFUSED_STREAM = 'refused-stream',
  /** gRPC status CANCELLED. */
  GRPC_CANCELLED = 'cancelled',
  /** gRPC status DEADLINE_EXCEEDED. */
  GRPC_DEADLINE_EXCEEDED = 'deadline-exceeded',
  /** gRPC status INTERNAL. */
  GRPC_INTERNAL = 'internal',
  /** gRPC status RESOURCE_EXHAUSTED. */
  GRPC_RESOURCE_EXHAUSTED = 'resource-exhausted',
  /** gRPC status UNAVAILABLE. */
  GRPC_UNAVAILABLE = 'unavailable',
}

/** How failed calls are tried again. */
export interface RetryOptions {
  /**
   * When to try again.
   *
   * @default - connect-failure, refused-stream and gRPC unavailable: failures after which the server has not begun to work
   */
  readonly conditions?: RetryOn[];

  /**
   * HTTP status codes after which to try again, besides the conditions.
   *
   * @default - none
   */
  readonly statusCodes?: number[];

  /**
   * Time that each single try may take.
   *
   * @default - no limit but the one of the whole call
   */
  readonly perTryTimeout?: Duration;

  /**
   * Time to wait before the first new try; it grows exponentially.
   *
   * @default - the default of the mesh (Envoy: 25 ms; Linkerd: fixed at 25 to 250 ms)
   */
  readonly backoff?: Duration;
}

/**
 * Whether and how failed calls are tried again.
 */
export class Retries {
  /**
   * Never try again. The right choice for calls that must not happen twice.
   */
  public static none(): Retries {
    return new Retries(0, {});
  }

  /**
   * Try again.
   *
   * @param attempts how many new tries after the first one, from 1 to 100
   */
  public static attempts(attempts: number, options: RetryOptions = {}): Retries {
    if (!Number.isInteger(attempts) || attempts < 1 || attempts > 100) {
      fail('MESH-E028', `invalid number of retries, got ${attempts}`, 'use a whole number from 1 to 100, or Retries.none()');
    }
    return new Retries(attempts, options);
  }

  /** How many new tries after the first one; 0 for none. */
  public readonly maxAttempts: number;
  /** When to try again. */
  public readonly conditions: RetryOn[];
  /** HTTP status codes after which to try again, besides the conditions. */
  public readonly statusCodes: number[];
  /** Time that each single try may take. */
  public readonly perTryTimeout?: Duration;
  /** Time to wait before the first new try. */
  public readonly backoff?: Duration;

  private constructor(attempts: number, options: RetryOptions) {
    for (const status of options.statusCodes ?? []) {
      wholeNumber('HTTP status code', status, 100, 599);
    }
    if (attempts > 0 && options.conditions?.length === 0 && (options.statusCodes ?? []).length === 0) {
      fail('MESH-E030', 'retries without any condition', 'name conditions or status codes, or use Retries.none()');
    }
    positive('time for each try', options.perTryTimeout);
    positive('back-off', options.backoff);
    const safe = [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.GRPC_UNAVAILABLE];
    this.maxAttempts = attempts;
    this.conditions = attempts === 0 ? [] : [...new Set(options.conditions ?? safe)];
    this.statusCodes = [...new Set(options.statusCodes ?? [])].sort((a, b) => a - b);
    this.perTryTimeout = options.perTryTimeout;
    this.backoff = options.backoff;
  }

  /**
   * The same retries, some of it said differently.
   *
   * @internal
   */
  public _with(change: RetryOptions): Retries {
    const { conditions, statusCodes, perTryTimeout, backoff } = this;
    return new Retries(this.maxAttempts, { conditions, statusCodes, perTryTimeout, backoff, ...change });
  }
}
