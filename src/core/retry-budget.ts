import { Percent } from './percent';

/** How many retries there may be in all, so that retries never become a storm. */
export interface RetryBudget {
  /** Retries at most, as a share of the calls at work. */
  readonly share: Percent;

  /**
   * Retries that there may always be at a time.
   *
   * @default - the default of the mesh (Envoy: 3; Gateway API: 10 a second)
   */
  readonly minConcurrency?: number;
}
