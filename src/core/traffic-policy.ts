import { Duration } from 'cdk8s';
import { CircuitBreaker } from './circuit-breaker';
import { LoadBalancing } from './load-balancing';
import { Locality } from './locality';
import { Retries } from './retry';
import { RetryBudget } from './retry-budget';

/** How calls behave, at whatever level it is said: whole mesh, service, route or edge. */
export interface CallPolicy {
  /**
   * Time that a whole call may take, retries included.
   *
   * @default - what the next wider level says; no limit when none does
   */
  readonly timeout?: Duration;

  /**
   * Whether and how failed calls are tried again.
   *
   * @default - what the next wider level says; the default of the mesh when none does
   */
  readonly retries?: Retries;
}

/** How one of the endpoints of a service is picked, and when it is left alone. */
export interface EndpointPolicy {
  /**
   * How calls are spread over endpoints.
   *
   * @default - what the next wider level says; the default of the mesh when none does
   */
  readonly loadBalancing?: LoadBalancing;

  /**
   * When endpoints are left alone and too much at once is refused.
   *
   * @default - what the next wider level says; none when none does
   */
  readonly circuitBreaker?: CircuitBreaker;

  /**
   * Which places calls go to, when a service runs in several.
   *
   * @default - what the next wider level says; the default of the mesh when none does
   */
  readonly locality?: Locality;

  /**
   * How long a new endpoint gets less than its share, growing towards it.
   *
   * @default - what the next wider level says; not at all when none does
   */
  readonly warmUp?: Duration;
}

/** How a service is called, whoever calls it. */
export interface TrafficPolicy extends CallPolicy, EndpointPolicy {
  /**
   * How many retries there may be in all, compared with the calls at work.
   *
   * @default - what the next wider level says; no limit when none does
   */
  readonly retryBudget?: RetryBudget;
}
