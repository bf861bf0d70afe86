import { Duration } from 'cdk8s';
import { CircuitBreaker } from './circuit-breaker';
import { LoadBalancing } from './load-balancing';
import { Retries } from './retry';

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

/** How a service is called, whoever calls it. */
export interface TrafficPolicy extends CallPolicy {
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
}
