import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import {
  gatewayapi, HeaderMatch, HttpMatch, MethodMatch, PathMatch, PathRewrite, Percent, Port, QueryMatch, Redirect, Retries, RetryOn, Weight,
} from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, Manifest, manifestsOf, namesOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { DefaultScope, ExternalAuth, Gateway, GrantMode, HttpRoute, ReleaseChannel, RouteBackend, RouteMirror, RouteParent, SessionPersistence } = gatewayapi;

const CART = RouteBackend.serviceNamed('cart', 80);
const PARENT = RouteParent.of({ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web' });

function render(props: Partial<gatewayapi.HttpRouteProps>, experimental = false): Manifest {
  const chart = chartIn(undefined, 'test', { namespace: 'shop' });
  if (experimental) { ReleaseChannel.useExperimental(chart); }
  new HttpRoute(chart, 'route', { parents: [PARENT], rules: [{ backends: [CART] }], ...props });
  return kindOf(chart, 'HTTPRoute')[0];
}

const rule = (one: gatewayapi.HttpRouteRule, experimental = false) => render({ rules: [one] }, experimental).spec.rules[0];

describe('an HTTPRoute', () => {
  test('sends requests from a gateway to services', () => {
    expect(render({ hostnames: ['shop.example.com'] })).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'test-route', namespace: 'shop' },
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web' }],
        hostnames: ['shop.example.com'],
        rules: [{ backendRefs: [{ group: '', kind: 'Service', name: 'cart', port: 80 }] }],
      },
    });
  });

  test('sets every field that the API knows', () => {
    const filters: gatewayapi.HttpFilters = {
      requestHeaders: { setHeaders: { b: '2', a: '1' }, addHeaders: { c: '3' }, removeHeaders: ['d'] },
      responseHeaders: { setHeaders: { b: '2' }, addHeaders: { c: '3' }, removeHeaders: ['d'] },
      mirrors: [RouteMirror.to(RouteBackend.serviceNamed('copy', 80, 'other'), Percent.of(10)), RouteMirror.to(CART, Percent.of(0.5)), RouteMirror.to(CART)],
      pathRewrite: PathRewrite.prefix('/new'),
      hostRewrite: 'cart.example.com',
      cors: {
        allowedOrigins: ['https://*.example.com'], allowedMethods: [MethodMatch.GET], allowedHeaders: ['x-a'], exposedHeaders: ['x-b'], maxAge: Duration.minutes(1), allowCredentials: true,
      },
      externalAuth: ExternalAuth.http(RouteBackend.serviceNamed('auth', 80, 'other'), { path: '/check', allowedHeaders: ['x-c'], allowedResponseHeaders: ['x-d'], maxBodyBytes: 10 }),
      extensions: [{ group: 'example.com', kind: 'MyFilter', name: 'mine' }],
    };
    const backend = RouteBackend.serviceNamed('cart', 80, 'other', { weight: Weight.of(100), filters });
    const full = render({
      parents: [RouteParent.of({ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web', namespace: 'edge' }, { listenerName: 'https', port: 443 })],
      hostnames: ['*.example.com'],
      defaultGateways: DefaultScope.ALL,
      rules: [{
        ruleName: 'all',
        matches: [{
          path: PathMatch.prefix('/old'), method: MethodMatch.GET, headers: [HeaderMatch.exact('x-e', 'f'), HeaderMatch.regex('x-g', 'h+')], queryParams: [QueryMatch.exact('i', 'j'), QueryMatch.regex('k', 'l+')],
        }],
        backends: [backend],
        ...filters,
        timeout: Duration.seconds(2),
        backendTimeout: Duration.millis(1500),
        retries: Retries.attempts(2, { statusCodes: [503], backoff: Duration.millis(100) }),
        sessionPersistence: SessionPersistence.cookie({ name: 'session', path: '/old', lifetime: Duration.hours(1), permanent: true }),
      }],
    }, true);
    const rendered = [
      { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: '1' }, { name: 'b', value: '2' }], add: [{ name: 'c', value: '3' }], remove: ['d'] } },
      { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'b', value: '2' }], add: [{ name: 'c', value: '3' }], remove: ['d'] } },
      { type: 'URLRewrite', urlRewrite: { hostname: 'cart.example.com', path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } } },
      {
        type: 'CORS',
        cors: { allowOrigins: ['https://*.example.com'], allowMethods: ['GET'], allowHeaders: ['x-a'], exposeHeaders: ['x-b'], maxAge: 60, allowCredentials: true },
      },
      { type: 'RequestMirror', requestMirror: { backendRef: { group: '', kind: 'Service', name: 'copy', namespace: 'other', port: 80 }, percent: 10 } },
      { type: 'RequestMirror', requestMirror: { backendRef: { group: '', kind: 'Service', name: 'cart', port: 80 }, fraction: { numerator: 5000, denominator: 1_000_000 } } },
      { type: 'RequestMirror', requestMirror: { backendRef: { group: '', kind: 'Service', name: 'cart', port: 80 } } },
      {
        type: 'ExternalAuth',
        externalAuth: {
          protocol: 'HTTP',
          backendRef: { group: '', kind: 'Service', name: 'auth', namespace: 'other', port: 80 },
          http: { path: '/check', allowedHeaders: ['x-c'], allowedResponseHeaders: ['x-d'] },
          forwardBody: { maxSize: 10 },
        },
      },
      { type: 'ExtensionRef', extensionRef: { group: 'example.com', kind: 'MyFilter', name: 'mine' } },
    ];
    expect(full.spec).toEqual({
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web', namespace: 'edge', sectionName: 'https', port: 443 }],
      hostnames: ['*.example.com'],
      useDefaultGateways: 'All',
      rules: [{
        name: 'all',
        matches: [{
          path: { type: 'PathPrefix', value: '/old' },
          method: 'GET',
          headers: [{ name: 'x-e', value: 'f' }, { name: 'x-g', type: 'RegularExpression', value: 'h+' }],
          queryParams: [{ name: 'i', value: 'j' }, { name: 'k', type: 'RegularExpression', value: 'l+' }],
        }],
        filters: rendered,
        backendRefs: [{ group: '', kind: 'Service', name: 'cart', namespace: 'other', port: 80, weight: 100, filters: rendered }],
        timeouts: { request: '2s', backendRequest: '1s500ms' },
        retry: { attempts: 2, codes: [503], backoff: '100ms' },
        sessionPersistence: { type: 'Cookie', cookie: { name: 'session', path: '/old', lifetimeType: 'Permanent' }, absoluteTimeout: '1h' },
      }],
    });
    const asked = { externalAuth: ExternalAuth.grpc(CART, { allowedHeaders: ['x-h'] }) };
    const others = render({
      rules: [
        { redirect: Redirect.to({ scheme: 'https', host: 'a.example.com', portNumber: 8443, path: PathRewrite.full('/x'), statusCode: 308 }) },
        { backends: [RouteBackend.serviceNamed('cart', 80, undefined, { filters: asked })], ...asked, sessionPersistence: SessionPersistence.header('x-session') },
        { backends: [RouteBackend.serviceNamed('cart', 80, undefined, { filters: { pathRewrite: PathRewrite.full('/y') } })], pathRewrite: PathRewrite.full('/y') },
        { matches: [{ path: PathMatch.prefix('/p') }], redirect: Redirect.to({ path: PathRewrite.prefix('/q') }) },
      ],
    }, true);
    expect(others.spec.rules[0].filters).toEqual([{
      type: 'RequestRedirect', requestRedirect: { scheme: 'https', hostname: 'a.example.com', port: 8443, path: { type: 'ReplaceFullPath', replaceFullPath: '/x' }, statusCode: 308 },
    }]);
    expect(others.spec.rules[1].filters).toEqual([{
      type: 'ExternalAuth', externalAuth: { protocol: 'GRPC', backendRef: { group: '', kind: 'Service', name: 'cart', port: 80 }, grpc: { allowedHeaders: ['x-h'] } },
    }]);
    expect(unsetFields('gateway.networking.k8s.io/v1', 'HTTPRoute', [full, others])
      // A backend that redirects instead of answering can be written, and helps nobody.
      .filter((field) => !field.startsWith('rules.backendRefs.filters.requestRedirect'))).toEqual([]);
  });

  test('grows until synth, and can be read back', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const route = new HttpRoute(chart, 'route', { hostnames: ['a.example.com'] });
    route.addParent(PARENT);
    route.addRule({ backends: [CART] });
    route.rules.pop();
    route.parents.pop();
    route.hostnames.pop();
    expect([route.rules.length, route.parents.length, route.hostnames]).toEqual([1, 1, ['a.example.com']]);
    expect(manifestsOf(chart)[0].spec.rules).toHaveLength(1);
  });

  test('keeps fields and patches that it does not know, and can be referred to by its name', () => {
    const chart = chartIn();
    const route = new HttpRoute(chart, 'route', { parents: [PARENT], rules: [{ backends: [CART] }], additionalSpec: { brandNew: 1 } });
    ApiObject.of(route).addJsonPatch(JsonPatch.add('/spec/rules/0/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, rules: [{ patched: 2 }] });
    expect(HttpRoute.fromHttpRouteName(chart, 'imported', 'a', 'b').resourceNamespace).toBe('b');
  });

  test('has fields of the experimental channel only where a program says that clusters have it', () => {
    const what = (one: gatewayapi.HttpRouteRule) => errorOf(() => rule({ backends: [CART], ...one }));
    expect(what({ retries: Retries.attempts(1) })).toMatchObject({ code: 'MESH-E022', what: expect.stringContaining('retries, which only the experimental channel') });
    expect(what({ sessionPersistence: SessionPersistence.cookie() })).toMatchObject({ code: 'MESH-E022', what: expect.stringContaining('session persistence') });
    expect(what({ externalAuth: ExternalAuth.grpc(CART) })).toMatchObject({ code: 'MESH-E022', what: expect.stringContaining('external authorization') });
    expect(what({ backends: [RouteBackend.serviceNamed('a', 1, undefined, { filters: { externalAuth: ExternalAuth.grpc(CART) } })] })).toMatchObject({ code: 'MESH-E022' });
    expect(errorOf(() => render({ defaultGateways: DefaultScope.ALL }))).toMatchObject({ code: 'MESH-E022' });
    expect(rule({ backends: [CART], retries: Retries.none() }).retry).toBeUndefined();
  });
});

describe('a route within the mesh', () => {
  function mesh() {
    const { chart, mesh: made } = istioChart({}, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', made, { ports: [Port.http(80, { targetPort: 8080 }), Port.tcp(3306)] });
    return { chart, made, cart };
  }

  test('is attached to the service that is called, and knows its port for requests', () => {
    const { chart, cart } = mesh();
    new HttpRoute(chart, 'route', { parents: [RouteParent.service(cart, 80)], rules: [{ backends: [RouteBackend.service(cart)] }] });
    expect(kindOf(chart, 'HTTPRoute')[0].spec).toEqual({
      parentRefs: [{ group: '', kind: 'Service', name: 'cart', namespace: 'shop', port: 80 }],
      rules: [{ backendRefs: [{ group: '', kind: 'Service', name: 'cart', namespace: 'shop', port: 80 }] }],
    });
  });

  test('has no host names, which would be ignored', () => {
    expect(errorOf(() => render({ parents: [RouteParent.serviceNamed('cart')], hostnames: ['a.example.com'] })))
      .toMatchObject({ code: 'MESH-E037', what: 'host names in a route for calls within the mesh, where they are ignored' });
    expect(render({ parents: [RouteParent.serviceNamed('cart', 'other', 80), PARENT], hostnames: ['a.example.com'] }).spec.parentRefs[0])
      .toEqual({ group: '', kind: 'Service', name: 'cart', namespace: 'other', port: 80 });
  });

  test('is for ports that carry requests', () => {
    const { chart, made, cart } = mesh();
    const db = serviceIn(chart, 'db', made, { ports: [Port.tcp(5432)] });
    expect(errorOf(() => new HttpRoute(chart, 'a', { parents: [RouteParent.service(cart, 3306)] })))
      .toMatchObject({ code: 'MESH-E035', what: 'HTTPRoute for cart, whose ports (tcp 3306) carry no requests' });
    expect(errorOf(() => new HttpRoute(chart, 'b', { parents: [RouteParent.service(db)] }))).toMatchObject({ code: 'MESH-E035' });
    expect(errorOf(() => RouteParent.service(cart, 81))).toMatchObject({ code: 'MESH-E005', fix: 'name one of 80, 3306' });
    expect(errorOf(() => RouteBackend.service(cart, { servicePort: 81 }))).toMatchObject({ code: 'MESH-E005' });
  });

  test.each<[string, Port[], gatewayapi.ServiceBackendOptions, string, string]>([
    ['several ports', [Port.http(80), Port.http(81)], {}, 'MESH-E005', 'many has several ports that the route can mean'],
    ['no port for requests', [Port.tcp(80)], {}, 'MESH-E005', 'many has no port that the route can mean'],
    ['a port for connections', [Port.http(80), Port.tcp(81)], { servicePort: 81 }, 'MESH-E035', 'HTTPRoute to Service many:81, a port (tcp 81) that carries no requests'],
  ])('does not guess the port of a backend with %s', (_, ports, options, code, what) => {
    const { chart, made } = mesh();
    const many = serviceIn(chart, 'many', made, { ports });
    new HttpRoute(chart, 'route', { parents: [PARENT], rules: [{ backends: [RouteBackend.service(many, options)] }] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code, what });
  });
});

describe('references into other namespaces', () => {
  test('are allowed by grants of the route', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'edge' });
    ReleaseChannel.useExperimental(chart);
    const to = (name: string, namespace?: string) => RouteBackend.serviceNamed(name, 80, namespace);
    new HttpRoute(chart, 'route', {
      parents: [PARENT],
      rules: [
        { backends: [to('a', 'shop'), to('own', 'edge'), to('own')].map((backend) => RouteBackend.of(backend.reference, 80, { weight: Weight.relative(1) })) },
        { backends: [RouteBackend.serviceNamed('a', 80, 'shop', { filters: { mirrors: [RouteMirror.to(to('b', 'shop'))], externalAuth: ExternalAuth.grpc(to('c', 'auth')) } })] },
        { backends: [to('a', 'shop')], mirrors: [RouteMirror.to(to('d', 'shop'))], externalAuth: ExternalAuth.http(to('e', 'auth')) },
      ],
    });
    expect(namesOf(chart)).toEqual(['HTTPRoute edge/test-route', 'ReferenceGrant shop/edge-test-route', 'ReferenceGrant auth/edge-test-route']);
    expect(kindOf(chart, 'ReferenceGrant').map(({ spec }) => [spec.from, spec.to.map(({ name }: { name: string }) => name)])).toEqual([
      [[{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'edge' }], ['a', 'b', 'd']],
      [[{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'edge' }], ['c', 'e']],
    ]);
  });

  test('may have been allowed by others', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'edge' });
    new HttpRoute(chart, 'route', { parents: [PARENT], rules: [{ backends: [RouteBackend.serviceNamed('a', 80, 'shop')] }], grants: GrantMode.EXISTING });
    expect(namesOf(chart)).toEqual(['HTTPRoute edge/test-route']);
  });
});

describe('a gateway of the same app', () => {
  const { AllowedRoutes, CertificateRef, Listener, NamespaceSelector, RouteKind } = gatewayapi;

  function attach(listeners: gatewayapi.Listener[], options: gatewayapi.GatewayParentOptions = {}, hostnames: string[] = [], namespace = 'edge') {
    const chart = chartIn(undefined, 'test', { namespace: 'edge' });
    const gateway = new Gateway(chart, 'gateway', { className: 'istio', listeners });
    new HttpRoute(chart, 'route', { metadata: { namespace }, parents: [RouteParent.gateway(gateway, options)], hostnames, rules: [{ backends: [CART] }] });
    return () => kindOf(chart, 'HTTPRoute')[0].spec.parentRefs;
  }

  test.each<[string, () => () => unknown]>([
    ['a listener for HTTP', () => attach([Listener.http()])],
    ['a listener by its name', () => attach([Listener.http(), Listener.https([CertificateRef.secret('a')])], { listenerName: 'https', port: 443 })],
    ['a listener for the host', () => attach([Listener.http({ hostname: '*.example.com' })], {}, ['shop.example.com', 'other.org'])],
    ['a listener for one host of the wildcard', () => attach([Listener.http({ hostname: 'a.b.example.com' })], {}, ['*.example.com'])],
    ['a listener for routes of other namespaces', () => attach([Listener.http({ routes: AllowedRoutes.namespaces(NamespaceSelector.names('shop')) })], {}, [], 'shop')],
    ['a listener of a protocol that only the controller knows', () => attach([Listener.of('PROXY', 1)])],
  ])('takes a route by %s', (_, make) => {
    expect(make()()).toHaveLength(1);
  });

  test.each<[string, () => () => unknown, string, string]>([
    ['the listener does not exist', () => attach([Listener.http()], { listenerName: 'https' }), 'there is none of that name and port', 'name one of http (80)'],
    ['the port does not exist', () => attach([Listener.http()], { port: 81 }), 'there is none of that name and port', 'name one of http (80)'],
    ['it takes connections only', () => attach([Listener.tcp(80)]), 'it takes HTTP or HTTPS', 'add a listener for that protocol'],
    ['the route is in another namespace', () => attach([Listener.http()], {}, [], 'shop'), 'they allow no HTTPRoute of namespace shop',
      'say so with routes: AllowedRoutes.namespaces(NamespaceSelector.names(…)) at the listener'],
    ['it takes other kinds', () => attach([Listener.http({ routes: AllowedRoutes.sameNamespace(RouteKind.GRPC) })]), 'they allow other kinds of routes only',
      'say so with routes: AllowedRoutes.namespaces(NamespaceSelector.names(…)) at the listener'],
    ['it answers for other hosts', () => attach([Listener.http({ hostname: '*.example.com' })], {}, ['example.com', 'shop.example.org']), 'they answer for *.example.com',
      'use host names that a listener answers for'],
  ])('does not take a route when %s', (_, make, why, fix) => {
    expect(errorOf(make())).toMatchObject({ code: 'MESH-E037', what: `HTTPRoute on gateway "test-gateway" that no listener takes: ${why}`, fix, constructPath: 'test/route' });
  });
});

describe('a rule', () => {
  const matches = (count: number): HttpMatch[] => Array.from({ length: count }, (_, i) => ({ path: PathMatch.exact(`/${i}`) }));
  const headers = (count: number) => Array.from({ length: count }, (_, i) => HeaderMatch.present(`x-${i}`));
  const backends = (count: number) => Array.from({ length: count }, (_, i) => RouteBackend.serviceNamed(`s${i}`, 80, undefined, { weight: Weight.relative(1) }));
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, 'a']));

  test.each<[string, gatewayapi.HttpRouteRule, string, string]>([
    ['that answers 500', {}, 'MESH-E020', 'a rule without backends, which answers 500'],
    ['with an empty list of backends', { backends: [] }, 'MESH-E020', 'a rule without backends, which answers 500'],
    ['that redirects and passes on', { backends: [CART], redirect: Redirect.toHttps() }, 'MESH-E031', 'a rule that answers by itself and passes requests on as well'],
    ['with 65 matches', { backends: [CART], matches: matches(65) }, 'MESH-E038', '65 matches in one rule, and the API takes 64'],
    ['with 17 backends', { backends: backends(17) }, 'MESH-E038', '17 backends in one rule, and the API takes 16'],
    ['with 17 headers', { backends: [CART], matches: [{ headers: headers(17) }] }, 'MESH-E038', '17 headers in one match, and the API takes 16'],
    ['with 17 query parameters', { backends: [CART], matches: [{ queryParams: Array.from({ length: 17 }, (_, i) => QueryMatch.exact(`q${i}`, 'a')) }] }, 'MESH-E038',
      '17 query parameters in one match, and the API takes 16'],
    ['with 17 changed headers', { backends: [CART], requestHeaders: { setHeaders: many(17) } }, 'MESH-E038', '17 headers, and the API takes 16'],
    ['with 17 filters', { backends: [CART], mirrors: Array.from({ length: 17 }, () => RouteMirror.to(CART)) }, 'MESH-E038', '17 filters, and the API takes 16'],
    ['with one header twice', { backends: [CART], matches: [{ headers: [HeaderMatch.present('a'), HeaderMatch.exact('A', 'b')] }] }, 'MESH-E034', 'header "a" is named twice'],
    ['with an inverted header', { backends: [CART], matches: [{ headers: [HeaderMatch.not(HeaderMatch.present('a'))] }] }, 'MESH-E021',
      'a match by absence of header a, which the Gateway API lacks'],
    ['by port', { backends: [CART], matches: [{ servicePort: 80 }] }, 'MESH-E021', 'a match by port 80, which routes of the Gateway API lack'],
    ['by a path with two slashes', { backends: [CART], matches: [{ path: PathMatch.exact('/a//b') }] }, 'MESH-E009', 'invalid path, got "/a//b"'],
    ['by a path that goes up', { backends: [CART], matches: [{ path: PathMatch.prefix('/a/..') }] }, 'MESH-E009', 'invalid path, got "/a/.."'],
    ['by a path with an escaped slash', { backends: [CART], matches: [{ path: PathMatch.exact('/a%2Fb') }] }, 'MESH-E009', 'invalid path, got "/a%2Fb"'],
    ['by a path with other characters', { backends: [CART], matches: [{ path: PathMatch.exact('/ä') }] }, 'MESH-E009', 'invalid path, got "/ä"'],
    ['by a long path', { backends: [CART], matches: [{ path: PathMatch.regex(`/${'a'.repeat(1023)}`) }, { path: PathMatch.exact(`/${'a'.repeat(1024)}`) }] }, 'MESH-E009', 'a path of 1025 characters'],
    ['with a header text of spaces', { backends: [CART], requestHeaders: { setHeaders: { a: ' b' } } }, 'MESH-E009', 'invalid text for header a, got " b"'],
    ['that replaces a prefix of two', { backends: [CART], matches: [{ path: PathMatch.prefix('/a') }, { path: PathMatch.prefix('/b') }], pathRewrite: PathRewrite.prefix('/c') }, 'MESH-E020',
      'a prefix is replaced in a rule with 2 matches'],
    ['that replaces a prefix that is none', { backends: [CART], matches: [{ path: PathMatch.exact('/a') }], pathRewrite: PathRewrite.prefix('/c') }, 'MESH-E020',
      'a prefix is replaced, and the rule matches none'],
    ['that rewrites by pattern', { backends: [CART], pathRewrite: PathRewrite.regex('a', 'b') }, 'MESH-E021', 'paths rewritten by pattern, which routes of the Gateway API lack'],
    ['with more time for each try than for all', { backends: [CART], timeout: Duration.seconds(1), backendTimeout: Duration.seconds(2) }, 'MESH-E028', '2000 ms for each try, and 1000 ms for all'],
    ['with a time below a millisecond', { backends: [CART], backendTimeout: Duration.millis(0.5) }, 'MESH-E010', expect.stringContaining('0.5 ms')],
    ['with CORS by pattern', { backends: [CART], cors: { allowedOrigins: ['*'], allowedOriginPatterns: ['a.*'] } }, 'MESH-E021', 'origins by pattern, which routes of the Gateway API lack'],
    ['with CORS for half a second', { backends: [CART], cors: { allowedOrigins: ['*'], maxAge: Duration.millis(500) } }, 'MESH-E010',
      'invalid time for which browsers remember CORS, got 0.5 s'],
    ['with CORS for a host without scheme', { backends: [CART], cors: { allowedOrigins: ['shop.example.com'] } }, 'MESH-E009', 'invalid origins, got "shop.example.com"'],
    ['with CORS for all and some', { backends: [CART], cors: { allowedOrigins: ['*', 'https://a.example.com'] } }, 'MESH-E009', 'invalid origins, got "*, https://a.example.com"'],
    ['with a bad name', { backends: [CART], ruleName: 'A b' }, 'MESH-E001', 'invalid rule name, got "A b"'],
    ['with a split of one', { backends: [RouteBackend.serviceNamed('a', 80, undefined, { weight: Weight.of(50) })] }, 'MESH-E008', 'a single destination with weight 50'],
    ['with a split without weights', { backends: [CART, RouteBackend.serviceNamed('b', 80)] }, 'MESH-E008', 'a split in which Service cart:80 has no weight'],
  ])('%s is refused', (_, one, code, what) => {
    expect(errorOf(() => rule(one))).toMatchObject({ code, what, constructPath: 'test/route' });
  });

  test.each<[string, gatewayapi.HttpRouteRule, string]>([
    ['on failures that have no status code', { retries: Retries.attempts(1, { conditions: [RetryOn.SERVER_ERROR] }) }, 'MESH-E021'],
    ['on success', { retries: Retries.attempts(1, { statusCodes: [200] }) }, 'MESH-E028'],
    ['with two times for each try', { retries: Retries.attempts(1, { perTryTimeout: Duration.seconds(1) }), backendTimeout: Duration.seconds(1) }, 'MESH-E031'],
  ])('does not try again %s', (_, one, code) => {
    expect(errorOf(() => rule({ backends: [CART], ...one }, true))).toMatchObject({ code });
  });

  test('gives each try of its retries a time', () => {
    expect(rule({ backends: [CART], retries: Retries.attempts(1, { perTryTimeout: Duration.seconds(1) }) }, true)).toMatchObject({ timeouts: { backendRequest: '1s' }, retry: { attempts: 1 } });
  });

  test.each<[string, PathMatch, object]>([
    ['a whole path', PathMatch.exact('/a'), { type: 'Exact', value: '/a' }],
    ['a pattern', PathMatch.regex('/a.*'), { type: 'RegularExpression', value: '/a.*' }],
    ['a template', PathMatch.template('/a/{*}/b'), { type: 'RegularExpression', value: '/a/[^/]+/b' }],
  ])('goes by %s', (_, path, expected) => {
    expect(rule({ backends: [CART], matches: [{ path }] }).matches).toEqual([{ path: expected }]);
  });

  test('may share requests in any proportion', () => {
    expect(rule({ backends: [RouteBackend.serviceNamed('a', 80, undefined, { weight: Weight.relative(999) }), RouteBackend.serviceNamed('b', 80, undefined, { weight: Weight.relative(1) })] })
      .backendRefs.map(({ weight }: { weight: number }) => weight)).toEqual([999, 1]);
    expect(errorOf(() => RouteBackend.serviceNamed('a', 80, undefined, { weight: Weight.relative(1_000_001) }))).toMatchObject({ code: 'MESH-E007', fix: 'use at most 1000000' });
  });
});

describe('rules together', () => {
  const matches = (count: number): HttpMatch[] => Array.from({ length: count }, (_, i) => ({ path: PathMatch.exact(`/${i}`) }));

  test.each<[string, gatewayapi.HttpRouteRule[], string, string]>([
    ['none', [], 'MESH-E030', 'a route without rules'],
    ['17', Array.from({ length: 17 }, () => ({ backends: [CART] })), 'MESH-E038', '17 rules, and the API takes 16'],
    ['129 matches', [{ backends: [CART], matches: matches(64) }, { backends: [CART], matches: matches(64) }, { backends: [CART] }], 'MESH-E038', '129 matches, and the API takes 128'],
    ['one name twice', [{ ruleName: 'a', backends: [CART] }, { ruleName: 'a', backends: [CART] }], 'MESH-E034', 'rule "a" is named twice'],
  ])('%s are refused', (_, rules, code, what) => {
    expect(errorOf(() => render({ rules }))).toMatchObject({ code, what });
  });

  test.each<[string, Partial<gatewayapi.HttpRouteProps>, string]>([
    ['nothing', { parents: [] }, 'MESH-E030'],
    ['33 parents', { parents: Array.from({ length: 33 }, (_, i) => RouteParent.serviceNamed(`s${i}`)) }, 'MESH-E038'],
    ['one parent twice', { parents: [PARENT, PARENT] }, 'MESH-E031'],
    ['one parent as a whole and in part', { parents: [RouteParent.serviceNamed('a'), RouteParent.serviceNamed('a', undefined, 80)] }, 'MESH-E031'],
    ['one part of a parent twice', { parents: [RouteParent.serviceNamed('a', undefined, 80), RouteParent.serviceNamed('a', undefined, 80)] }, 'MESH-E031'],
    ['17 host names', { hostnames: Array.from({ length: 17 }, (_, i) => `a${i}.example.com`) }, 'MESH-E038'],
    ['an address', { hostnames: ['192.0.2.1'] }, 'MESH-E002'],
  ])('attached to %s are refused', (_, props, code) => {
    expect(errorOf(() => render(props))).toMatchObject({ code });
  });

  test('may be attached to several parts of one parent, or to default gateways only', () => {
    expect(render({ parents: [RouteParent.serviceNamed('a', undefined, 80), RouteParent.serviceNamed('a', undefined, 81)] }).spec.parentRefs).toHaveLength(2);
    expect(render({ parents: [], defaultGateways: DefaultScope.ALL }, true).spec).toMatchObject({ useDefaultGateways: 'All' });
  });
});

describe('what rules are made of', () => {
  test.each<[string, () => unknown, string]>([
    ['a Service without port', () => RouteBackend.of({ group: '', kind: 'Service', name: 'a' }), 'MESH-E030'],
    ['a backend with a bad name', () => RouteBackend.serviceNamed('A', 80), 'MESH-E001'],
    ['a parent with a bad namespace', () => RouteParent.serviceNamed('a', 'B'), 'MESH-E001'],
    ['a permanent cookie without lifetime', () => SessionPersistence.cookie({ permanent: true }), 'MESH-E030'],
    ['a cookie with a bad name', () => SessionPersistence.cookie({ name: 'a b' }), 'MESH-E009'],
    ['an authorization header twice', () => ExternalAuth.grpc(CART, { allowedHeaders: ['a', 'a'] }), 'MESH-E031'],
    ['a negative body', () => ExternalAuth.grpc(CART, { maxBodyBytes: -1 }), 'MESH-E028'],
  ])('%s is refused', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });

  test('a backend of another kind needs no port', () => {
    expect(rule({ backends: [RouteBackend.of({ group: 'networking.istio.io', kind: 'Hostname', name: 'api.example.com' }, 443)] }).backendRefs)
      .toEqual([{ group: 'networking.istio.io', kind: 'Hostname', name: 'api.example.com', port: 443 }]);
    expect(rule({ backends: [RouteBackend.of({ group: 'multicluster.x-k8s.io', kind: 'ServiceImport', name: 'a' })] }).backendRefs[0]).not.toHaveProperty('port');
  });
});
