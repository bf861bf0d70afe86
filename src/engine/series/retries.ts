/** When and how often a request is tried again. */
export interface RetryOptions {
  /** Tries after the first. */
  readonly attempts: number;
  /** Conditions, separated by commas, as `retryOn` of a route has them. */
  readonly retryOn: string;
  /** Milliseconds. */
  readonly perTryTimeout?: number;
  /**
   * Milliseconds.
   * @default 25
   */
  readonly backoff?: number;
}

const STATUSES: { readonly [condition: string]: (status: number) => boolean } = {
  '5xx': (status) => status >= 500,
  'gateway-error': (status) => status === 502 || status === 503 || status === 504,
  'retriable-4xx': (status) => status === 409,
};

/** Whether an answer is one to try again for. */
export function isRetriable(status: number, retryOn: string): boolean {
  return retryOn.split(',').map((it) => it.trim()).some((condition) =>
    (Object.hasOwn(STATUSES, condition) ? STATUSES[condition](status) : condition === String(status)));
}
