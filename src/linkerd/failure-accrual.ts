import { Duration } from 'cdk8s';
import { linkerdDuration, said } from './private/duration';
import { Percent } from '../core/percent';
import { positive, wholeNumber } from '../core/private/check-values';
import { fail } from '../private/errors';

/** When an endpoint is left alone because it failed several times in a row. */
export interface ConsecutiveFailuresOptions {
  /**
   * How many failures in a row.
   *
   * @default 7
   */
  readonly maxFailures?: number;

  /**
   * Shortest time for which the endpoint is left alone.
   *
   * @default Duration.seconds(1)
   */
  readonly minPenalty?: Duration;

  /**
   * Longest time for which the endpoint is left alone: each time it fails again, it is left alone longer.
   *
   * @default Duration.seconds(60)
   */
  readonly maxPenalty?: Duration;

  /**
   * By how much of it that time varies, from 0 to 100.
   *
   * @default 0.5
   */
  readonly jitterRatio?: number;
}

/** When an endpoint is left alone because too few of its answers are good. */
export interface SuccessRateOptions extends ConsecutiveFailuresOptions {
  /**
   * Share of good answers below which the endpoint is left alone.
   *
   * @default Percent.of(80)
   */
  readonly threshold?: Percent;

  /**
   * Time over which answers are counted, 10 milliseconds at least.
   *
   * @default Duration.seconds(10)
   */
  readonly window?: Duration;

  /**
   * Answers within that time below which nothing is decided, 1000000 at most.
   *
   * @default 5
   */
  readonly minRequests?: number;

  /**
   * Whether `Retry-After` of an answer is heeded.
   *
   * @default - as the proxy has it
   */
  readonly honorRetryAfter?: boolean;
}

/**
 * When an endpoint is left alone for a while: circuit breaking, in Linkerd's words.
 *
 * @see https://linkerd.io/2/reference/circuit-breaking/
 */
export class FailureAccrual {
  /** After failures in a row. */
  public static consecutive(options: ConsecutiveFailuresOptions = {}): FailureAccrual {
    return new FailureAccrual('consecutive', options);
  }

  /** When too few answers are good. It is an interface of edge releases that may still change: the mesh must be `experimental`. */
  public static successRate(options: SuccessRateOptions = {}): FailureAccrual {
    wholeNumber('number of requests', options.minRequests, 1, 1_000_000);
    const window = options.window?.toMilliseconds({ integral: false });
    if (window !== undefined && window < 10) { fail('MESH-E010', `invalid window, got ${window} ms`, 'use 10 milliseconds at least'); }
    return new FailureAccrual('unified', options);
  }

  private readonly said: { readonly [key: string]: string };

  private constructor(private readonly mode: 'consecutive' | 'unified', options: SuccessRateOptions) {
    const { maxFailures, minPenalty, maxPenalty, jitterRatio } = options;
    wholeNumber('number of failures', maxFailures, 1);
    positive('shortest penalty', minPenalty);
    positive('longest penalty', maxPenalty);
    const [least, most] = [(minPenalty ?? Duration.seconds(1)).toMilliseconds(), (maxPenalty ?? Duration.seconds(60)).toMilliseconds()];
    if (least > most) { fail('MESH-E028', `a shortest penalty of ${least} ms, and a longest one of ${most} ms`, 'make the longest one at least as long'); }
    if (jitterRatio !== undefined && !(jitterRatio >= 0 && jitterRatio <= 100)) {
      fail('MESH-E028', `invalid jitter, got ${jitterRatio}`, 'use a number from 0 to 100');
    }
    const consecutive = 'balancer.linkerd.io/failure-accrual-consecutive';
    const rate = 'balancer.alpha.linkerd.io/failure-accrual';
    this.said = said({
      'balancer.linkerd.io/failure-accrual': mode,
      [`${consecutive}-max-failures`]: maxFailures === undefined ? undefined : String(maxFailures),
      [`${consecutive}-min-penalty`]: linkerdDuration(minPenalty),
      [`${consecutive}-max-penalty`]: linkerdDuration(maxPenalty),
      [`${consecutive}-jitter-ratio`]: jitterRatio === undefined ? undefined : String(jitterRatio),
      [`${rate}-success-rate-threshold`]: options.threshold && String(options.threshold.toRatio()),
      [`${rate}-success-rate-window`]: linkerdDuration(options.window),
      [`${rate}-success-rate-min-requests`]: options.minRequests === undefined ? undefined : String(options.minRequests),
      [`${rate}-honor-retry-after`]: options.honorRetryAfter === undefined ? undefined : String(options.honorRetryAfter),
    });
  }

  /** Whether it is an interface that may still change. */
  public get experimental(): boolean {
    return this.mode === 'unified';
  }

  /** The annotations, for Services and EgressNetworks that are made elsewhere. */
  public get annotations(): { [key: string]: string } {
    return { ...this.said };
  }
}
