import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import { gatewayapi, HeaderMatch, PathRewrite, Percent, Port, Weight } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, Manifest, manifestsOf, namesOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { DefaultScope, GrpcCall, GrpcRoute, ReleaseChannel, RouteBackend, RouteMirror, RouteParent, SessionPersistence } = gatewayapi;

const CART = RouteBackend.serviceNamed('cart', 7070);
const PARENT = RouteParent.of({ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web' });

function render(props: Partial<gatewayapi.GrpcRouteProps>, experimental = false): Manifest {
  const chart = chartIn(undefined, 'test', { namespace: 'shop' });
  if (experimental) { ReleaseChannel.useExperimental(chart); }
  new GrpcRoute(chart, 'route', { parents: [PARENT], rules: [{ backends: [CART] }], ...props });
  return kindOf(chart, 'GRPCRoute')[0];
}

const rule = (one: gatewayapi.GrpcRouteRule) => render({ rules: [one] }).spec.rules[0];

describe('a GRPCRoute', () => {
  test('sends calls from a gateway to services', () => {
    expect(render({})).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: 'test-route', namespace: 'shop' },
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web' }],
        rules: [{ backendRefs: [{ group: '', kind: 'Service', name: 'cart', port: 7070 }] }],
      },
    });
  });

  test('sets every field that the API knows', () => {
    const filters: gatewayapi.CallFilters = {
      requestHeaders: { setHeaders: { a: '1' }, addHeaders: { b: '2' }, removeHeaders: ['c'] },
      responseHeaders: { setHeaders: { a: '1' }, addHeaders: { b: '2' }, removeHeaders: ['c'] },
      mirrors: [RouteMirror.to(RouteBackend.serviceNamed('copy', 80, 'other'), Percent.of(10)), RouteMirror.to(CART, Percent.of(0.1))],
      extensions: [{ group: 'example.com', kind: 'MyFilter', name: 'mine' }],
    };
    const full = render({
      parents: [RouteParent.of({ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web', namespace: 'edge' }, { listenerName: 'https', port: 443 })],
      hostnames: ['shop.example.com'],
      defaultGateways: DefaultScope.NONE,
      rules: [{
        ruleName: 'all',
        matches: [{ call: GrpcCall.pattern('shop\\.v[12]\\.Cart', 'Get.*'), headers: [HeaderMatch.regex('x-a', 'b+')] }, { call: GrpcCall.method('shop.v1.Cart', 'Add') }],
        backends: [RouteBackend.serviceNamed('cart', 7070, 'other', { weight: Weight.of(100), filters })],
        ...filters,
        sessionPersistence: SessionPersistence.cookie({ name: 'a', path: '/', permanent: false }),
      }],
    }, true);
    expect(full.spec.rules[0].matches).toEqual([
      { method: { type: 'RegularExpression', service: 'shop\\.v[12]\\.Cart', method: 'Get.*' }, headers: [{ name: 'x-a', type: 'RegularExpression', value: 'b+' }] },
      { method: { service: 'shop.v1.Cart', method: 'Add' } },
    ]);
    expect(full.spec.rules[0].filters.map(({ type }: { type: string }) => type))
      .toEqual(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'RequestMirror', 'ExtensionRef']);
    expect(full.spec.rules[0].backendRefs[0].filters).toEqual(full.spec.rules[0].filters);
    const header = render({ rules: [{ backends: [CART], sessionPersistence: SessionPersistence.header('x-session', Duration.hours(1)) }] }, true);
    expect(unsetFields('gateway.networking.k8s.io/v1', 'GRPCRoute', [full, header])).toEqual([]);
  });

  test('goes by service and method', () => {
    expect(rule({ backends: [CART], matches: [{ call: GrpcCall.service('shop.v1.Cart') }] }).matches).toEqual([{ method: { service: 'shop.v1.Cart' } }]);
    expect(rule({ backends: [CART], matches: [{ call: GrpcCall.anyService('Check') }] }).matches).toEqual([{ method: { method: 'Check' } }]);
    expect(rule({ backends: [CART], matches: [{ call: GrpcCall.service('a.B') }, {}] }).matches).toBeUndefined();
  });

  test('grows until synth, and can be read back', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const route = new GrpcRoute(chart, 'route', { hostnames: ['a.example.com'] });
    route.addParent(PARENT);
    route.addRule({ backends: [RouteBackend.serviceNamed('cart', 7070, 'other')], mirrors: [RouteMirror.to(RouteBackend.serviceNamed('copy', 7070, 'other'))] });
    route.rules.pop();
    route.hostnames.pop();
    expect([route.rules.length, route.hostnames]).toEqual([1, ['a.example.com']]);
    expect(namesOf(chart)).toEqual(['GRPCRoute shop/test-route', 'ReferenceGrant other/shop-test-route']);
    expect(kindOf(chart, 'ReferenceGrant')[0].spec.to.map(({ name }: { name: string }) => name)).toEqual(['cart', 'copy']);
  });

  test('keeps fields and patches that it does not know, and can be referred to by its name', () => {
    const chart = chartIn();
    const route = new GrpcRoute(chart, 'route', { parents: [PARENT], rules: [{ backends: [CART] }], additionalSpec: { brandNew: 1 } });
    ApiObject.of(route).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
    expect(GrpcRoute.fromGrpcRouteName(chart, 'imported', 'a').resourceName).toBe('a');
  });

  test('is for ports that carry gRPC', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', mesh, { ports: [Port.grpc(7070), Port.http(80)] });
    const web = serviceIn(chart, 'web', mesh, { ports: [Port.http(80)] });
    new GrpcRoute(chart, 'route', { parents: [RouteParent.service(cart)], rules: [{ backends: [RouteBackend.service(cart)] }] });
    expect(kindOf(chart, 'GRPCRoute')[0].spec.rules[0].backendRefs[0].port).toBe(7070);
    expect(errorOf(() => new GrpcRoute(chart, 'other', { parents: [RouteParent.service(web)] })))
      .toMatchObject({ code: 'MESH-E035', what: 'GRPCRoute for web, whose ports (http 80) carry no gRPC' });
  });

  test.each<[string, gatewayapi.GrpcRouteRule, string, string]>([
    ['without backends', {}, 'MESH-E020', 'a rule without backends, which answers 500'],
    ['with filters that only HTTPRoutes have', { backends: [RouteBackend.serviceNamed('a', 1, undefined, { filters: { pathRewrite: PathRewrite.full('/x') } })] }, 'MESH-E021',
      'pathRewrite for gRPC calls, which GRPCRoutes lack'],
    ['with 65 matches', { backends: [CART], matches: Array.from({ length: 65 }, (_, i) => ({ call: GrpcCall.service(`a.B${i}`) })) }, 'MESH-E038',
      '65 matches in one rule, and the API takes 64'],
    ['with one header twice', { backends: [CART], matches: [{ headers: [HeaderMatch.present('a'), HeaderMatch.present('a')] }] }, 'MESH-E034', 'header "a" is named twice'],
    ['that keeps sessions, in the standard channel', { backends: [CART], sessionPersistence: SessionPersistence.cookie() }, 'MESH-E022',
      'session persistence, which only the experimental channel of the Gateway API has'],
  ])('%s is refused', (_, one, code, what) => {
    expect(errorOf(() => rule(one))).toMatchObject({ code, what });
  });

  test('has at most 128 matches in all', () => {
    const matches = Array.from({ length: 64 }, (_, i) => ({ call: GrpcCall.service(`a.B${i}`) }));
    expect(errorOf(() => render({ rules: [{ backends: [CART], matches }, { backends: [CART], matches }, { backends: [CART] }] }))).toMatchObject({ code: 'MESH-E038' });
  });

  test.each([
    ['', 'Get'], ['/shop.Cart', 'Get'], ['shop..Cart', 'Get'], ['shop.Cart.', 'Get'], ['shop.Cart', 'Get/All'], ['shop.Cart', '1'],
  ])('%j and %j name no method', (service, method) => {
    expect(errorOf(() => GrpcCall.method(service, method))).toMatchObject({ code: 'MESH-E009' });
  });

  test('takes only patterns that can be matched', () => {
    expect(errorOf(() => GrpcCall.pattern('(?=a)'))).toMatchObject({ code: 'MESH-E009' });
  });
});
