import { Duration } from 'cdk8s';
import { Percent } from './percent';
import { fail } from '../private/errors';
import { positive, wholeNumber } from './private/check-values';

/** When an endpoint is left alone for a while. */
export interface OutlierDetection {
  /**
   * How many answers 500 to 599 in a row are too many.
   *
   * @default - the default of the mesh (Envoy: 5; Linkerd: 7)
   */
  readonly consecutiveServerErrors?: number;

  /**
   * How often endpoints are looked at.
   *
   * @default - the default of the mesh (Envoy: 10 s)
   */
  readonly interval?: Duration;

  /**
   * How long an endpoint is left alone the first time; longer each time after.
   *
   * @default - the default of the mesh (Envoy: 30 s; Linkerd: 1 s)
   */
  readonly baseEjectionTime?: Duration;

  /**
   * The largest share of endpoints that may be left alone at a time.
   *
   * @default - the default of the mesh (Envoy: 10 %)
   */
  readonly maxEjection?: Percent;

  /**
   * Share of healthy endpoints under which every endpoint is used again.
   *
   * @default - the default of the mesh (Istio: never)
   */
  readonly minHealth?: Percent;
}

/** How much may be under way towards a service from one client proxy at a time. */
export interface ConnectionPool {
  /**
   * Connections at most.
   *
   * @default - no limit
   */
  readonly maxConnections?: number;

  /**
   * Requests waiting for a connection at most.
   *
   * @default - no limit
   */
  readonly maxPendingRequests?: number;

  /**
   * Requests at work at most.
   *
   * @default - no limit
   */
  readonly maxRequests?: number;

  /**
   * Requests on one connection at most; 1 turns keep-alive off.
   *
   * @default - no limit
   */
  readonly maxRequestsPerConnection?: number;

  /**
   * Retries at work at most.
   *
   * @default - no limit
   */
  readonly maxRetries?: number;

  /**
   * Time to wait for a connection.
   *
   * @default - the default of the mesh (Envoy: 10 s)
   */
  readonly connectTimeout?: Duration;

  /**
   * Time after which an unused connection is closed.
   *
   * @default - the default of the mesh (Envoy: 1 h)
   */
  readonly idleTimeout?: Duration;
}

/** What a circuit breaker is made of. */
export interface CircuitBreakerOptions {
  /**
   * When an endpoint is left alone for a while.
   *
   * @default - endpoints are never left alone
   */
  readonly outliers?: OutlierDetection;

  /**
   * How much may be under way at a time.
   *
   * @default - no limit
   */
  readonly pool?: ConnectionPool;
}

/**
 * Protects a service, and its callers, from overload: bad endpoints are left alone, and too much at once is refused.
 */
export class CircuitBreaker {
  /**
   * Endpoints that fail several times in a row are left alone for a while.
   *
   * @param failures how many answers 500 to 599 in a row are too many
   */
  public static consecutiveErrors(failures: number): CircuitBreaker {
    return new CircuitBreaker({ outliers: { consecutiveServerErrors: failures } });
  }

  /**
   * A circuit breaker part by part.
   */
  public static of(options: CircuitBreakerOptions): CircuitBreaker {
    return new CircuitBreaker(options);
  }

  /** When an endpoint is left alone for a while. */
  public readonly outliers?: OutlierDetection;
  /** How much may be under way at a time. */
  public readonly pool?: ConnectionPool;

  private constructor(options: CircuitBreakerOptions) {
    if (!options.outliers && !options.pool) {
      fail('MESH-E028', 'a circuit breaker without any limit', 'give outliers, pool or both');
    }
    counts(options.outliers, ['consecutiveServerErrors']);
    counts(options.pool, ['maxConnections', 'maxPendingRequests', 'maxRequests', 'maxRequestsPerConnection', 'maxRetries']);
    positive('interval', options.outliers?.interval);
    positive('ejection time', options.outliers?.baseEjectionTime);
    positive('connect timeout', options.pool?.connectTimeout);
    positive('idle timeout', options.pool?.idleTimeout);
    this.outliers = options.outliers;
    this.pool = options.pool;
  }
}

function counts<T extends object>(options: T | undefined, fields: (keyof T & string)[]): void {
  for (const field of fields) {
    wholeNumber(field, options?.[field] as number | undefined, 1);
  }
}
