import { Duration } from 'cdk8s';
import {
  Access, AccessMode, ClaimMatch, consul, CountKey, ExternalAuthorizer, gatewayapi, istio, MeshedService, Metrics, MethodMatch, PathMatch, Port, RateLimitCounter,
  RequestLimit,
} from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, hasManifest, kindOf, manifestOf, namesOf } from '../support/manifests';

function setUp(props: istio.IstioMeshProps = {}) {
  const { chart, mesh } = istioChart(props, { namespace: 'shop' });
  const service = (id: string, more: Partial<ConstructorParameters<typeof MeshedService>[2]> = {}) => serviceIn(chart, id, mesh, more);
  return { chart, mesh, service, guard: service('guard', { namespace: 'auth', ports: [Port.http(8000), Port.grpc(9000)] }) };
}

const AMBIENT = { dataPlane: istio.DataPlane.AMBIENT };
const FILTERS = { allowEscapeHatch: true };

describe('a service that decides about requests to another', () => {
  test('is asked first, is known to the mesh, and may be called for it', () => {
    const { chart, mesh, service, guard } = setUp();
    service('cart', { ports: [Port.http(80, { targetPort: 8080 }), Port.tcp(9000)] }).authorizeBy(ExternalAuthorizer.http(guard));
    const config = mesh.meshConfig();
    expect(config.extensionProviders).toEqual([{
      name: 'ext-authz-guard-auth',
      envoyExtAuthzHttp: { service: 'guard.auth.svc.cluster.local', port: 8000, timeout: '2s', includeRequestHeadersInCheck: ['authorization', 'cookie'] },
    }]);
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart-ext-authz').spec).toEqual({
      action: 'CUSTOM',
      provider: { name: 'ext-authz-guard-auth' },
      selector: { matchLabels: { 'app.kubernetes.io/name': 'cart' } },
      rules: [{ to: [{ operation: { ports: ['8080'] } }] }],
    });
    expect(manifestOf(chart, 'AuthorizationPolicy', 'guard').spec.rules).toEqual([{
      from: [{ source: { principals: ['cluster.local/ns/shop/sa/cart'] } }], to: [{ operation: { ports: ['8000'] } }],
    }]);
    expect(mesh.meshConfig()).toEqual(config);
  });

  test('may be asked by gRPC, about some requests, in its own way', () => {
    const { chart, mesh, service, guard } = setUp({ access: AccessMode.OPEN });
    const cart = service('cart');
    const authorizer = ExternalAuthorizer.grpc(guard, { timeout: Duration.millis(300), failOpen: true });
    cart.authorizeBy(authorizer, Access.http({ paths: [PathMatch.prefix('/admin')] }));
    cart.authorizeBy(authorizer, Access.http({ methods: [MethodMatch.DELETE] }));
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart-ext-authz').spec.rules).toEqual([
      { to: [{ operation: { ports: ['8080'], methods: ['DELETE'] } }] }, { to: [{ operation: { ports: ['8080'], paths: ['/admin', '/admin/*'] } }] },
    ]);
    expect(mesh.meshConfig().extensionProviders).toEqual([{
      name: 'ext-authz-guard-auth', envoyExtAuthzGrpc: { service: 'guard.auth.svc.cluster.local', port: 9000, timeout: '0.300s', failOpen: true },
    }]);
    expect(ExternalAuthorizer.http(guard, { requestHeaders: ['x-key'], headersToApplication: ['x-user'], pathPrefix: '/check' }).options).toMatchObject({ pathPrefix: '/check' });
  });

  test('is not asked about metrics that collectors read', () => {
    const { chart, service, guard } = setUp();
    service('cart', { metrics: Metrics.direct(8080, '/metrics') }).authorizeBy(ExternalAuthorizer.http(guard));
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart-ext-authz').spec.rules).toEqual([{ to: [{ operation: { ports: ['8080'], notPaths: ['/metrics'] } }] }]);
  });

  test('is asked by the waypoint in an ambient mesh, which may call it', () => {
    const { chart, service, guard } = setUp(AMBIENT);
    service('cart').authorizeBy(ExternalAuthorizer.http(guard));
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart-ext-authz').spec).toMatchObject({ targetRefs: [{ kind: 'Service', name: 'cart' }], rules: [{ to: [{ operation: { ports: ['8080'] } }] }] });
    const principals = manifestOf(chart, 'AuthorizationPolicy', 'guard').spec.rules.flatMap(({ from }: any) => from.flatMap(({ source }: any) => source.principals));
    expect(principals).toContain('cluster.local/ns/shop/sa/waypoint');
  });

  test.each<[string, (it: ReturnType<typeof setUp>) => unknown, object]>([
    ['beside another', ({ service, guard }) => { const cart = service('cart'); [ExternalAuthorizer.http(guard), ExternalAuthorizer.grpc(guard)].forEach((it) => cart.authorizeBy(it)); },
      { code: 'MESH-E031', what: 'two services that decide about requests (guard and guard)' }],
    ['for itself', ({ guard }) => guard.authorizeBy(ExternalAuthorizer.http(guard)), { code: 'MESH-E031', what: 'a service that is asked about requests to itself' }],
    ['by claim', ({ service, guard }) => service('cart').authorizeBy(ExternalAuthorizer.http(guard), Access.http({ claims: [ClaimMatch.oneOf('a', 'b')] })), { code: 'MESH-E018' }],
    ['for streams', ({ service, guard }) => service('redis', { ports: [Port.tcp(1)] }).authorizeBy(ExternalAuthorizer.http(guard)), { code: 'MESH-E018', what: 'a decision about requests to ports that carry none a mesh can see' }],
    ['by a port that it lacks', ({ guard }) => ExternalAuthorizer.grpc(guard, { servicePort: 8000 }), { code: 'MESH-E005', what: 'guard, which is to decide about requests, has no such port for gRPC' }],
    ['in no time', ({ guard }) => ExternalAuthorizer.grpc(guard, { timeout: Duration.millis(0) }), { code: 'MESH-E010' }],
  ])('cannot stand %s', (_, declare, expected) => expect(errorOf(() => declare(setUp()))).toMatchObject(expected));
});

describe('a limit of requests', () => {
  const ALL = { ruleName: 'all', limit: RequestLimit.perMinute(100) };

  test('is counted by every proxy of the service', () => {
    const { chart, service } = setUp(FILTERS);
    const cart = service('cart');
    cart.limitRequests(ALL);
    cart.limitRequests({ ruleName: 'pay', match: { path: PathMatch.prefix('/pay') }, countBy: [CountKey.header('x-user')], limit: RequestLimit.perSecond(1) });
    const { spec, metadata } = manifestOf(chart, 'EnvoyFilter', 'cart-limits');
    expect(metadata.namespace).toBe('shop');
    expect(spec.workloadSelector).toEqual({ labels: { 'app.kubernetes.io/name': 'cart' } });
    expect(JSON.stringify(spec)).toContain('local_ratelimit');
    expect(kindOf(chart, 'ConfigMap')).toEqual([]);
  });

  test('is counted by a service that may be asked, and that is told the rules', () => {
    const { chart, service } = setUp(FILTERS);
    const counter = RateLimitCounter.service(service('rls', { namespace: 'limits', ports: [Port.grpc(8081)] }), { failClosed: true });
    const cart = service('cart');
    cart.limitRequests(ALL, counter);
    cart.limitRequests({ ...ALL, ruleName: 'again' }, counter);
    const filter = JSON.stringify(manifestOf(chart, 'EnvoyFilter', 'cart-global-limits').spec);
    expect(filter).toContain('"domain":"shop.cart"');
    expect(filter).toContain('outbound|8081||rls.limits.svc.cluster.local');
    const config = manifestOf(chart, 'ConfigMap', 'rate-limits-shop-cart', 'limits').data['config.yaml'];
    expect(config).toContain('domain: shop.cart');
    expect(manifestOf(chart, 'AuthorizationPolicy', 'rls').spec.rules[0]).toMatchObject({ from: [{ source: { principals: ['cluster.local/ns/shop/sa/cart'] } }] });
  });

  test('is counted at the waypoint in an ambient mesh', () => {
    const { chart, service } = setUp({ ...AMBIENT, ...FILTERS });
    service('cart').limitRequests(ALL);
    expect(manifestOf(chart, 'EnvoyFilter', 'cart-limits').spec.targetRefs).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }]);
    expect(hasManifest(chart, 'Gateway', 'waypoint')).toBe(true);
  });

  test('reaches below the interface of Istio, which the mesh has to allow', () => {
    const { chart, service } = setUp();
    service('cart').limitRequests(ALL);
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E022', constructPath: 'test/cart', what: expect.stringContaining('ratelimit.local') });
  });

  test.each<[string, (it: ReturnType<typeof setUp>) => unknown, object]>([
    ['twice by one name', ({ service }) => { const cart = service('cart'); cart.limitRequests(ALL); cart.limitRequests(ALL); }, { code: 'MESH-E031', what: 'two limits named "all"' }],
    ['for streams', ({ service }) => service('redis', { ports: [Port.tcp(1)] }).limitRequests(ALL), { code: 'MESH-E018' }],
    ['counted by itself', ({ service }) => { const rls = service('rls', { ports: [Port.grpc(1)] }); rls.limitRequests(ALL, RateLimitCounter.service(rls)); }, { code: 'MESH-E031' }],
    ['counted by a service that speaks no gRPC', ({ service }) => RateLimitCounter.service(service('rls')), { code: 'MESH-E005', what: 'rls, which is to count requests, has no such port for gRPC' }],
    ['in an empty domain', ({ service }) => RateLimitCounter.service(service('rls', { ports: [Port.grpc(1)] }), { domain: '' }), { code: 'MESH-E030' }],
  ])('cannot stand %s', (_, declare, expected) => expect(errorOf(() => declare(setUp(FILTERS)))).toMatchObject(expected));
});

describe('meshes other than Istio', () => {
  const declare = (mesh: (chart: ReturnType<typeof chartIn>) => ConstructorParameters<typeof MeshedService>[2]['mesh'], guard: (cart: MeshedService, other: MeshedService) => void) => {
    const chart = chartIn(undefined, 'shop', { namespace: 'shop' });
    const made = mesh(chart);
    guard(serviceIn(chart, 'cart', made, { access: AccessMode.OPEN }), serviceIn(chart, 'guard', made, { access: AccessMode.OPEN }));
    return errorsOf(() => namesOf(chart)).filter(({ what }) => /decides|limit/.test(what));
  };

  test('say that they cannot, or that it is not written for them', () => {
    const decide = (cart: MeshedService, other: MeshedService) => cart.authorizeBy(ExternalAuthorizer.http(other));
    const limit = (cart: MeshedService) => cart.limitRequests({ ruleName: 'all', limit: RequestLimit.perSecond(1) });
    expect(declare((chart) => new consul.ConsulMesh(chart, 'mesh', { allowEscapeHatch: true }), decide)).toMatchObject([{ code: 'MESH-E021', what: 'a service that decides about requests (authz.custom), which is not written for consul' }]);
    expect(declare((chart) => new gatewayapi.GatewayApiMesh(chart, 'mesh'), limit)).toMatchObject([{ code: 'MESH-E021', what: expect.stringContaining('ratelimit.local') }]);
  });
});
