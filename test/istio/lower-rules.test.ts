import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Access, CircuitBreaker, Destination, DirectResponse, Fault, HeaderMatch, HttpMatch, HttpRule, MethodMatch, Mirror, PathMatch, PathRewrite,
  Percent, Port, QueryMatch, Redirect, Retries, RetryOn, ServiceRoute, Weight,
} from '../../src';
import { renderMatch } from '../../src/istio/private/match';
import { istioChart, serviceIn } from '../support/fixtures';
import { errorOf, hasManifest, manifestOf, namesOf } from '../support/manifests';
import { holds } from '../support/properties';
import { matches, Request, requests, satisfies } from '../support/requests';

function setUp(...ports: Port[]) {
  const { chart, mesh } = istioChart({}, { namespace: 'shop' });
  const cart = serviceIn(chart, 'cart', mesh, ports.length > 0 ? { ports } : {});
  const other = serviceIn(chart, 'other', mesh, { ports: [Port.http(80)] });
  const route = (rule: HttpRule): any => { cart.addRoute(rule); return manifestOf(chart, 'VirtualService', 'cart').spec; };
  return { chart, mesh, cart, other, route };
}

const CART = { destination: { host: 'cart.shop.svc.cluster.local' } };
const PREFIX = { matches: [{ path: PathMatch.prefix('/api') }] };

describe('a VirtualService', () => {
  test('is written when there is something to say, for the full name', () => {
    const { chart, route } = setUp();
    expect(hasManifest(chart, 'VirtualService', 'cart')).toBe(false);
    expect(route({ timeout: Duration.millis(1500) })).toEqual({ hosts: ['cart.shop.svc.cluster.local'], http: [{ route: [CART], timeout: '1.500s' }] });
  });

  test('is one for all rules of a host, wherever they stand, the most specific first', () => {
    const { chart, cart, other } = setUp();
    new ServiceRoute(chart, 'team-a', { service: cart, ruleName: 'all', timeout: Duration.seconds(1) });
    new ServiceRoute(chart, 'team-b', { service: cart, ruleName: 'exact', matches: [{ path: PathMatch.exact('/a') }], destinations: [Destination.service(other)] });
    expect(manifestOf(chart, 'VirtualService', 'cart').spec.http).toEqual([
      { name: 'exact', match: [{ uri: { exact: '/a' } }], route: [{ destination: { host: 'other.shop.svc.cluster.local' } }] },
      { name: 'all', route: [CART], timeout: '1s' },
    ]);
  });

  test('tells subsets and weights, behind the DestinationRule that names them', () => {
    const { chart, cart } = setUp();
    cart.splitTo(Destination.subset(cart.subset('v1'), Weight.of(90)), Destination.subset(cart.subset('v2', { labels: { track: 'canary' } }), Weight.of(10)));
    expect(manifestOf(chart, 'VirtualService', 'cart').spec.http[0].route).toEqual([
      { destination: { ...CART.destination, subset: 'v1' }, weight: 90 }, { destination: { ...CART.destination, subset: 'v2' }, weight: 10 },
    ]);
    expect(manifestOf(chart, 'DestinationRule', 'cart').spec).toEqual({
      host: 'cart.shop.svc.cluster.local', subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { track: 'canary' } }],
    });
    const names = namesOf(chart);
    expect(names.indexOf('DestinationRule shop/cart')).toBeLessThan(names.indexOf('VirtualService shop/cart'));
  });

  test('tells retries, and that there are none', () => {
    const { route } = setUp();
    const conditions = [RetryOn.RESET, RetryOn.GRPC_UNAVAILABLE];
    const retries = Retries.attempts(2, { conditions, statusCodes: [503], perTryTimeout: Duration.seconds(1), backoff: Duration.millis(25) });
    expect(route({ ...PREFIX, retries }).http[0].retries).toEqual({ attempts: 2, retryOn: 'reset,unavailable,503', perTryTimeout: '1s', backoff: '0.025s' });
    expect(setUp().route({ retries: Retries.none() }).http[0].retries).toEqual({ attempts: 0 });
  });

  test('tells what becomes of requests on their way', () => {
    const { route, other } = setUp();
    expect(route({
      ...PREFIX,
      mirrors: [Mirror.to(Destination.service(other), Percent.of(12.5))],
      fault: Fault.of({ delay: Duration.seconds(2), delayedShare: Percent.of(1), abortGrpcStatus: 'INTERNAL' }),
      requestHeaders: { setHeaders: { 'x-a': '1' }, removeHeaders: ['x-b'] },
      responseHeaders: { addHeaders: { 'x-c': '2' } },
      hostRewrite: 'b.example.com',
      cors: { allowedOrigins: ['https://a.example.com'], allowedOriginPatterns: ['https://.*'], allowedMethods: [MethodMatch.GET], maxAge: Duration.minutes(1) },
    }).http[0]).toEqual({
      match: [{ uri: { exact: '/api' } }, { uri: { prefix: '/api/' } }],
      route: [CART],
      rewrite: { authority: 'b.example.com' },
      mirrors: [{ destination: { host: 'other.shop.svc.cluster.local' }, percentage: { value: 12.5 } }],
      fault: { delay: { fixedDelay: '2s', percentage: { value: 1 } }, abort: { grpcStatus: 'INTERNAL', percentage: { value: 100 } } },
      headers: { request: { set: { 'x-a': '1' }, remove: ['x-b'] }, response: { add: { 'x-c': '2' } } },
      corsPolicy: { allowOrigins: [{ exact: 'https://a.example.com' }, { regex: 'https://.*' }], allowMethods: ['GET'], maxAge: '60s' },
    });
  });

  test('answers by itself without route, timeout and retries', () => {
    const { route, cart } = setUp();
    cart.addRoute({ matches: [{ path: PathMatch.exact('/gone') }], directResponse: DirectResponse.of(410, 'gone') });
    const [gone, old] = route({ ...PREFIX, redirect: Redirect.to({ scheme: 'https', host: 'a.example.com', portNumber: 8443, statusCode: 308 }) }).http;
    expect(gone).toEqual({ match: [{ uri: { exact: '/gone' } }], directResponse: { status: 410, body: { string: 'gone' } } });
    expect(old).toMatchObject({ redirect: { scheme: 'https', authority: 'a.example.com', port: 8443, redirectCode: 308 } });
    expect(old).not.toHaveProperty('route');
  });

  test('replaces prefixes by whole segments', () => {
    const rewrites = (prefix: string, rewrite: string) => setUp().route({ ruleName: 'r', matches: [{ path: PathMatch.prefix(prefix) }], pathRewrite: PathRewrite.prefix(rewrite) }).http
      .slice(0, prefix === '/' ? 1 : 2).map(({ name, match, rewrite: { uri } }: any) => [name, match[0].uri, uri]);
    expect(rewrites('/api', '/v2/')).toEqual([['r', { exact: '/api' }, '/v2'], ['r-below', { prefix: '/api/' }, '/v2/']]);
    expect(rewrites('/api', '/')).toEqual([['r', { exact: '/api' }, '/'], ['r-below', { prefix: '/api/' }, '/']]);
    expect(rewrites('/', '/v2')).toEqual([['r-below', { prefix: '/' }, '/v2/']]);
    const redirect = setUp().route({ ...PREFIX, redirect: Redirect.to({ path: PathRewrite.prefix('/v2') }) }).http;
    expect(redirect.slice(0, 2).map((rule: any) => rule.redirect)).toEqual([{ uri: '/v2', redirectCode: 302 }, { prefixRewrite: '/v2/', redirectCode: 302 }]);
    expect(setUp().route({ ...PREFIX, pathRewrite: PathRewrite.full('/x') }).http[0].rewrite).toEqual({ uriRegexRewrite: { match: '^.*$', rewrite: '/x' } });
  });
});

describe('several ports', () => {
  test('take requests each to its own', () => {
    const { route } = setUp(Port.http(80), Port.grpc(90), Port.tcp(100));
    expect(route({ ruleName: 'r', timeout: Duration.seconds(1) }).http).toEqual([
      { name: 'r-http', match: [{ port: 80 }], route: [{ destination: { ...CART.destination, port: { number: 80 } } }], timeout: '1s' },
      { name: 'r-grpc', match: [{ port: 90 }], route: [{ destination: { ...CART.destination, port: { number: 90 } } }], timeout: '1s' },
    ]);
  });

  test('are told apart by matches', () => {
    const { route, other } = setUp(Port.http(80), Port.grpc(90));
    expect(route({ matches: [{ servicePort: 90, path: PathMatch.exact('/a') }], destinations: [Destination.service(other)] }).http).toEqual([
      { match: [{ port: 90, uri: { exact: '/a' } }], route: [{ destination: { host: 'other.shop.svc.cluster.local' } }] },
      { match: [{ port: 80 }], route: [{ destination: { ...CART.destination, port: { number: 80 } } }] },
      { match: [{ port: 90 }], route: [{ destination: { ...CART.destination, port: { number: 90 } } }] },
    ]);
  });

  test('where one carries requests need no match, and name the port', () => {
    const { route } = setUp(Port.http(80), Port.tcp(90));
    expect(route({ timeout: Duration.seconds(1) }).http).toEqual([{ route: [{ destination: { ...CART.destination, port: { number: 80 } } }], timeout: '1s' }]);
  });

  test('of a destination must tell which is meant', () => {
    const { chart, mesh, cart } = setUp(Port.http(8080));
    cart.addRoute({ destinations: [Destination.service(serviceIn(chart, 'two', mesh, { ports: [Port.http(1), Port.http(2)] }))] });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E005', constructPath: 'test/cart', what: 'two has no port 8080', fix: 'name one of 1, 2' });
  });
});

describe('callers with a patience of their own', () => {
  test('are known by the labels of their pods', () => {
    const { chart, mesh, cart, other } = setUp();
    other.connections.allowTo(cart, Access.all(), { timeout: Duration.seconds(1) });
    serviceIn(chart, 'far', mesh, { namespace: 'far' }).connections.allowTo(cart, Access.all(), { timeout: Duration.seconds(2) });
    expect(manifestOf(chart, 'VirtualService', 'cart').spec.http).toEqual([
      { match: [{ sourceLabels: { 'app.kubernetes.io/name': 'far' }, sourceNamespace: 'far' }], route: [CART], timeout: '2s' },
      { match: [{ sourceLabels: { 'app.kubernetes.io/name': 'other' }, sourceNamespace: 'shop' }], route: [CART], timeout: '1s' },
      { route: [CART] },
    ]);
  });
});

describe('an egress scope', () => {
  test('names the services that are called, and nothing where none is', () => {
    const { chart, mesh, other } = setUp();
    const web = serviceIn(chart, 'web', mesh, { egressScope: true });
    expect(manifestOf(chart, 'Sidecar', 'web').spec).toEqual({ workloadSelector: { labels: { 'app.kubernetes.io/name': 'web' } }, egress: [{ hosts: ['~/*'] }] });
    web.connections.allowTo(other, Access.ports(80));
    web.connections.allowTo(other, Access.http({ methods: [MethodMatch.GET] }));
    web.connections.allowTo(serviceIn(chart, 'a', mesh, { namespace: 'far' }));
    expect(manifestOf(chart, 'Sidecar', 'web').spec.egress).toEqual([{ hosts: ['far/a.far.svc.cluster.local', 'shop/other.shop.svc.cluster.local'] }]);
  });
});

describe('limits', () => {
  test('are written to the DestinationRule', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'web', mesh, { circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 5, maxEjection: Percent.of(50) }, pool: { maxConnections: 1, maxRequests: 2 } }) });
    expect(manifestOf(chart, 'DestinationRule', 'web').spec.trafficPolicy).toEqual({
      connectionPool: { tcp: { maxConnections: 1 }, http: { http2MaxRequests: 2 } }, outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 },
    });
  });

  test('that Istio cannot say are errors of their service', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'web', mesh, { circuitBreaker: CircuitBreaker.of({ outliers: { maxEjection: Percent.of(12.5) } }) });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E006', constructPath: 'test/web', fix: 'Istio takes whole percentages here' });
  });
});

/** Whether Istio's match holds for a request, as its documentation tells. */
function holdsForIstio(match: any, request: Request): boolean {
  const fits = (text: string | undefined, { exact, prefix, regex }: { exact?: string; prefix?: string; regex?: string }) => text !== undefined
    && (exact === undefined || text === exact) && (prefix === undefined || text.startsWith(prefix)) && (regex === undefined || new RegExp(`^(?:${regex})$`).test(text));
  return (match.uri === undefined || fits(request.path, match.uri))
    && (match.method === undefined || fits(request.method, match.method))
    && (match.port === undefined || match.port === request.port)
    && Object.entries(match.headers ?? {}).every(([name, text]: [string, any]) => fits(request.headers[name], text))
    && Object.entries(match.withoutHeaders ?? {}).every(([name, text]: [string, any]) => !fits(request.headers[name], text))
    && Object.entries(match.queryParams ?? {}).every(([name, text]: [string, any]) => fits(request.query[name], text));
}

describe('a match in Istio\'s words', () => {
  test('holds for the same requests', () => {
    holds(3000, fc.tuple(matches, fc.array(requests, { minLength: 10, maxLength: 10 })), ([match, some]) => {
      const rendered = renderMatch(match).map((part) => part.match);
      some.forEach((request) => expect(rendered.some((part) => holdsForIstio(part, request))).toBe(satisfies(request, match)));
    });
  });

  test.each<[HttpMatch, object[]]>([
    [{ path: PathMatch.prefix('/a') }, [{ uri: { exact: '/a' } }, { uri: { prefix: '/a/' } }]],
    [{ path: PathMatch.prefix('/') }, [{}]],
    [{ path: PathMatch.template('/a/{*}/{**}') }, [{ uri: { regex: '/a/[^/]+/.*' } }]],
    [{ headers: [HeaderMatch.present('x'), HeaderMatch.not(HeaderMatch.present('y'))] }, [{ headers: { x: {} }, withoutHeaders: { y: {} } }]],
    [{ queryParams: [QueryMatch.exact('q', 'a')], method: MethodMatch.GET }, [{ queryParams: { q: { exact: 'a' } }, method: { exact: 'GET' } }]],
  ])('%j', (match, expected) => expect(JSON.parse(JSON.stringify(renderMatch(match).map((part) => part.match)))).toEqual(expected));

  test('keeps presence in the manifest, which is an empty object', () => {
    const { route } = setUp();
    expect(route({ matches: [{ headers: [HeaderMatch.present('x')] }] }).http[0].match).toEqual([{ headers: { x: {} } }]);
  });
});
