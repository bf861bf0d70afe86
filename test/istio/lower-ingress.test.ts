import { App, Duration } from 'cdk8s';
import { Capabilities, Destination, HeaderMatch, Ingress, IngressGateway, IngressProps, Mirror, PathMatch, Port, Retries, TlsSource, Weight } from '../../src';
import { FakeMesh } from '../support/fake-mesh';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, manifestOf, namesOf } from '../support/manifests';

function setUp(props: Partial<IngressProps> = {}) {
  const { chart, mesh } = istioChart({}, { namespace: 'shop' });
  const web = serviceIn(chart, 'web', mesh);
  const ingress = new Ingress(chart, 'front', { mesh, hosts: ['shop.example.com'], ...props });
  return { chart, mesh, web, ingress };
}

describe('a way in through the gateway that Istio installs', () => {
  test('is a Gateway and a VirtualService bound to it', () => {
    const { chart, ingress, web } = setUp();
    ingress.route(web, { timeout: Duration.seconds(1) });
    expect(manifestOf(chart, 'Gateway', 'front')).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      metadata: { namespace: 'shop' },
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ hosts: ['shop.example.com'], port: { number: 80, name: 'http', protocol: 'HTTP' } }] },
    });
    expect(manifestOf(chart, 'VirtualService', 'front-ingress').spec).toEqual({
      hosts: ['shop.example.com'],
      gateways: ['shop/front'],
      http: [{ route: [{ destination: { host: 'web.shop.svc.cluster.local', port: { number: 8080 } } }], timeout: '1s' }],
    });
    expect(manifestOf(chart, 'AuthorizationPolicy', 'web').spec.rules).toEqual([{
      from: [{ source: { principals: ['cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account'] } }], to: [{ operation: { ports: ['8080'] } }],
    }]);
  });

  test('with a certificate redirects plain calls, unless it is told not to', () => {
    const tls = TlsSource.secret('shop-cert');
    const secure = { hosts: ['shop.example.com'], port: { number: 443, name: 'https', protocol: 'HTTPS' }, tls: { mode: 'SIMPLE', credentialName: 'shop-cert' } };
    const redirecting = setUp({ tls });
    redirecting.ingress.route(redirecting.web);
    expect(manifestOf(redirecting.chart, 'Gateway', 'front').spec.servers).toEqual([
      { hosts: ['shop.example.com'], port: { number: 80, name: 'http', protocol: 'HTTP' }, tls: { httpsRedirect: true } }, secure,
    ]);
    const strict = setUp({ tls, redirectToHttps: false });
    strict.ingress.route(strict.web);
    expect(manifestOf(strict.chart, 'Gateway', 'front').spec.servers).toEqual([secure]);
  });

  test('may lead through another gateway', () => {
    const { chart, ingress, web } = setUp({ gateway: IngressGateway.shared({ selector: { app: 'edge' }, namespace: 'edge', serviceAccountName: 'edge' }) });
    ingress.route(web);
    expect(manifestOf(chart, 'Gateway', 'front').spec.selector).toEqual({ app: 'edge' });
    expect(ingress.identity.spiffeId).toBe('spiffe://cluster.local/ns/edge/sa/edge');
  });

  test('applies the splits and header rules of the service', () => {
    const { chart, mesh, ingress, web } = setUp();
    const v2 = serviceIn(chart, 'v2', mesh);
    web.splitTo(Destination.service(web, Weight.of(90)), Destination.service(v2, Weight.of(10)));
    web.addRoute({ matches: [{ headers: [HeaderMatch.exact('x-tester', 'yes')] }], destinations: [Destination.subset(web.subset('v2'))] });
    ingress.route(web, { matches: [{ path: PathMatch.prefix('/shop') }] });
    const port = { number: 8080 };
    expect(manifestOf(chart, 'VirtualService', 'front-ingress').spec.http).toEqual([
      {
        match: [{ uri: { exact: '/shop' }, headers: { 'x-tester': { exact: 'yes' } } }, { uri: { prefix: '/shop/' }, headers: { 'x-tester': { exact: 'yes' } } }],
        route: [{ destination: { host: 'web.shop.svc.cluster.local', subset: 'v2', port } }],
      },
      {
        match: [{ uri: { exact: '/shop' } }, { uri: { prefix: '/shop/' } }],
        route: [{ destination: { host: 'web.shop.svc.cluster.local', port }, weight: 90 }, { destination: { host: 'v2.shop.svc.cluster.local', port }, weight: 10 }],
      },
    ]);
  });

  test('stands beside others for other hosts, and is refused for the same', () => {
    const { chart, mesh, ingress, web } = setUp();
    ingress.route(web);
    new Ingress(chart, 'api', { mesh, hosts: ['*.example.com'] }).route(web);
    expect(kindOf(chart, 'Gateway')).toHaveLength(2);
    new Ingress(chart, 'again', { mesh, hosts: ['shop.example.com'] }).route(web);
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E019', constructPath: 'test/again', what: 'test/front and test/again both answer for shop.example.com at one gateway', fix: 'add the routes of both to one Ingress',
    });
  });
});

describe('a way in through the Gateway API', () => {
  const gateway = IngressGateway.gatewayApi();

  test('is a Gateway of its own and an HTTPRoute', () => {
    const { chart, ingress, web } = setUp({ gateway, hosts: ['shop.example.com', '*.shop.example.org'] });
    ingress.route(web, { ruleName: 'all', timeout: Duration.millis(1500) });
    expect(manifestOf(chart, 'Gateway', 'front')).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      spec: {
        gatewayClassName: 'istio',
        listeners: [{ name: 'http', hostname: 'shop.example.com', port: 80, protocol: 'HTTP' }, { name: 'http-2', hostname: '*.shop.example.org', port: 80, protocol: 'HTTP' }],
      },
    });
    expect(manifestOf(chart, 'HTTPRoute', 'front-ingress').spec).toEqual({
      parentRefs: [{ name: 'front' }],
      hostnames: ['shop.example.com', '*.shop.example.org'],
      rules: [{ name: 'all', backendRefs: [{ name: 'web', namespace: 'shop', port: 8080 }], timeouts: { request: '1s500ms' } }],
    });
    expect(ingress.identity.spiffeId).toBe('spiffe://cluster.local/ns/shop/sa/front-istio');
    expect(kindOf(chart, 'ReferenceGrant')).toEqual([]);
  });

  test('with a certificate redirects by a route of its own', () => {
    const { chart, ingress, web } = setUp({ gateway, tls: TlsSource.secret('cert'), hosts: ['a.example.com', 'b.example.com'] });
    ingress.route(web);
    expect(manifestOf(chart, 'Gateway', 'front').spec.listeners.map(({ name, port, tls }: any) => [name, port, tls?.certificateRefs])).toEqual([
      ['http', 80, undefined], ['https', 443, [{ name: 'cert' }]], ['http-2', 80, undefined], ['https-2', 443, [{ name: 'cert' }]],
    ]);
    expect(manifestOf(chart, 'HTTPRoute', 'front-redirect').spec).toMatchObject({
      parentRefs: [{ name: 'front', sectionName: 'http' }, { name: 'front', sectionName: 'http-2' }],
      rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
    });
    expect(manifestOf(chart, 'HTTPRoute', 'front-ingress').spec.parentRefs).toEqual([{ name: 'front', sectionName: 'https' }, { name: 'front', sectionName: 'https-2' }]);
  });

  test('is granted the services of other namespaces, and those that get copies', () => {
    const { chart, mesh, ingress, web } = setUp({ gateway, namespace: 'edge' });
    const [far, copy] = ['far', 'copy'].map((id) => serviceIn(chart, id, mesh, { namespace: 'far' }));
    web.addRoute({ matches: [{ path: PathMatch.exact('/x') }], destinations: [Destination.service(far)], mirrors: [Mirror.to(Destination.service(copy))] });
    ingress.route(web);
    expect(kindOf(chart, 'ReferenceGrant').map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.from, spec.to.map(({ name }: any) => name)])).toEqual([
      ['far', 'edge.front', [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'edge' }], ['copy', 'far']],
      ['shop', 'edge.front', [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'edge' }], ['web']],
    ]);
  });

  test('takes as many routes as its rules need', () => {
    const { chart, ingress, web } = setUp({ gateway });
    Array.from({ length: 40 }, (_, index) => ingress.route(web, { matches: [{ path: PathMatch.exact(`/${index}`) }], ruleName: `rule-${index}`, timeout: Duration.seconds(index + 1) }));
    expect(kindOf(chart, 'HTTPRoute').map(({ metadata, spec }) => [metadata.name, spec.rules.length])).toEqual([['front-ingress', 16], ['front-ingress-2', 16], ['front-ingress-3', 8]]);
  });

  test.each<[string, (setting: ReturnType<typeof setUp>) => void, object]>([
    ['a subset', ({ web }) => web.splitTo(Destination.subset(web.subset('v1'))), { code: 'MESH-E021', what: 'web/v1 is a subset, and the Gateway API routes to whole Services' }],
    ['retries', ({ web }) => web.addRoute({ retries: Retries.attempts(2) }), { code: 'MESH-E022', what: 'retries in a route of the Gateway API, whose field is in the experimental channel' }],
    ['the absence of a header', ({ web }) => web.addRoute({ matches: [{ headers: [HeaderMatch.not(HeaderMatch.present('x'))] }] }), { code: 'MESH-E021', what: 'a match by absence of header x, which the Gateway API lacks' }],
  ])('cannot say %s', (_, declare, expected) => {
    const setting = setUp({ gateway });
    declare(setting);
    setting.ingress.route(setting.web);
    expect(errorOf(() => namesOf(setting.chart))).toMatchObject({ ...expected, constructPath: 'test/web' });
  });

  test('answers for at most sixteen hosts', () => {
    const { chart, ingress, web } = setUp({ gateway, hosts: Array.from({ length: 17 }, (_, index) => `h${index}.example.com`) });
    ingress.route(web);
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E038', constructPath: 'test/front', what: '17 hosts of ingress "front", and the API takes 16' });
  });
});

describe('a way in is refused', () => {
  test.each<[string, Partial<IngressProps>, object]>([
    ['without hosts', { hosts: [] }, { code: 'MESH-E030', what: 'an ingress without hosts' }],
    ['with a bad host', { hosts: ['shop'] }, { code: 'MESH-E002', what: 'invalid host name, got "shop"' }],
    ['with a host that a wildcard covers', { hosts: ['*.example.com', 'a.example.com'] }, { code: 'MESH-E031', what: 'an ingress names a.example.com twice, once as *.example.com' }],
    ['with a redirect and no certificate', { redirectToHttps: true }, { code: 'MESH-E031', what: 'a redirect to HTTPS without certificate' }],
    ['with a bad name', { ingressName: '1st' }, { code: 'MESH-E001', what: 'invalid ingress name, got "1st"' }],
    ['in a bad namespace', { namespace: 'A' }, { code: 'MESH-E001', what: 'invalid namespace, got "A"' }],
  ])('%s', (_, props, expected) => expect(errorOf(() => setUp(props))).toMatchObject({ ...expected, constructPath: 'test/front' }));

  test('through a gateway that nobody knows', () => {
    const chart = chartIn(new App(), 'shop');
    const mesh = new FakeMesh(chart, 'mesh', Capabilities.of('istio'));
    const web = serviceIn(chart, 'web', mesh, { ports: [Port.http(80)] });
    const ingress = new Ingress(chart, 'in', { mesh, hosts: ['shop.example.com'] });
    ingress.route(web);
    expect(errorOf(() => ingress.identity)).toMatchObject({ code: 'MESH-E030', constructPath: 'shop/in' });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E030', constructPath: 'shop/in', what: expect.stringContaining('is not known to mesh istio') });
  });
});
