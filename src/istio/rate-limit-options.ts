import { ApiObjectMetadata, Duration } from 'cdk8s';
import { EnforcementPoint } from './enforcement-point';
import { Host } from './host';
import { Percent } from '../core/percent';
import { RateLimitRule } from '../core/rate-limit';
import { RequestLimit } from '../core/request-limit';

/** What can be said of every rate limit. */
export interface RateLimitOptions {
  /** The proxies that count and refuse. */
  readonly at: EnforcementPoint;

  /**
   * Limits for some requests.
   *
   * @default - none
   */
  readonly rules?: RateLimitRule[];

  /**
   * HTTP status, from 400 to 599, that requests above the limit are answered with.
   *
   * @default 429
   */
  readonly statusCode?: number;

  /**
   * Headers that are added to such answers.
   *
   * @default - none
   */
  readonly responseHeaders?: { readonly [name: string]: string };

  /**
   * Whether answers tell the limit and what is left of it (`x-ratelimit-limit`, `x-ratelimit-remaining`, `x-ratelimit-reset`).
   *
   * @default false
   */
  readonly tellLimits?: boolean;

  /**
   * Share of the requests above the limit that are refused; the others are only counted. Zero tries a limit out.
   *
   * @default - all
   */
  readonly enforced?: Percent;

  /**
   * Place among all EnvoyFilters of a proxy.
   *
   * @default 100
   */
  readonly priority?: number;

  /**
   * Minor versions of Istio that the limit works with. Proxies of other versions do not limit anything.
   *
   * @default - those that this library was checked with: RateLimit.reviewedVersions()
   */
  readonly reviewedFor?: string[];

  /**
   * Name, namespace, labels and annotations of the EnvoyFilter.
   *
   * @default - a name made from the path of the construct, in the namespace of the proxies
   */
  readonly metadata?: ApiObjectMetadata;
}

/** A rate limit that every proxy counts by itself. */
export interface LocalRateLimitProps extends RateLimitOptions {
  /**
   * Limit for requests that no rule fits; with `r` proxies it holds `r` times.
   *
   * @default - no limit
   */
  readonly limit?: RequestLimit;

  /**
   * Whether every connection has a count of its own.
   *
   * @default false
   */
  readonly perConnection?: boolean;

  /**
   * How many values of each `countBy` a proxy remembers; the one that was not seen for the longest time is forgotten first.
   *
   * @default 1000
   */
  readonly maxKeys?: number;
}

/** A rate limit that all proxies ask one service about. */
export interface GlobalRateLimitProps extends RateLimitOptions {
  /** Name by which the rate limit service knows these rules. */
  readonly domain: string;

  /** Host of the rate limit service, which speaks Envoy's protocol (`envoy.service.ratelimit.v3`). */
  readonly service: Host;

  /**
   * Port of the rate limit service.
   *
   * @default - its only port that carries gRPC; 8081 when its ports are not known
   */
  readonly servicePort?: number;

  /**
   * Time after which a proxy decides by itself.
   *
   * @default - 20 ms
   */
  readonly timeout?: Duration;

  /**
   * Whether requests are refused when the rate limit service does not answer.
   *
   * @default false
   */
  readonly failClosed?: boolean;
}
