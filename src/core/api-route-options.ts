import { Duration } from 'cdk8s';
import { Retries } from './retry';

/** What routes that are made from the description of an API have beside what it says. */
export interface ApiRouteOptions {
  /**
   * Time for requests of operations that say nothing of it.
   *
   * @default - as the service says
   */
  readonly timeout?: Duration;

  /**
   * How requests of operations with `x-linkerd-retryable` are tried again.
   *
   * @default - once more, after an answer of 500 to 599
   */
  readonly retries?: Retries;

  /**
   * Number of the Service port that the API is offered at.
   *
   * @default - every port that carries requests
   */
  readonly servicePort?: number;
}
