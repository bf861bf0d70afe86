import { CountKeyKind } from '../../core/count-key';
import type { RateLimitRule } from '../../core/rate-limit';
import type { RequestLimit } from '../../core/request-limit';
import type { Host } from '../host';
import type { GlobalRateLimitProps, LocalRateLimitProps, RateLimitOptions } from '../rate-limit-options';
import { istioDuration } from './duration';
import { EnvoyMatcher, headerMatchers, queryMatchers } from './envoy-matchers';
import { headerValues } from './header-values';

/** Configuration in the words of Envoy's API. */
export type EnvoyConfig = { readonly [field: string]: unknown };

const TYPE = 'type.googleapis.com/envoy.extensions.filters.http';
const RULE = 'rule';
const QUERY = 'query';

/** Requests that one limit counts together, as they are told to the limiter. */
export interface Descriptor {
  readonly key: string;
  /** Undefined: every value has a count of its own. */
  readonly value?: string;
}

/** The descriptor that requests get which fit a rule. */
export function descriptorOf({ ruleName, match, countBy = [] }: RateLimitRule): Descriptor[] {
  return [
    { key: RULE, value: ruleName },
    ...(queryMatchers(match ?? {}).length > 0 ? [{ key: QUERY, value: ruleName }] : []),
    ...countBy.map(({ name }) => ({ key: name })),
  ];
}

/** The filter that counts by itself. */
export function localFilter(name: string, props: LocalRateLimitProps): EnvoyConfig {
  const { rules = [], limit, perConnection, maxKeys = 1000 } = props;
  const dynamic = rules.some((rule) => (rule.countBy ?? []).length > 0);
  return {
    name: `envoy.filters.http.local_ratelimit.${name}`,
    typed_config: compact({
      '@type': `${TYPE}.local_ratelimit.v3.LocalRateLimit`,
      'stat_prefix': name,
      'token_bucket': limit && tokenBucket(limit),
      'always_consume_default_token_bucket': rules.length > 0 ? false : undefined,
      'filter_enabled': share('local_rate_limit_enabled', 100),
      'rate_limits': rules.length > 0 ? rules.map(actions) : undefined,
      'descriptors': rules.length > 0 ? rules.map((rule) => ({ entries: descriptorOf(rule), token_bucket: tokenBucket(rule.limit) })) : undefined,
      'max_dynamic_descriptors': dynamic ? maxKeys : undefined,
      'local_rate_limit_per_downstream_connection': perConnection ? true : undefined,
      'status': { code: props.statusCode ?? 429 },
      ...answers(props, 'local_rate_limit_enforced'),
    }),
  };
}

/** The filter that asks a service. */
export function globalFilter(name: string, props: GlobalRateLimitProps, port: number): EnvoyConfig {
  const { rules = [], domain, service, timeout, failClosed } = props;
  return {
    name: `envoy.filters.http.ratelimit.${name}`,
    typed_config: compact({
      '@type': `${TYPE}.ratelimit.v3.RateLimit`,
      'stat_prefix': name,
      domain,
      'failure_mode_deny': failClosed ?? false,
      'timeout': istioDuration(timeout),
      'rate_limits': rules.map(actions),
      'rate_limit_service': {
        grpc_service: { envoy_grpc: { cluster_name: clusterName(service, port), authority: service.hostName } },
        transport_api_version: 'V3',
      },
      'rate_limited_status': { code: props.statusCode ?? 429 },
      ...answers(props, 'ratelimit.http_filter_enforcing'),
    }),
  };
}

/** What the rate limit service must know, as `envoyproxy/ratelimit` reads it. */
export function serviceConfig(domain: string, rules: readonly RateLimitRule[], unitOf: (limit: RequestLimit) => string): EnvoyConfig {
  return {
    domain,
    descriptors: rules.map((rule) => {
      const rateLimit: EnvoyConfig = { rate_limit: { unit: unitOf(rule.limit), requests_per_unit: rule.limit.requests } };
      return descriptorOf(rule).reduceRight<EnvoyConfig>((below, { key, value }) => ({
        key, ...(value === undefined ? {} : { value }), ...('key' in below ? { descriptors: [below] } : below),
      }), rateLimit);
    }),
  };
}

/** How a request comes by its descriptor: it gets none when one of the actions does not fit. */
function actions({ ruleName, match = {}, countBy = [] }: RateLimitRule): EnvoyConfig {
  const headers = headerMatchers(match);
  const query = queryMatchers(match);
  const named = (more: { readonly [field: string]: EnvoyMatcher[] }, key: string) => ({ descriptor_key: key, descriptor_value: ruleName, ...more });
  return {
    actions: [
      headers.length > 0 ? { header_value_match: named({ headers }, RULE) } : { generic_key: named({}, RULE) },
      ...(query.length > 0 ? [{ query_parameter_value_match: named({ query_parameters: query }, QUERY) }] : []),
      ...countBy.map(({ kind, name }) => (kind === CountKeyKind.HEADER
        ? { request_headers: { header_name: name, descriptor_key: name } }
        : { remote_address: {} })),
    ],
  };
}

function answers({ responseHeaders, tellLimits, enforced }: RateLimitOptions, runtimeKey: string): EnvoyConfig {
  const headers = responseHeaders && Object.entries(headerValues(responseHeaders));
  return compact({
    filter_enforced: share(runtimeKey, enforced?.toPercent() ?? 100),
    response_headers_to_add: headers?.map(([key, value]) => ({ header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' })),
    enable_x_ratelimit_headers: tellLimits ? 'DRAFT_VERSION_03' : undefined,
    // Clients try again after UNAVAILABLE.
    rate_limited_as_resource_exhausted: true,
  });
}

function tokenBucket({ requests, period, burst }: RequestLimit): EnvoyConfig {
  return { max_tokens: burst, tokens_per_fill: requests, fill_interval: istioDuration(period) };
}

function share(runtimeKey: string, percent: number): EnvoyConfig {
  const whole = Number.isInteger(percent);
  return {
    runtime_key: runtimeKey,
    default_value: { numerator: whole ? percent : Math.round(percent * 10_000), denominator: whole ? 'HUNDRED' : 'MILLION' },
  };
}

/** Name of what Istio tells a proxy of a host's port. */
function clusterName(host: Host, port: number): string {
  return `outbound|${port}||${host.hostName}`;
}

function compact(fields: EnvoyConfig): EnvoyConfig {
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined));
}
