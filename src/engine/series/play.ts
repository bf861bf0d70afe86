import { CircuitBreaker, CircuitLimits } from './circuit-breaker';
import { OutlierEjection, OutlierOptions } from './outlier-ejection';
import { isRetriable, RetryOptions } from './retries';
import { BucketOptions, TokenBucket } from './token-bucket';
import { BalancedRequest, Balancer, Host } from '../balance/host';
import { Seeded } from '../balance/seeded';

/** A request of a series. */
export interface SeriesRequest extends BalancedRequest {
  /** Milliseconds since the start. */
  readonly at: number;
}

/** How an endpoint answers. */
export interface Answer {
  readonly status: number;
  /** Milliseconds. */
  readonly takes: number;
}

/** What stands between client and endpoints. */
export interface SeriesOptions {
  readonly hosts: readonly Host[];
  /** Chooses among the endpoints that are in use; made anew when these change. */
  readonly balancer: (hosts: readonly Host[], seed: number) => Balancer;
  /** How an endpoint answers a try, from 0. */
  readonly answer: (host: Host, request: SeriesRequest, attempt: number) => Answer;
  /** @default 0 */
  readonly seed?: number;
  readonly rateLimit?: BucketOptions;
  readonly circuit?: CircuitLimits;
  readonly outliers?: OutlierOptions;
  readonly retries?: RetryOptions;
}

/** What became of a request. */
export interface Outcome {
  readonly status: number;
  /** Addresses of the endpoints that were tried, in order. */
  readonly tried: readonly string[];
  /** Milliseconds since the start. */
  readonly endedAt: number;
  /** What the proxy itself decided: `rate-limited`, `overflow`, `no-host`, or `timeout`. */
  readonly by?: 'no-host' | 'overflow' | 'rate-limited' | 'timeout';
}

interface Flight {
  readonly request: SeriesRequest;
  readonly index: number;
  readonly tried: string[];
  attempt: number;
}

interface Event {
  readonly at: number;
  readonly order: number;
  run(at: number): void;
}

/** Plays a series of requests through rate limit, circuit breaker, balancer, outlier ejection and retries; only the seed decides what chance would. */
export function playSeries(requests: readonly SeriesRequest[], options: SeriesOptions): Outcome[] {
  return new Series(options).play(requests);
}

class Series {
  private readonly outcomes: Outcome[] = [];
  private readonly events: Event[] = [];
  private readonly waiting: Flight[] = [];
  private readonly circuit: CircuitBreaker;
  private readonly bucket?: TokenBucket;
  private readonly outliers?: OutlierEjection<Host>;
  private readonly random: Seeded;
  private inUse: readonly Host[] = [];
  private balancer?: Balancer;
  private order = 0;

  constructor(private readonly options: SeriesOptions) {
    this.circuit = new CircuitBreaker(options.circuit ?? {});
    this.bucket = options.rateLimit && new TokenBucket(options.rateLimit);
    this.outliers = options.outliers && new OutlierEjection(options.hosts, options.outliers);
    this.random = new Seeded((options.seed ?? 0) + 1);
  }

  play(requests: readonly SeriesRequest[]): Outcome[] {
    requests.forEach((request, index) => this.plan(request.at, (at) => this.arrive({ request, index, tried: [], attempt: 0 }, at)));
    for (let event = this.events.shift(); event; event = this.events.shift()) event.run(event.at);
    return this.outcomes;
  }

  private plan(at: number, run: (at: number) => void): void {
    const event = { at, order: this.order++, run };
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.events[middle].at <= at) low = middle + 1;
      else high = middle;
    }
    this.events.splice(low, 0, event);
  }

  private arrive(flight: Flight, at: number): void {
    if (this.bucket && !this.bucket.take(at)) return this.end(flight, 429, at, 'rate-limited');
    this.enter(flight, at);
  }

  private enter(flight: Flight, at: number): void {
    switch (this.circuit.admit()) {
      case 'refuse': return this.end(flight, 503, at, 'overflow');
      case 'wait': return void this.waiting.push(flight);
      case 'send': return this.send(flight, at);
    }
  }

  private send(flight: Flight, at: number): void {
    const host = this.balancerAt(at)?.next(flight.request);
    if (!host) {
      this.leave(at);
      return this.end(flight, 503, at, 'no-host');
    }
    flight.tried.push(host.address);
    const { status, takes } = this.options.answer(host, flight.request, flight.attempt);
    const limit = this.options.retries?.perTryTimeout;
    const late = limit !== undefined && takes > limit;
    this.plan(at + (late ? limit : takes), (then) => this.answered(flight, host, late ? 504 : status, late, then));
  }

  private answered(flight: Flight, host: Host, status: number, late: boolean, at: number): void {
    this.balancer?.done?.(host);
    this.outliers?.record(host, status, at);
    this.leave(at);
    const { retries } = this.options;
    if (flight.attempt > 0) this.circuit.endRetry();
    if (!retries || flight.attempt >= retries.attempts || !isRetriable(status, retries.retryOn) || !this.circuit.beginRetry()) {
      return this.end(flight, status, at, late ? 'timeout' : undefined);
    }
    flight.attempt++;
    // Envoy waits by chance up to a bound that doubles with each try, and never beyond ten times the first.
    const base = retries.backoff ?? 25;
    const bound = Math.min(base * (2 ** flight.attempt - 1), base * 10);
    this.plan(at + Math.floor(this.random.next() * bound), (then) => this.enter(flight, then));
  }

  private leave(at: number): void {
    if (!this.circuit.release()) return;
    const next = this.waiting.shift();
    if (next) this.send(next, at);
  }

  private end(flight: Flight, status: number, at: number, by?: Outcome['by']): void {
    if (by !== undefined && by !== 'timeout' && flight.attempt > 0) this.circuit.endRetry();
    this.outcomes[flight.index] = { status, tried: flight.tried, endedAt: at, ...(by === undefined ? {} : { by }) };
  }

  private balancerAt(at: number): Balancer | undefined {
    const healthy = this.options.hosts.filter((host) => host.healthy !== false && !this.outliers?.isEjected(host, at));
    if (!this.balancer || healthy.length !== this.inUse.length || healthy.some((host, index) => host !== this.inUse[index])) {
      this.inUse = healthy;
      this.balancer = this.options.balancer(healthy, this.options.seed ?? 0);
    }
    return this.balancer;
  }
}
