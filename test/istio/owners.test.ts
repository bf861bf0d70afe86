import { HeaderMatch, HttpMatch, istio, MethodMatch, PathMatch } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, manifestsOf } from '../support/manifests';

const { EnvoyFilter, Gateway, GatewayServer, Host, ProxyConfig, RouteTarget, ServerCertificate, ServerTls, Sidecar, VirtualService, Visibility, WorkloadSelector } = istio;

const SHOP = Host.fqdn('shop.example.com');
const ROUTES = { hosts: [SHOP], httpRoutes: [{ destinations: [RouteTarget.host(Host.fqdn('web.example.com'))] }] };

describe('a delegate', () => {
  const whole = (left: HttpMatch | undefined, ...matches: HttpMatch[]) => {
    const chart = chartIn(undefined, undefined, { namespace: 'shop' });
    const to = [RouteTarget.host(Host.fqdn('web.example.com'))];
    const part = new VirtualService(chart, 'part', { metadata: { name: 'part' }, httpRoutes: [{ routeName: 'own', matches: matches.length > 0 ? matches : undefined, destinations: to }] });
    new VirtualService(chart, 'whole', { hosts: [SHOP], httpRoutes: [{ matches: left && [left], delegate: part }] });
    return manifestsOf(chart);
  };
  const prefix = (path: string): HttpMatch => ({ path: PathMatch.prefix(path) });
  const header = (text: string): HttpMatch => ({ headers: [HeaderMatch.exact('x', text)] });

  test.each<[string, HttpMatch | undefined, HttpMatch[]]>([
    ['what is below the prefix that is left to it', prefix('/a'), [prefix('/a/b'), { path: PathMatch.exact('/a/c') }]],
    ['whatever is left to it', prefix('/a'), []],
    ['what it likes where everything is left to it', undefined, [{ path: PathMatch.regex('/a.*') }]],
    ['something else of the same requests', prefix('/a'), [{ method: MethodMatch.GET }, header('1')]],
    ['the same value', header('1'), [header('1')]],
  ])('may route %s', (_, left, matches) => expect(() => whole(left, ...matches)).not.toThrow());

  test.each<[string, HttpMatch, HttpMatch[]]>([
    ['another prefix', prefix('/a'), [prefix('/a/b'), prefix('/b')]],
    ['a prefix where one path is left to it', { path: PathMatch.exact('/a') }, [prefix('/a')]],
    ['a pattern where a prefix is left to it', prefix('/a'), [{ path: PathMatch.regex('/a/.*') }]],
    ['another header', header('1'), [header('2')]],
    ['another method', { method: MethodMatch.GET }, [{ method: MethodMatch.POST }]],
  ])('cannot route %s, because Istio would leave the route out', (_, left, matches) => {
    expect(errorOf(() => whole(left, ...matches))).toMatchObject({
      code: 'MESH-E020',
      constructPath: 'test/whole',
      what: expect.stringContaining('route "own" of delegate "part" matches what is not left to it'),
      fix: 'match a longer prefix or an exact value within what is left, and by pattern in one of the two only',
    });
  });
});

describe('a host within the mesh', () => {
  const two = (one: istio.VirtualServiceProps, other: istio.VirtualServiceProps) => {
    const chart = chartIn(undefined, undefined, { namespace: 'shop' });
    new VirtualService(chart, 'one', { ...ROUTES, ...one });
    new VirtualService(chart, 'two', { ...ROUTES, ...other });
    return manifestsOf(chart);
  };

  test('belongs to one VirtualService, because Istio ignores the others', () => {
    expect(errorOf(() => two({}, {}))).toMatchObject({
      code: 'MESH-E019',
      what: 'requests for shop.example.com are routed by test/one already, and Istio takes one VirtualService for a host',
      fix: 'put all routes of the host into one of the two, or compose them with MeshedService.addRoute()',
      constructPath: 'test/two',
    });
  });

  test.each<[string, istio.VirtualServiceProps, istio.VirtualServiceProps]>([
    ['namespaces that see one of them each', { exportTo: Visibility.ownNamespace() }, { exportTo: Visibility.namespaces('other') }],
    ['own namespaces that differ', { exportTo: Visibility.ownNamespace() }, { exportTo: Visibility.ownNamespace(), metadata: { namespace: 'other' } }],
    ['other hosts', {}, { hosts: [Host.fqdn('b.example.com')] }],
    ['a gateway and the mesh', {}, { gateways: [Gateway.fromGatewayName(chartIn(), 'gateway', 'web', 'shop')] }],
  ])('may have two for %s', (_, one, other) => {
    expect(two(one, other)).toHaveLength(2);
  });

  test('is found twice when visibility overlaps in part, and when hosts are added later', () => {
    expect(errorOf(() => two({ exportTo: Visibility.ownNamespaceAnd('a') }, { exportTo: Visibility.namespaces('a', 'b') })).code).toBe('MESH-E019');
    const chart = chartIn();
    const late = new VirtualService(chart, 'late', { ...ROUTES, hosts: [Host.fqdn('b.example.com')] });
    new VirtualService(chart, 'other', ROUTES);
    expect(manifestsOf(chart)).toHaveLength(2);
    late.addHosts(SHOP);
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E019', constructPath: 'test/other' });
  });

  test('of a service with routes of its own belongs to the service', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', mesh);
    new VirtualService(chart, 'routes', { ...ROUTES, hosts: [Host.service(cart)] });
    expect(() => manifestsOf(chart)).not.toThrow();
    cart.addRoute({ matches: [{ path: PathMatch.exact('/a') }] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E019', constructPath: 'test/routes' });
  });

  test('matters only within one app', () => {
    expect(two({}, { hosts: [Host.fqdn('c.example.com')] })).toHaveLength(2);
    expect(two({}, { hosts: [Host.fqdn('c.example.com')] })).toHaveLength(2);
  });
});

describe('the pods of a gateway', () => {
  const certificate = ServerTls.simple(ServerCertificate.secret('wildcard-cert'));
  const two = (one: istio.GatewayServer, other: istio.GatewayServer, selector?: istio.WorkloadSelector) => {
    const chart = chartIn();
    new Gateway(chart, 'one', { servers: [one] });
    new Gateway(chart, 'two', { servers: [other], selector });
    return manifestsOf(chart);
  };

  test('listen for a host on a port on behalf of one Gateway', () => {
    expect(errorOf(() => two(GatewayServer.http({ hosts: [SHOP] }), GatewayServer.http({ hosts: [Host.any(), SHOP] })))).toMatchObject({
      code: 'MESH-E031',
      what: 'the pods of this Gateway listen for shop.example.com on port 80 on behalf of test/one already',
      fix: 'join the two Gateways, or tell their hosts, ports or pods apart',
      constructPath: 'test/two',
    });
    expect(two(GatewayServer.http({ hosts: [SHOP] }), GatewayServer.http({ hosts: [SHOP], portNumber: 8080 }))).toHaveLength(2);
    expect(two(GatewayServer.http({ hosts: [SHOP] }), GatewayServer.http({ hosts: [SHOP] }), WorkloadSelector.labels({ app: 'other' }))).toHaveLength(2);
  });

  test('show a certificate on behalf of one Gateway, because browsers keep one connection for all of its names', () => {
    expect(errorOf(() => two(GatewayServer.https(certificate, { hosts: [SHOP] }), GatewayServer.https(certificate, { hosts: [Host.fqdn('b.example.com')] }))))
      .toMatchObject({ code: 'MESH-E031', fix: 'join the two Gateways, or give each a certificate of its own', constructPath: 'test/two' });
  });
});

describe('pods of an ambient mesh', () => {
  test('have no proxy that a Sidecar, a ProxyConfig or an EnvoyFilter could be about', () => {
    const { chart, mesh } = istioChart({ dataPlane: istio.DataPlane.AMBIENT }, { namespace: 'shop' });
    const workloads = WorkloadSelector.service(serviceIn(chart, 'cart', mesh));
    const steps = [
      () => new Sidecar(chart, 'sidecar', { workloads, egress: [] }),
      () => new ProxyConfig(chart, 'config', { workloads }),
      () => new EnvoyFilter(chart, 'filter', { workloads, priority: 1, reviewedFor: ['1.31'] }),
    ];
    expect(steps.map((step) => errorsOf(step).map(({ code, fix }) => [code, fix]))).toEqual(
      steps.map(() => [['MESH-E031', 'leave it out, or attach what a waypoint can do to the waypoint']]));
  });
});
