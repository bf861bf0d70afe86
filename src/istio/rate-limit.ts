import { ApiObject, ApiObjectMetadata, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { EnvoyFilter } from './envoy-filter';
import { EnvoyPatch } from './envoy-patch';
import { EnvoyOperation } from './envoy-patch-options';
import { EnvoyConfig, globalFilter, localFilter, serviceConfig } from './private/rate-limit-filter';
import { GlobalRateLimitProps, LocalRateLimitProps, RateLimitOptions } from './rate-limit-options';
import { portNumber, positive, wholeNumber } from '../core/private/check-values';
import { Protocol } from '../core/protocol';
import { RateLimitRule } from '../core/rate-limit';
import { RequestLimit } from '../core/request-limit';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** Versions of Istio on whose proxies the filters were checked. */
const REVIEWED = ['1.31'];

type SharedProps = RateLimitOptions & Partial<Pick<GlobalRateLimitProps, 'service'>>;

/** Statuses that Envoy can answer with. */
const STATUSES = [400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 426, 428, 429, 431,
  500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511];

/** Periods that a rate limit service can count by. */
const UNITS: { readonly [milliseconds: number]: string } = { 1000: 'second', 60_000: 'minute', 3_600_000: 'hour', 86_400_000: 'day' };

/**
 * Limits how many requests come through in some time. What is above is answered with 429.
 *
 * Emits an EnvoyFilter, for Istio itself offers nothing of the kind: it holds for proxies of the reviewed versions only, and all others let
 * everything through. A local limit is counted by every proxy by itself; a global one by a service that all proxies ask.
 *
 * @see https://istio.io/latest/docs/tasks/policy-enforcement/rate-limit/
 *
 * @example
 *
 * istio.RateLimit.local(this, 'limits', {
 *   at: istio.EnforcementPoint.service(orders),
 *   limit: RequestLimit.perSecond(100),
 *   rules: [{
 *     ruleName: 'checkout',
 *     match: { path: PathMatch.prefix('/checkout'), method: MethodMatch.POST },
 *     countBy: [CountKey.header('x-customer')],
 *     limit: RequestLimit.perMinute(10),
 *   }],
 * });
 */
export class RateLimit extends Construct {
  /**
   * A limit that every proxy counts by itself.
   */
  public static local(scope: Construct, id: string, props: LocalRateLimitProps): RateLimit {
    const path = `${scope.node.path}/${id}`;
    if (!props.limit && (props.rules ?? []).length === 0) {
      fail('MESH-E030', 'a rate limit without any limit', 'give limit, rules or both', path);
    }
    wholeNumber('number of keys', props.maxKeys, 1, 4_294_967_295, path);
    return new RateLimit(scope, id, props, (name) => localFilter(name, props));
  }

  /**
   * A limit that all proxies ask one service about.
   */
  public static global(scope: Construct, id: string, props: GlobalRateLimitProps): RateLimit {
    const path = `${scope.node.path}/${id}`;
    if ((props.rules ?? []).length === 0) {
      fail('MESH-E030', 'a rate limit without rules', 'give at least one; without match it holds for all requests', path);
    }
    if (props.domain === '') { fail('MESH-E030', 'a rate limit with an empty domain', 'name the domain as the rate limit service knows it', path); }
    positive('timeout', props.timeout, path);
    const config = serviceConfig(props.domain, props.rules ?? [], (limit) => unitOf(limit, path));
    return new RateLimit(scope, id, props, (name) => globalFilter(name, props, servicePort(props, path)), Yaml.stringify(config));
  }

  /** Minor versions of Istio that these limits were checked with. */
  public static reviewedVersions(): string[] {
    return [...REVIEWED];
  }

  /** The EnvoyFilter. */
  public readonly envoyFilter: EnvoyFilter;
  /** What the rate limit service must know, as `envoyproxy/ratelimit` reads it; undefined for a local limit. */
  public readonly serviceConfig?: string;
  private readonly _rules: RateLimitRule[];

  private constructor(scope: Construct, id: string, props: SharedProps, filter: (name: string) => EnvoyConfig, config?: string) {
    super(scope, id);
    const path = this.node.path;
    this._rules = [...props.rules ?? []];
    checkRules(this._rules, path);
    if (props.statusCode !== undefined && !STATUSES.includes(props.statusCode)) {
      fail('MESH-E028', `invalid status of refused requests, got ${props.statusCode}`, 'use an HTTP status from 400 to 511 that has a meaning, such as 429', path);
    }
    const { at } = props;
    this.serviceConfig = config;
    this.envoyFilter = new EnvoyFilter(this, 'Resource', {
      metadata: { namespace: at.namespace, ...props.metadata },
      priority: props.priority ?? 100,
      reviewedFor: props.reviewedFor ?? REVIEWED,
      workloads: at._place.workloads,
      targets: at._place.targets && [...at._place.targets],
      references: props.service ? [props.service] : undefined,
    });
    const made = filter(this.envoyFilter.resourceName);
    at._place.places.forEach((place) => this.envoyFilter.addPatch(EnvoyPatch.httpFilter({
      ...place,
      operation: EnvoyOperation.INSERT_BEFORE,
      context: at._place.context,
      filterName: 'envoy.filters.http.router',
      config: made,
    })));
  }

  /** The limits for some requests. */
  public get rules(): RateLimitRule[] {
    return [...this._rules];
  }

  /**
   * Writes a ConfigMap with what the rate limit service must know. Only for a global limit.
   *
   * @param metadata name and namespace of the ConfigMap
   */
  public emitServiceConfig(metadata: ApiObjectMetadata): void {
    if (this.serviceConfig === undefined) {
      fail('MESH-E031', 'configuration of a rate limit service for a limit that every proxy counts by itself', 'use RateLimit.global()', this.node.path);
    }
    new ApiObject(this, 'ServiceConfig', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'config.yaml': this.serviceConfig } });
  }
}

function checkRules(rules: readonly RateLimitRule[], path: string): void {
  const names = rules.map(({ ruleName }) => dnsLabel('rule name', ruleName, path));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) { fail('MESH-E031', `two rules named "${twice}"`, 'give every rule a name of its own', path); }
  for (const { ruleName, match, countBy = [] } of rules) {
    if (match?.servicePort !== undefined) {
      fail('MESH-E031', `rule "${ruleName}" for a port, which Envoy's limits do not know`, 'name the port in EnforcementPoint.service()', path);
    }
    if (new Set(countBy.map(({ name }) => name)).size < countBy.length) {
      fail('MESH-E031', `rule "${ruleName}" counts twice by one thing`, 'name every key once', path);
    }
  }
}

function unitOf({ requests, period, burst }: RequestLimit, path: string): string {
  const unit = UNITS[period.toMilliseconds()];
  if (unit === undefined) {
    fail('MESH-E028', `a period of ${period.toMilliseconds()} ms, by which no rate limit service counts`, 'use a second, a minute, an hour or a day', path);
  }
  if (burst !== requests) {
    fail('MESH-E031', 'a burst, which no rate limit service knows', 'leave it out, or use RateLimit.local()', path);
  }
  return unit;
}

function servicePort({ service, servicePort: wanted }: GlobalRateLimitProps, path: string): number {
  dnsSubdomain('host of the rate limit service', service.hostName, path);
  const ports = service.meshService?.servicePorts;
  if (!ports) { return portNumber('port', wanted ?? 8081); }
  const fitting = ports.filter((port) => port.protocol === Protocol.GRPC && (wanted === undefined || port.number === wanted));
  if (fitting.length !== 1) {
    fail('MESH-E005', `the rate limit service ${service.hostName} has ${fitting.length === 0 ? 'no such port' : 'several ports'} for gRPC`,
      'declare the port with Port.grpc(), and name it with servicePort', path);
  }
  return fitting[0].number;
}
