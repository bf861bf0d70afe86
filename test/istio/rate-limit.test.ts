import { ApiObject, Duration, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { CountKey, gatewayapi, HeaderMatch, istio, MethodMatch, PathMatch, Percent, Port, QueryMatch, RateLimitRule, RequestLimit } from '../../src';
import { fullMatch } from '../../src/engine/match/regex';
import { headerMatchers } from '../../src/istio/private/envoy-matchers';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, Manifest, manifestsOf } from '../support/manifests';

const { EnforcementPoint, Host, RateLimit, Waypoint, WorkloadSelector } = istio;

/** A service with ports of all sorts, in a mesh with sidecars. */
function shop(mesh: istio.IstioMeshProps = {}) {
  const { chart, mesh: made } = istioChart(mesh, { namespace: 'shop' });
  return { chart, orders: serviceIn(chart, 'orders', made, { ports: [Port.http(80, { targetPort: 8080 }), Port.grpc(7070), Port.tcp(9000)] }) };
}

function local(props: Omit<istio.LocalRateLimitProps, 'at'> = { limit: RequestLimit.perSecond(5) }): Manifest {
  const { chart, orders } = shop();
  RateLimit.local(chart, 'limits', { at: EnforcementPoint.service(orders, 80), ...props });
  return kindOf(chart, 'EnvoyFilter')[0];
}

function filterOf(manifest: Manifest): Manifest {
  return manifest.spec.configPatches[0].patch.value;
}

function global(props: Partial<istio.GlobalRateLimitProps> = {}) {
  const { chart, orders } = shop();
  const limits = RateLimit.global(chart, 'limits', {
    at: EnforcementPoint.service(orders, 80), domain: 'shop', service: Host.kubernetesService('ratelimit', 'infra'), rules: [{ ruleName: 'all', limit: RequestLimit.perMinute(5) }], ...props,
  });
  return { chart, limits, manifest: () => kindOf(chart, 'EnvoyFilter')[0] };
}

describe('a local rate limit', () => {
  test('puts a filter before the router, for the port of the workload and reviewed versions', () => {
    expect(local()).toEqual({
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'test-limits', namespace: 'shop' },
      spec: {
        priority: 100,
        workloadSelector: { labels: { 'app.kubernetes.io/name': 'orders' } },
        configPatches: [{
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'SIDECAR_INBOUND',
            proxy: { proxyVersion: '^1\\.31([^0-9].*)?$' },
            listener: {
              name: 'virtualInbound',
              portNumber: 8080,
              filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager', subFilter: { name: 'envoy.filters.http.router' } } },
            },
          },
          patch: {
            operation: 'INSERT_BEFORE',
            value: {
              name: 'envoy.filters.http.local_ratelimit.test-limits',
              typed_config: {
                '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
                'stat_prefix': 'test-limits',
                'token_bucket': { max_tokens: 5, tokens_per_fill: 5, fill_interval: '1s' },
                'filter_enabled': { runtime_key: 'local_rate_limit_enabled', default_value: { numerator: 100, denominator: 'HUNDRED' } },
                'filter_enforced': { runtime_key: 'local_rate_limit_enforced', default_value: { numerator: 100, denominator: 'HUNDRED' } },
                'status': { code: 429 },
                'rate_limited_as_resource_exhausted': true,
              },
            },
          },
        }],
      },
    });
  });

  test('counts rules by themselves, and by what they count', () => {
    const { typed_config: config } = filterOf(local({
      rules: [
        { ruleName: 'all', limit: RequestLimit.of(3, Duration.millis(500), 9) },
        {
          ruleName: 'writes',
          match: { path: PathMatch.prefix('/orders'), method: MethodMatch.POST, headers: [HeaderMatch.not(HeaderMatch.exact('x-a', 'b'))], queryParams: [QueryMatch.exact('q', '1')] },
          countBy: [CountKey.header('X-Customer'), CountKey.clientAddress()],
          limit: RequestLimit.perHour(10),
        },
      ],
      maxKeys: 50,
    }));
    expect(config.rate_limits).toEqual([
      { actions: [{ generic_key: { descriptor_key: 'rule', descriptor_value: 'all' } }] },
      {
        actions: [
          {
            header_value_match: {
              descriptor_key: 'rule',
              descriptor_value: 'writes',
              headers: [
                { name: ':path', string_match: { safe_regex: { regex: '/orders(/[^?]*)?(\\?.*)?' } } },
                { name: ':method', string_match: { exact: 'POST' } },
                { name: 'x-a', string_match: { exact: 'b' }, invert_match: true, treat_missing_header_as_empty: true },
              ],
            },
          },
          { query_parameter_value_match: { descriptor_key: 'query', descriptor_value: 'writes', query_parameters: [{ name: 'q', string_match: { exact: '1' } }] } },
          { request_headers: { header_name: 'x-customer', descriptor_key: 'x-customer' } },
          { remote_address: {} },
        ],
      },
    ]);
    expect(config.descriptors).toEqual([
      { entries: [{ key: 'rule', value: 'all' }], token_bucket: { max_tokens: 9, tokens_per_fill: 3, fill_interval: '0.500s' } },
      { entries: [{ key: 'rule', value: 'writes' }, { key: 'query', value: 'writes' }, { key: 'x-customer' }, { key: 'remote_address' }], token_bucket: { max_tokens: 10, tokens_per_fill: 10, fill_interval: '3600s' } },
    ]);
    expect([config.token_bucket, config.always_consume_default_token_bucket, config.max_dynamic_descriptors]).toEqual([undefined, false, 50]);
  });

  test('answers as it is told, and may be tried out', () => {
    const { typed_config: config } = filterOf(local({
      limit: RequestLimit.perSecond(1), statusCode: 503, responseHeaders: { 'retry-after': '1' }, tellLimits: true, enforced: Percent.of(0.5), perConnection: true,
    }));
    expect(config).toMatchObject({
      status: { code: 503 },
      response_headers_to_add: [{ header: { key: 'retry-after', value: '1' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }],
      enable_x_ratelimit_headers: 'DRAFT_VERSION_03',
      filter_enforced: { default_value: { numerator: 5000, denominator: 'MILLION' } },
      local_rate_limit_per_downstream_connection: true,
    });
  });

  test('can be read back, and is the default child', () => {
    const { chart, orders } = shop();
    const limits = RateLimit.local(chart, 'limits', { at: EnforcementPoint.service(orders), rules: [{ ruleName: 'a', limit: RequestLimit.perSecond(1) }] });
    limits.rules.pop();
    expect(limits.rules.map(({ ruleName, limit }) => [ruleName, limit.toString()])).toEqual([['a', '1 in 1 s']]);
    expect(limits.envoyFilter.patches).toHaveLength(2);
    expect(ApiObject.of(limits).kind).toBe('EnvoyFilter');
    expect([limits.serviceConfig, RateLimit.reviewedVersions()]).toEqual([undefined, ['1.31']]);
  });

  const rule = (more: Partial<RateLimitRule>): Omit<istio.LocalRateLimitProps, 'at'> => ({ rules: [{ ruleName: 'a', limit: RequestLimit.perSecond(1), ...more }] });
  test.each<[string, Omit<istio.LocalRateLimitProps, 'at'>, string, string]>([
    ['no limit', {}, 'MESH-E030', 'give limit, rules or both'],
    ['a status that Envoy does not know', { limit: RequestLimit.perSecond(1), statusCode: 499 }, 'MESH-E028', 'use an HTTP status from 400 to 511 that has a meaning, such as 429'],
    ['a name twice', { rules: [...rule({}).rules!, ...rule({}).rules!] }, 'MESH-E031', 'give every rule a name of its own'],
    ['a name that is none', rule({ ruleName: 'A b' }), 'MESH-E001', 'use at most 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit'],
    ['a port', rule({ match: { servicePort: 80 } }), 'MESH-E031', 'name the port in EnforcementPoint.service()'],
    ['one key twice', rule({ countBy: [CountKey.header('a'), CountKey.header('A')] }), 'MESH-E031', 'name every key once'],
    ['no keys', { ...rule({}), maxKeys: 0 }, 'MESH-E028', 'use a whole number from 1 to 4294967295'],
  ])('refuses %s', (_, props, code, fix) => {
    expect(errorOf(() => local(props))).toMatchObject({ code, fix, constructPath: 'test/limits' });
  });

  test.each<[string, () => unknown, string]>([
    ['no requests', () => RequestLimit.perSecond(0), 'MESH-E028'],
    ['a burst below the limit', () => RequestLimit.perMinute(5, 4), 'MESH-E028'],
    ['a period that Envoy finds too short', () => RequestLimit.of(1, Duration.millis(49)), 'MESH-E010'],
    ['a header that is none', () => CountKey.header('a b'), 'MESH-E009'],
  ])('knows no limit of %s', (_, make, code) => {
    expect(errorOf(make).code).toBe(code);
  });
});

describe('the proxies of a rate limit', () => {
  const patchesAt = (at: istio.EnforcementPoint, metadata?: { namespace: string }) => {
    const { chart } = shop();
    RateLimit.local(chart, 'limits', { at, limit: RequestLimit.perSecond(1), metadata });
    return kindOf(chart, 'EnvoyFilter')[0];
  };
  const matchOf = ({ match }: Manifest) => [match.context, match.listener.name, match.listener.portNumber, match.listener.filterChain.name];

  test('are sidecars, for each port that carries requests', () => {
    const { orders } = shop();
    expect(patchesAt(EnforcementPoint.service(orders)).spec.configPatches.map(matchOf)).toEqual(
      [['SIDECAR_INBOUND', 'virtualInbound', 8080, undefined], ['SIDECAR_INBOUND', 'virtualInbound', 7070, undefined]]);
    expect(errorOf(() => EnforcementPoint.service(orders, 9000))).toMatchObject({ code: 'MESH-E005', what: 'orders has no port 9000 that carries requests' });
    const any = patchesAt(EnforcementPoint.workloads(WorkloadSelector.labels({ app: 'a' })));
    expect([any.spec.workloadSelector, any.spec.configPatches.map(matchOf)]).toEqual([{ labels: { app: 'a' } }, [['SIDECAR_INBOUND', 'virtualInbound', undefined, undefined]]]);
  });

  test('are gateways', () => {
    const old = patchesAt(EnforcementPoint.gateway(WorkloadSelector.labels({ istio: 'ingressgateway' })), { namespace: 'istio-system' });
    expect([old.metadata.namespace, old.spec.configPatches.map(matchOf)]).toEqual(['istio-system', [['GATEWAY', undefined, undefined, undefined]]]);
    const edge = gatewayapi.Gateway.fromGatewayName(chartIn(), 'edge', 'edge', 'infra');
    for (const made of [patchesAt(EnforcementPoint.gatewayApi(edge)), patchesAt(EnforcementPoint.gatewayApiNamed('edge'), { namespace: 'infra' })]) {
      expect([made.metadata.namespace, made.spec.targetRefs]).toEqual(['infra', [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge' }]]);
    }
  });

  test('are waypoints, in whose namespace the filter stands, for all services or for one', () => {
    const { chart, orders } = shop({ dataPlane: istio.DataPlane.AMBIENT });
    const waypoint = new Waypoint(chart, 'waypoint', { namespace: 'infra' });
    RateLimit.local(chart, 'all', { at: EnforcementPoint.waypoint(waypoint), limit: RequestLimit.perSecond(1) });
    RateLimit.local(chart, 'one', { at: EnforcementPoint.waypoint(waypoint, orders), limit: RequestLimit.perSecond(1) });
    const [all, one] = kindOf(chart, 'EnvoyFilter');
    expect([all.metadata.namespace, all.spec.targetRefs]).toEqual(['infra', [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }]]);
    expect(all.spec.configPatches.map(matchOf)).toEqual([['SIDECAR_INBOUND', 'main_internal', undefined, undefined]]);
    expect(one.spec.configPatches.map(matchOf)).toEqual([80, 7070].map((port) => ['SIDECAR_INBOUND', 'main_internal', undefined, `inbound-vip|${port}|http|orders.shop.svc.cluster.local`]));
    expect(errorOf(() => EnforcementPoint.service(orders))).toMatchObject({ code: 'MESH-E031', fix: 'use EnforcementPoint.waypoint()' });
  });
});

describe('a global rate limit', () => {
  test('asks a service of the mesh, and fails open', () => {
    const { manifest } = global({ timeout: Duration.millis(50) });
    expect(manifest().metadata.annotations).toEqual({ 'envoyfilter.istio.io/referenced-services': 'ratelimit.infra.svc.cluster.local' });
    expect(filterOf(manifest())).toMatchObject({
      name: 'envoy.filters.http.ratelimit.test-limits',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit',
        'domain': 'shop',
        'failure_mode_deny': false,
        'timeout': '0.050s',
        'rate_limits': [{ actions: [{ generic_key: { descriptor_key: 'rule', descriptor_value: 'all' } }] }],
        'rate_limit_service': {
          grpc_service: { envoy_grpc: { cluster_name: 'outbound|8081||ratelimit.infra.svc.cluster.local', authority: 'ratelimit.infra.svc.cluster.local' } },
          transport_api_version: 'V3',
        },
        'rate_limited_status': { code: 429 },
        'rate_limited_as_resource_exhausted': true,
      },
    });
    expect(filterOf(global({ failClosed: true }).manifest()).typed_config.failure_mode_deny).toBe(true);
  });

  test('finds the gRPC port of a service of the app', () => {
    const { orders } = shop();
    expect(filterOf(global({ service: Host.service(orders) }).manifest()).typed_config.rate_limit_service.grpc_service.envoy_grpc.cluster_name).toBe('outbound|7070||orders.shop.svc.cluster.local');
    expect(errorOf(() => global({ service: Host.service(orders), servicePort: 80 }))).toMatchObject({ code: 'MESH-E005', fix: 'declare the port with Port.grpc(), and name it with servicePort' });
  });

  test('writes down for its service what the proxies ask it', () => {
    const { chart, limits } = global({
      rules: [
        { ruleName: 'all', limit: RequestLimit.perSecond(100) },
        { ruleName: 'customers', match: { queryParams: [QueryMatch.regex('q', 'a.*')] }, countBy: [CountKey.header('x-customer')], limit: RequestLimit.of(10, Duration.days(1)) },
      ],
    });
    limits.emitServiceConfig({ name: 'ratelimit-config', namespace: 'infra' });
    const [config] = kindOf(chart, 'ConfigMap');
    expect([config.metadata, Object.keys(config.data)]).toEqual([{ name: 'ratelimit-config', namespace: 'infra' }, ['config.yaml']]);
    expect(limits.serviceConfig).toBe(config.data['config.yaml']);
    expect(config.data['config.yaml']).toBe(Yaml.stringify({
      domain: 'shop',
      descriptors: [
        { key: 'rule', value: 'all', rate_limit: { unit: 'second', requests_per_unit: 100 } },
        { key: 'rule', value: 'customers', descriptors: [{ key: 'query', value: 'customers', descriptors: [{ key: 'x-customer', rate_limit: { unit: 'day', requests_per_unit: 10 } }] }] },
      ],
    }));
  });

  test.each<[string, Partial<istio.GlobalRateLimitProps>, string, string]>([
    ['no rules', { rules: [] }, 'MESH-E030', 'give at least one; without match it holds for all requests'.replace(';', ',')],
    ['no domain', { domain: '' }, 'MESH-E030', 'name the domain as the rate limit service knows it'],
    ['a period that the service does not know', { rules: [{ ruleName: 'a', limit: RequestLimit.of(1, Duration.seconds(2)) }] }, 'MESH-E028', 'use a second, a minute, an hour or a day'],
    ['a burst', { rules: [{ ruleName: 'a', limit: RequestLimit.perSecond(1, 5) }] }, 'MESH-E031', 'leave it out, or use RateLimit.local()'],
  ])('refuses %s', (_, props, code, fix) => {
    expect(errorOf(() => global(props))).toMatchObject({ code, fix, constructPath: 'test/limits' });
  });

  test('has no configuration of a service when there is none', () => {
    const { chart, orders } = shop();
    const limits = RateLimit.local(chart, 'limits', { at: EnforcementPoint.service(orders), limit: RequestLimit.perSecond(1) });
    expect(errorOf(() => limits.emitServiceConfig({ name: 'a' }))).toMatchObject({ code: 'MESH-E031', fix: 'use RateLimit.global()' });
    expect(manifestsOf(chart).some(({ kind }) => kind === 'ConfigMap')).toBe(false);
  });
});

describe('path matchers in Envoy\'s words', () => {
  const segment = fc.stringMatching(/^[a-z.*+()]{1,4}$/);
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
  const query = fc.constantFrom('', '?', '?a=1', '?a=/x/y');
  const fits = (match: PathMatch, text: string) => {
    const [matcher] = headerMatchers({ path: match }) as { string_match: { safe_regex: { regex: string } } }[];
    return matcher === undefined || fullMatch(matcher.string_match.safe_regex.regex)!(text);
  };

  test('agree with what exact paths and prefixes mean, whatever the query', () => {
    fc.assert(fc.property(path, path, query, (one, other, asked) => {
      const below = other === one || other.startsWith(`${one}/`);
      const prefix = PathMatch.prefix(one);
      return fits(PathMatch.exact(one), other + asked) === (one === other) && fits(prefix, other + asked) === below && fits(prefix, one + other + asked);
    }), { seed: 7, numRuns: Number(process.env.PROPERTY_RUNS ?? 1) * 300 });
  });

  test('keep templates and patterns away from the query', () => {
    const [one, many] = [PathMatch.template('/a/{*}/c'), PathMatch.template('/a/{**}')];
    expect([fits(one, '/a/b/c?x'), fits(one, '/a/b?/c'), fits(many, '/a/b/c'), fits(many, '/b')]).toEqual([true, false, true, false]);
    expect([fits(PathMatch.regex('/a|/b'), '/b?x=1'), fits(PathMatch.regex('/a|/b'), '/bb')]).toEqual([true, false]);
    expect(fits(PathMatch.prefix('/'), '/anything')).toBe(true);
  });
});
