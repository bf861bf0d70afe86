import { Duration } from 'cdk8s';
import { FailureAccrual } from './failure-accrual';
import { linkerdDuration, said } from './private/duration';
import { retryAnnotations } from './private/retry-annotations';
import { positive } from '../core/private/check-values';
import { Retries } from '../core/retry';
import { fail } from '../private/errors';

/** How the proxies of clients call something. */
export interface CallSettingsOptions {
  /**
   * Time for the whole call.
   *
   * @default - no limit
   */
  readonly requestTimeout?: Duration;

  /**
   * Time from the end of the request to the beginning of the answer.
   *
   * @default - no limit
   */
  readonly responseTimeout?: Duration;

  /**
   * Time in which nothing comes either way.
   *
   * @default - no limit
   */
  readonly idleTimeout?: Duration;

  /**
   * How failed calls are tried again. Said of a route, it takes the place of all that is said of retries of the service.
   *
   * @default - they are not
   */
  readonly retries?: Retries;

  /**
   * When endpoints are left alone. Not for routes.
   *
   * @default - never
   */
  readonly failureAccrual?: FailureAccrual;
}

/**
 * How the proxies of clients call a Service, an EgressNetwork or the requests of a route, in Linkerd's annotations.
 *
 * @see https://linkerd.io/2/reference/timeouts/
 *
 * @example
 *
 * const settings = linkerd.CallSettings.of({ idleTimeout: Duration.seconds(30), failureAccrual: linkerd.FailureAccrual.consecutive({ maxFailures: 5 }) });
 * mesh.tuneCalls(cart, settings);
 */
export class CallSettings {
  /**
   * Settings.
   *
   * @param options what is said; anything else is as the proxies have it
   */
  public static of(options: CallSettingsOptions): CallSettings {
    return new CallSettings(options);
  }

  private readonly options: CallSettingsOptions;

  private constructor(options: CallSettingsOptions) {
    positive('timeout of a request', options.requestTimeout);
    positive('timeout of an answer', options.responseTimeout);
    positive('idle timeout', options.idleTimeout);
    const { retries } = options;
    if (retries && retries.maxAttempts > 0 && Object.keys(retryAnnotations(retries)).length === 0) {
      fail('MESH-E021', `retries on ${retries.conditions.join(', ')}, which Linkerd makes by itself or lacks`, 'name 5xx, gateway-error, status codes or gRPC status codes');
    }
    if (retries?.backoff) {
      fail('MESH-E021', 'a back-off between retries needs retry.backoff, which linkerd lacks (fixed 25–250 ms)', 'leave it out');
    }
    this.options = options;
  }

  /** The annotations, for objects that are made elsewhere. */
  public get annotations(): { [key: string]: string } {
    const { requestTimeout, responseTimeout, idleTimeout, retries, failureAccrual } = this.options;
    return {
      ...said({
        'timeout.linkerd.io/request': linkerdDuration(requestTimeout),
        'timeout.linkerd.io/response': linkerdDuration(responseTimeout),
        'timeout.linkerd.io/idle': linkerdDuration(idleTimeout),
      }),
      ...retryAnnotations(retries),
      ...failureAccrual?.annotations,
    };
  }

  /** Whether something in it may still change. */
  public get experimental(): boolean {
    return this.options.failureAccrual?.experimental ?? false;
  }
}
