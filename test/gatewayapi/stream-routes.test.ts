import { ApiObject, JsonPatch } from 'cdk8s';
import { gatewayapi, Port, Weight } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, manifestsOf, namesOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { DefaultScope, Gateway, Listener, ReleaseChannel, RouteBackend, RouteParent, TcpRoute, TlsRoute, UdpRoute } = gatewayapi;

const DB = RouteBackend.serviceNamed('db', 5432);
const FULL: gatewayapi.TcpRouteProps = {
  parents: [RouteParent.of({ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web', namespace: 'edge' }, { listenerName: 'tls', port: 443 })],
  defaultGateways: DefaultScope.ALL,
  ruleName: 'all',
  backends: [RouteBackend.serviceNamed('db', 5432, 'other', { weight: Weight.of(100) })],
};
const RENDERED = {
  parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web', namespace: 'edge', sectionName: 'tls', port: 443 }],
  useDefaultGateways: 'All',
  rules: [{ name: 'all', backendRefs: [{ group: '', kind: 'Service', name: 'db', namespace: 'other', port: 5432, weight: 100 }] }],
};

describe.each<[string, (chart: ReturnType<typeof chartIn>, props: gatewayapi.TcpRouteProps) => gatewayapi.TcpRoute | gatewayapi.TlsRoute | gatewayapi.UdpRoute, object]>([
  ['TCPRoute', (chart, props) => new TcpRoute(chart, 'route', props), {}],
  ['UDPRoute', (chart, props) => new UdpRoute(chart, 'route', props), {}],
  ['TLSRoute', (chart, props) => new TlsRoute(chart, 'route', { hostnames: ['db.example.com'], ...props }), { hostnames: ['db.example.com'] }],
])('a %s', (kind, create, own) => {
  const chartOf = (props: gatewayapi.TcpRouteProps) => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    ReleaseChannel.useExperimental(chart);
    const route = create(chart, props);
    return { chart, route };
  };

  test('sets every field that the API knows', () => {
    const { chart } = chartOf(FULL);
    const [manifest] = kindOf(chart, kind);
    expect(manifest).toEqual({ apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name: 'test-route', namespace: 'shop' }, spec: { ...RENDERED, ...own } });
    expect(unsetFields('gateway.networking.k8s.io/v1', kind, [manifest])).toEqual([]);
    expect(namesOf(chart)).toEqual([`${kind} shop/test-route`, 'ReferenceGrant other/shop-test-route']);
    expect(kindOf(chart, 'ReferenceGrant')[0].spec.from).toEqual([{ group: 'gateway.networking.k8s.io', kind, namespace: 'shop' }]);
  });

  test('grows until synth, and can be read back', () => {
    const { chart, route } = chartOf({});
    route.addParent(RouteParent.serviceNamed('db'));
    route.addBackend(DB);
    route.backends.pop();
    expect([route.backends.length, route.parents.length]).toEqual([1, 1]);
    expect(manifestsOf(chart)[0].spec.rules).toEqual([{ backendRefs: [{ group: '', kind: 'Service', name: 'db', port: 5432 }] }]);
  });

  test('keeps fields and patches that it does not know', () => {
    const { chart, route } = chartOf({ ...FULL, additionalSpec: { brandNew: 1 } });
    ApiObject.of(route).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
  });

  test.each<[string, gatewayapi.TcpRouteProps, string]>([
    ['without backends', { ...FULL, backends: [] }, 'MESH-E020'],
    ['without parents', { backends: [DB] }, 'MESH-E030'],
    ['with filters', { ...FULL, backends: [RouteBackend.serviceNamed('a', 1, undefined, { filters: { hostRewrite: 'a.example.com' } })] }, 'MESH-E035'],
    ['with 17 backends', { ...FULL, backends: Array.from({ length: 17 }, (_, i) => RouteBackend.serviceNamed(`s${i}`, 1)) }, 'MESH-E038'],
    ['with a bad rule name', { ...FULL, ruleName: 'A b' }, 'MESH-E001'],
  ])('%s is refused', (_, props, code) => {
    expect(errorOf(() => manifestsOf(chartOf(props).chart))).toMatchObject({ code, constructPath: 'test/route' });
  });
});

describe('routes for connections', () => {
  const { chart, mesh } = istioChart({}, { namespace: 'shop' });
  const db = serviceIn(chart, 'db', mesh, { ports: [Port.tcp(5432), Port.http(8080)] });
  const web = serviceIn(chart, 'web', mesh, { ports: [Port.http(8080)] });
  const secure = serviceIn(chart, 'secure', mesh, { ports: [Port.tls(8443), Port.http(8080)] });

  test('know the port that they can mean', () => {
    new TcpRoute(chart, 'tcp', { parents: [RouteParent.service(db)], backends: [RouteBackend.service(db)] });
    new TlsRoute(chart, 'tls', { parents: [RouteParent.service(secure)], hostnames: ['*.example.com'], backends: [RouteBackend.service(secure)] });
    expect(kindOf(chart, 'TCPRoute')[0].spec.rules[0].backendRefs[0].port).toBe(5432);
    expect(kindOf(chart, 'TLSRoute')[0].spec.rules[0].backendRefs[0].port).toBe(8443);
  });

  test('are not for ports that carry requests', () => {
    expect(errorOf(() => new TcpRoute(chart, 'a', { parents: [RouteParent.service(web)] }))).toMatchObject({ code: 'MESH-E035' });
    expect(errorOf(() => new TlsRoute(chart, 'b', { parents: [RouteParent.service(web)], hostnames: ['a.example.com'] }))).toMatchObject({ code: 'MESH-E035' });
  });

  test('attach to listeners of their protocol', () => {
    const edge = chartIn(undefined, 'test', { namespace: 'edge' });
    const gateway = new Gateway(edge, 'gateway', { className: 'istio', listeners: [Listener.tcp(5432), Listener.tlsPassthrough({ hostname: '*.example.com' })] });
    new TcpRoute(edge, 'tcp', { parents: [RouteParent.gateway(gateway, { port: 5432 })], backends: [DB] });
    new TlsRoute(edge, 'tls', { parents: [RouteParent.gateway(gateway)], hostnames: ['db.example.com'], backends: [DB] });
    expect(manifestsOf(edge)).toHaveLength(3);
    new TlsRoute(edge, 'other', { parents: [RouteParent.gateway(gateway)], hostnames: ['db.example.org'], backends: [DB] });
    expect(errorOf(() => manifestsOf(edge))).toMatchObject({ code: 'MESH-E037', constructPath: 'test/other' });
  });

  test('with TLS go by the name that is asked for', () => {
    const route = new TlsRoute(chartIn(), 'route', { hostnames: ['a.example.com'] });
    route.hostnames.pop();
    expect(route.hostnames).toEqual(['a.example.com']);
    expect(errorOf(() => new TlsRoute(chartIn(), 'route', { hostnames: [] }))).toMatchObject({ code: 'MESH-E030' });
  });

  test('can be referred to by their names', () => {
    const scope = chartIn();
    expect(TcpRoute.fromTcpRouteName(scope, 'a', 'db').resourceName).toBe('db');
    expect(TlsRoute.fromTlsRouteName(scope, 'b', 'db', 'shop').resourceNamespace).toBe('shop');
  });
});
