/** Limits of what a proxy has under way to one destination, each without end by default but for retries. */
export interface CircuitLimits {
  /** Connections; each carries one request at a time (HTTP/1.1). */
  readonly maxConnections?: number;
  /** Requests that wait for a connection. */
  readonly maxPendingRequests?: number;
  /** Requests under way. */
  readonly maxRequests?: number;
  /** Retries under way. */
  readonly maxRetries?: number;
}

/** What a circuit breaker does with a request. */
export type Admission = 'refuse' | 'send' | 'wait';

/** Counts what is under way to a destination and refuses what is too much. */
export class CircuitBreaker {
  private active = 0;
  private waiting = 0;
  private retries = 0;

  constructor(private readonly limits: CircuitLimits) {}

  /** Whether a request may go now; one that may, or that waits, counts until `release`. */
  admit(): Admission {
    const { maxConnections = Infinity, maxPendingRequests = Infinity, maxRequests = Infinity } = this.limits;
    if (this.active >= maxRequests) return 'refuse';
    if (this.active < maxConnections) {
      this.active++;
      return 'send';
    }
    if (this.waiting >= maxPendingRequests) return 'refuse';
    this.waiting++;
    return 'wait';
  }

  /** Ends a request; tells whether one that waits takes its place. */
  release(): boolean {
    if (this.waiting === 0) {
      this.active--;
      return false;
    }
    this.waiting--;
    return true;
  }

  /** Whether one more retry may be under way; it counts until `endRetry`. */
  beginRetry(): boolean {
    if (this.retries >= (this.limits.maxRetries ?? Infinity)) return false;
    this.retries++;
    return true;
  }

  endRetry(): void {
    this.retries--;
  }
}
