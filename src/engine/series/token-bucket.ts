/** How a bucket is filled, in the words of Envoy's local rate limit. */
export interface BucketOptions {
  readonly maxTokens: number;
  /** @default - maxTokens */
  readonly tokensPerFill?: number;
  /** Milliseconds. */
  readonly fillInterval: number;
}

/** A full bucket that each request takes a token from; it fills evenly over time, as Envoy's does. */
export class TokenBucket {
  private tokens: number;
  private filledAt = 0;

  constructor(private readonly options: BucketOptions) {
    this.tokens = options.maxTokens;
  }

  /** Takes a token at a time (milliseconds, never earlier than the time before), if there is one. */
  take(at: number): boolean {
    const { fillInterval, maxTokens, tokensPerFill = maxTokens } = this.options;
    this.tokens = Math.min(maxTokens, this.tokens + (at - this.filledAt) * tokensPerFill / fillInterval);
    this.filledAt = at;
    // Sums of fractions may fall short of a whole token by a hair.
    if (this.tokens < 1 - 1e-9) return false;
    this.tokens = Math.max(0, this.tokens - 1);
    return true;
  }
}
