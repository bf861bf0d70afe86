import { Duration } from 'cdk8s';
import { CountKey } from './count-key';
import { HttpMatch } from './http-match';
import { IMeshService } from './mesh-service';
import { positive } from './private/check-values';
import { RequestLimit } from './request-limit';
import { fail } from '../private/errors';

/** A limit for some requests. Every rule that fits a request counts it. */
export interface RateLimitRule {
  /** Name of the rule; unique within the rate limit. */
  readonly ruleName: string;

  /**
   * The requests; all that is given must hold.
   *
   * @default - all requests
   */
  readonly match?: HttpMatch;

  /**
   * What of a request has a count of its own.
   *
   * @default - nothing: all requests are counted together
   */
  readonly countBy?: CountKey[];

  /** How many requests there may be. */
  readonly limit: RequestLimit;
}

/** How a service that counts requests is asked. */
export interface RateLimitServiceOptions {
  /**
   * Name by which the service knows the rules.
   *
   * @default - namespace and name of the limited service, with a dot between
   */
  readonly domain?: string;

  /**
   * Number of the Service port for gRPC.
   *
   * @default - the only port of the service that carries gRPC
   */
  readonly servicePort?: number;

  /**
   * Time after which a proxy decides by itself.
   *
   * @default - 20 ms
   */
  readonly timeout?: Duration;

  /**
   * Whether requests are refused when the service does not answer.
   *
   * @default false
   */
  readonly failClosed?: boolean;
}

/**
 * Who counts requests for a rate limit.
 */
export class RateLimitCounter {
  /** Every proxy by itself: with `r` pods the limit holds `r` times. */
  public static eachProxy(): RateLimitCounter {
    return new RateLimitCounter(undefined, {});
  }

  /**
   * One service that all proxies ask by Envoy's rate limit protocol (`envoy.service.ratelimit.v3`). The limited services may call it by this.
   *
   * @param service the service that counts
   */
  public static service(service: IMeshService, options: RateLimitServiceOptions = {}): RateLimitCounter {
    positive('timeout', options.timeout);
    if (options.domain === '') { fail('MESH-E030', 'a rate limit with an empty domain', 'name the domain as the rate limit service knows it'); }
    const fitting = service.servicePorts.filter((port) => port.protocol === 'grpc' && (options.servicePort ?? port.number) === port.number);
    if (fitting.length !== 1) {
      fail('MESH-E005', `${service.serviceName}, which is to count requests, has ${fitting.length === 0 ? 'no such port' : 'several ports'} for gRPC`,
        `name one with servicePort (it has ${service.servicePorts.map((port) => port.toString()).join(', ') || 'none'})`);
    }
    return new RateLimitCounter(service, options, fitting[0].number);
  }

  /** The service that counts; undefined when every proxy does. */
  public readonly countingService?: IMeshService;
  /** Number of its Service port that is asked. */
  public readonly servicePort?: number;
  /** How it is asked. */
  public readonly options: RateLimitServiceOptions;

  private constructor(service: IMeshService | undefined, options: RateLimitServiceOptions, servicePort?: number) {
    this.countingService = service;
    this.servicePort = servicePort;
    this.options = { ...options };
  }
}
