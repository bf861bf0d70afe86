import { ApiObject } from 'cdk8s';
import { istio } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { EnvoyContext, EnvoyFilter, EnvoyOperation, EnvoyPatch, Host, PolicyTarget, Waypoint, WorkloadSelector } = istio;

const LUA = { name: 'envoy.filters.http.lua', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua' } };
const INSERT: istio.FilterPatchOptions = { operation: EnvoyOperation.INSERT_BEFORE, filterName: 'envoy.filters.http.router', config: LUA };

function render(patches: istio.EnvoyPatch[], props: Partial<istio.EnvoyFilterProps> = {}): Manifest {
  const chart = chartIn(undefined, undefined, { namespace: 'shop' });
  new EnvoyFilter(chart, 'filter', { priority: 10, reviewedFor: ['1.31'], patches, ...props });
  return manifestsOf(chart)[0];
}

describe('an EnvoyFilter', () => {
  test('has an order, and changes only proxies of reviewed versions', () => {
    expect(render([EnvoyPatch.httpFilter({ ...INSERT, context: EnvoyContext.SIDECAR_INBOUND })])).toEqual({
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'test-filter', namespace: 'shop' },
      spec: {
        priority: 10,
        configPatches: [{
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'SIDECAR_INBOUND',
            proxy: { proxyVersion: '^1\\.31([^0-9].*)?$' },
            listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager', subFilter: { name: 'envoy.filters.http.router' } } } },
          },
          patch: { operation: 'INSERT_BEFORE', value: LUA },
        }],
      },
    });
  });

  test.each([
    [['1.31'], ['1.31', '1.31.1', '1.31-alpha.0', '1.31.0-distroless'], ['1.3', '1.310', '1.311.0', '11.31.0', 'unknown', '']],
    [['1.30', '1.31'], ['1.30.2', '1.31.1'], ['1.3', '1.32.0', '1.301']],
  ])('guards versions %j by a pattern for just those', (reviewedFor, fitting, others) => {
    const pattern = new RegExp(render([EnvoyPatch.httpFilter(INSERT)], { reviewedFor }).spec.configPatches[0].match.proxy.proxyVersion);
    expect(fitting.filter((version) => !pattern.test(version))).toEqual([]);
    expect(others.filter((version) => pattern.test(version))).toEqual([]);
  });

  test('grows until synth, and can be read back', () => {
    const chart = chartIn();
    const filter = new EnvoyFilter(chart, 'filter', { priority: -5, reviewedFor: ['1.31'], targets: [PolicyTarget.gatewayNamed('edge')], references: [Host.fqdn('a.example.com'), Host.fqdn('a.example.com')] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E030', fix: 'add one with addPatch()' });
    filter.addPatch(EnvoyPatch.httpFilter(INSERT));
    [filter.patches, filter.targets, filter.reviewedFor].forEach((list) => list.pop());
    expect([filter.patches.length, filter.targets.length, filter.reviewedFor, filter.priority]).toEqual([1, 1, ['1.31'], -5]);
    expect(manifestsOf(chart)[0]).toMatchObject({
      metadata: { annotations: { 'envoyfilter.istio.io/referenced-services': 'a.example.com' } },
      spec: { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge' }] },
    });
    expect(ApiObject.of(filter).kind).toBe('EnvoyFilter');
  });

  test('sets every field that Istio knows', () => {
    const { ADD, MERGE, REMOVE } = EnvoyOperation;
    const chain = { listenerName: 'l', portNumber: 80, portName: 'web', listenerFilter: 'f', chainName: 'c', serverName: 's', transportProtocol: 'tls', applicationProtocols: ['h2', 'http/1.1'], destinationPort: 443 };
    const proxyMetadata = { zone: 'a' };
    const gateway = istio.Gateway.fromGatewayName(chartIn(), 'gateway', 'edge', 'shop');
    const made = render([
      EnvoyPatch.listener({ operation: REMOVE, ...chain, proxyMetadata }),
      EnvoyPatch.listenerFilter({ operation: ADD, config: { ...LUA, name: 'envoy.filters.listener.tls_inspector' } }),
      EnvoyPatch.filterChain({ operation: MERGE, config: { a: 1 }, ...chain }),
      EnvoyPatch.networkFilter({ operation: REMOVE, filterName: 'envoy.filters.network.tcp_proxy' }),
      EnvoyPatch.httpFilter({ ...INSERT, ...chain, filterClass: istio.EnvoyFilterClass.AUTHZ }),
      EnvoyPatch.routeConfiguration({ operation: MERGE, config: { a: 1 }, routeConfigName: 'http.80', portNumber: 80, portName: 'http', gateway }),
      EnvoyPatch.virtualHost({ operation: REMOVE, virtualHostName: 'a', domainName: Host.fqdn('a.example.com') }),
      EnvoyPatch.httpRoute({ operation: MERGE, config: { a: 1 }, routeName: 'r', routeAction: istio.EnvoyRouteAction.ROUTE }),
      EnvoyPatch.cluster({ operation: MERGE, context: EnvoyContext.ANY, config: { a: 1 }, clusterName: 'c', host: Host.fqdn('a.example.com'), subsetName: 'v1', portNumber: 80 }),
      EnvoyPatch.extensionConfig(LUA),
      EnvoyPatch.bootstrap({ a: 1 }),
    ], { workloads: WorkloadSelector.labels({ app: 'a' }) });
    const targeted = render([EnvoyPatch.httpFilter(INSERT)], { targets: [PolicyTarget.gatewayClass()] });
    const special = render([EnvoyPatch.httpFilter(INSERT)], {
      additionalSpec: {
        targetRefs: [{ namespace: '' }],
        configPatches: [{ match: { waypoint: { portNumber: 1, route: { name: 'r' }, filter: { name: 'f', subFilter: { name: 's' } } } } }],
      },
    });
    expect(unsetFields('networking.istio.io/v1alpha3', 'EnvoyFilter', [made, targeted, special])).toEqual([]);
    expect(unsetFields('networking.istio.io/v1alpha3', 'EnvoyFilter', [made, targeted])).toEqual([
      '', '.filter', '.filter.name', '.filter.subFilter', '.filter.subFilter.name', '.portNumber', '.route', '.route.name',
    ].map((field) => `configPatches.match.waypoint${field}`).concat('targetRefs.namespace'));
    expect(made.spec.configPatches.map(({ applyTo }: Manifest) => applyTo)).toEqual(['LISTENER', 'LISTENER_FILTER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER', 'ROUTE_CONFIGURATION',
      'VIRTUAL_HOST', 'HTTP_ROUTE', 'CLUSTER', 'EXTENSION_CONFIG', 'BOOTSTRAP']);
  });

  test.each<[string, Partial<istio.EnvoyFilterProps>, string, string]>([
    ['no order by whole numbers', { priority: 1.5 }, 'MESH-E028', 'use a whole number from -2147483648 to 2147483647'],
    ['an order that is none', { priority: 0 }, 'MESH-E031', 'give another priority, such as 10'],
    ['no review', { reviewedFor: [] }, 'MESH-E030', 'name the minor versions of Istio that you checked them with, such as "1.31"'],
    ['a review of no version', { reviewedFor: ['1.31.1'] }, 'MESH-E028', 'name a minor version, such as "1.31"'],
    ['pods and targets', { workloads: WorkloadSelector.labels({ a: 'b' }), targets: [PolicyTarget.gatewayNamed('a')] }, 'MESH-E031', 'give one of them'],
    ['a Service as target', { targets: [PolicyTarget.kubernetesService('a')] }, 'MESH-E031', 'attach it to the waypoint with PolicyTarget.waypoint()'],
    ['too many targets', { targets: Array.from({ length: 17 }, (_, index) => PolicyTarget.gatewayNamed(`g${index}`)) }, 'MESH-E028', 'name at most 16'],
  ])('refuses %s', (_, props, code, fix) => {
    expect(errorOf(() => render([EnvoyPatch.httpFilter(INSERT)], props))).toMatchObject({ code, fix, constructPath: 'test/filter' });
  });

  test('may stand at priority zero when it depends on nothing', () => {
    expect(render([EnvoyPatch.cluster({ operation: EnvoyOperation.ADD, config: { name: 'x' } })], { priority: 0 }).spec.priority).toBe(0);
  });

  test('is attached to a waypoint of its own namespace', () => {
    const { chart } = istioChart({}, { namespace: 'shop' });
    const waypoint = new Waypoint(chart, 'waypoint', { namespace: 'other' });
    new EnvoyFilter(chart, 'filter', { priority: 1, reviewedFor: ['1.31'], patches: [EnvoyPatch.httpFilter(INSERT)], targets: [PolicyTarget.waypoint(waypoint)] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E031', fix: 'put the object into namespace other' });
  });
});

describe('a patch', () => {
  const { ADD, INSERT_FIRST, MERGE, REMOVE, REPLACE } = EnvoyOperation;
  test.each<[string, () => unknown, string, string]>([
    ['ADD of routes', () => EnvoyPatch.httpRoute({ operation: ADD, config: {} }), 'MESH-E031', 'use MERGE, MERGE_AND_REPLACE_LIST, INSERT_BEFORE, INSERT_AFTER, INSERT_FIRST'],
    ['REMOVE of all routes', () => EnvoyPatch.routeConfiguration({ operation: REMOVE }), 'MESH-E031', 'use MERGE, MERGE_AND_REPLACE_LIST'],
    ['REPLACE of a cluster', () => EnvoyPatch.cluster({ operation: REPLACE, config: {} }), 'MESH-E031', 'use ADD, REMOVE, MERGE, MERGE_AND_REPLACE_LIST'],
    ['REPLACE of a listener filter', () => EnvoyPatch.listenerFilter({ operation: REPLACE, config: LUA }), 'MESH-E031', 'use ADD, REMOVE, MERGE, MERGE_AND_REPLACE_LIST, INSERT_BEFORE, INSERT_AFTER, INSERT_FIRST'],
    ['INSERT of a listener', () => EnvoyPatch.listener({ operation: INSERT_FIRST, config: {} }), 'MESH-E031', 'use ADD, REMOVE, MERGE, MERGE_AND_REPLACE_LIST'],
    ['nothing merged', () => EnvoyPatch.cluster({ operation: MERGE }), 'MESH-E030', 'give config in the words of Envoy\'s API'],
    ['something removed', () => EnvoyPatch.cluster({ operation: REMOVE, config: {} }), 'MESH-E031', 'leave config out'],
    ['a filter without name', () => EnvoyPatch.httpFilter({ ...INSERT, config: { typed_config: LUA.typed_config } }), 'MESH-E030', 'give config a name, such as "envoy.filters.http.lua"'],
    ['a filter of an old name', () => EnvoyPatch.httpFilter({ ...INSERT, config: { ...LUA, name: 'envoy.lua' } }), 'MESH-E028', 'use the name that begins with "envoy.filters."'],
    ['a filter without type', () => EnvoyPatch.extensionConfig({ name: 'envoy.filters.http.lua', typed_config: {} }), 'MESH-E030', 'give config typed_config with "@type"'],
    ['a filter of an old API', () => EnvoyPatch.httpFilter({ ...INSERT, config: { ...LUA, typed_config: { '@type': 'type.googleapis.com/envoy.config.filter.http.lua.v2.Lua' } } }), 'MESH-E028', 'use the type of version 3'],
    ['a port that is none', () => EnvoyPatch.httpFilter({ ...INSERT, portNumber: 0 }), 'MESH-E003', 'use a whole number from 1 to 65535'],
  ])('refuses %s, which Istio ignores or Envoy refuses', (_, make, code, fix) => {
    expect(errorOf(make)).toMatchObject({ code, fix });
  });

  test('of a filter whose configuration is delivered apart needs no type', () => {
    expect(() => EnvoyPatch.httpFilter({ ...INSERT, config: { name: 'my-filter', config_discovery: {} } })).not.toThrow();
  });

  test('may be for a service of the app by its host', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', mesh);
    expect(render([EnvoyPatch.cluster({ operation: MERGE, config: {}, host: Host.service(cart) })]).spec.configPatches[0].match.cluster).toEqual({ service: 'cart.shop.svc.cluster.local' });
  });
});
