import { Duration } from 'cdk8s';
import {
  ClaimMatch, Destination, DirectResponse, Fault, HeaderMatch, istio, MethodMatch, PathMatch, PathRewrite, Percent, Port, QueryMatch, Redirect, Retries, RetryOn, Weight,
} from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { DestinationRule, Gateway, Host, RouteTarget, TextMatch, VirtualService, Visibility, WorkloadSelector } = istio;

const SHOP = Host.fqdn('shop.example.com');
const CART = Host.kubernetesService('cart', 'shop');
const TO_CART = [RouteTarget.host(CART)];

function render(props: istio.VirtualServiceProps, namespace?: string): Manifest {
  const chart = chartIn(undefined, undefined, { namespace });
  new VirtualService(chart, 'routes', props);
  return manifestsOf(chart)[0];
}

/** The HTTP routes of a VirtualService for one host. */
function routes(...httpRoutes: istio.HttpRouteOptions[]): Manifest[] {
  return render({ hosts: [SHOP], httpRoutes }).spec.http;
}

/** What one match becomes. */
function matches(match: istio.RequestMatch, props: istio.VirtualServiceProps = {}): Manifest[] {
  return render({ hosts: [SHOP], ...props, httpRoutes: [{ matches: [match], destinations: TO_CART }] }).spec.http[0].match;
}

function gateway(namespace: string | undefined = 'shop', name: string = 'web'): istio.IGateway {
  return Gateway.fromGatewayName(chartIn(), `gateway-${name}`, name, namespace);
}

describe('a VirtualService', () => {
  test('says no more than what it was told', () => {
    expect(render({ hosts: [SHOP], httpRoutes: [{ destinations: TO_CART }] })).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'test-routes' },
      spec: { hosts: ['shop.example.com'], http: [{ route: [{ destination: { host: 'cart.shop.svc.cluster.local' } }] }] },
    });
  });

  test('grows until synth, and can be read back without being changed', () => {
    const chart = chartIn();
    const routed = new VirtualService(chart, 'routes');
    expect(routed.isDelegate).toBe(true);
    routed.addHosts(SHOP);
    routed.addGateways(gateway());
    routed.addHttpRoute({ destinations: TO_CART });
    routed.addTlsRoute({ matches: [{ sniHosts: [SHOP] }], destinations: TO_CART });
    routed.addTcpRoute({ destinations: TO_CART });
    [routed.hosts, routed.gateways, routed.httpRoutes, routed.tlsRoutes, routed.tcpRoutes].forEach((list) => list.pop());
    expect([routed.hosts, routed.gateways, routed.httpRoutes, routed.tlsRoutes, routed.tcpRoutes].map((list) => list.length)).toEqual([1, 1, 1, 1, 1]);
    expect([routed.isDelegate, routed.inMesh]).toEqual([false, false]);
    expect(Object.keys(manifestsOf(chart)[0].spec)).toEqual(['gateways', 'hosts', 'http', 'tcp', 'tls']);
  });

  test('sets every field that Istio knows', () => {
    const both: istio.CallerMatch = { gateways: [gateway()], inMesh: true };
    const header = { setHeaders: { a: '1' }, addHeaders: { b: '2' }, removeHeaders: ['c'] };
    const passing = render({
      hosts: [SHOP],
      gateways: [gateway()],
      inMesh: true,
      exportTo: Visibility.ownNamespace(),
      httpRoutes: [
        {
          routeName: 'all',
          matches: [{
            ...both,
            matchName: 'm',
            statPrefix: 's',
            ignorePathCase: true,
            path: PathMatch.exact('/a'),
            method: MethodMatch.GET,
            servicePort: 80,
            authority: TextMatch.prefix('shop'),
            scheme: TextMatch.exact('https'),
            queryTexts: { a: TextMatch.present(), b: TextMatch.prefix('x') },
            headers: [HeaderMatch.exact('x', '1'), HeaderMatch.not(HeaderMatch.prefix('y', '2')), HeaderMatch.regex('z', '3.*'), HeaderMatch.not(HeaderMatch.exact('w', '4')),
              HeaderMatch.not(HeaderMatch.regex('v', '5')), HeaderMatch.prefix('u', '6')],
            queryParams: [QueryMatch.exact('c', '1'), QueryMatch.regex('d', '.*')],
          }, {
            callers: WorkloadSelector.labels({ app: 'web' }),
            callerNamespace: 'shop',
            uri: TextMatch.prefix('/b'),
            methodText: TextMatch.regex('P.*'),
            authority: TextMatch.exact('shop'),
            scheme: TextMatch.prefix('h'),
          }, { uri: TextMatch.regex('/c.*'), methodText: TextMatch.prefix('G'), authority: TextMatch.regex('.*'), scheme: TextMatch.regex('.*') }],
          destinations: [RouteTarget.host(CART, { servicePort: 80, weight: Weight.of(100), requestHeaders: header, responseHeaders: header }),
            RouteTarget.subset(istio.HostSubset.fromSubsetName(CART, 'v2'), { weight: Weight.of(0) })],
          mirrors: [{ target: RouteTarget.subset(istio.HostSubset.fromSubsetName(CART, 'v3'), { servicePort: 80 }), share: Percent.of(5) }],
          requestHeaders: header,
          responseHeaders: header,
          timeout: Duration.seconds(3),
          retries: Retries.attempts(2, { perTryTimeout: Duration.seconds(1), backoff: Duration.millis(10) }),
          retryTuning: { moreConditions: [istio.RetryCondition.ENVOY_RATE_LIMITED], otherLocalities: true, avoidTriedHosts: false },
          fault: Fault.of({ delay: Duration.seconds(1), abortStatus: 500 }),
          cors: { allowedOrigins: ['https://a'], allowedOriginPatterns: ['.*'], allowedMethods: [MethodMatch.GET], allowedHeaders: ['x'], exposedHeaders: ['y'], maxAge: Duration.minutes(1), allowCredentials: true },
          corsTuning: { originPrefixes: ['https://b'], unmatchedPreflights: istio.UnmatchedPreflights.IGNORE },
        },
        { matches: [{ path: PathMatch.exact('/x') }], destinations: TO_CART, pathRewrite: PathRewrite.regex('x', 'y'), hostRewrite: 'b.example.com', fault: Fault.of({ abortGrpcStatus: 'UNAVAILABLE' }) },
        { matches: [{ uri: TextMatch.prefix('/y') }], destinations: TO_CART, pathRewrite: PathRewrite.prefix('/z') },
        { matches: [{ path: PathMatch.prefix('/r') }], redirect: Redirect.to({ scheme: 'https', host: 'c.example.com', path: PathRewrite.prefix('/s') }), redirectPort: istio.RedirectPort.FROM_REQUEST_PORT },
        { matches: [{ path: PathMatch.exact('/t') }], redirect: Redirect.to({ portNumber: 8443, path: PathRewrite.full('/u') }) },
        { matches: [{ path: PathMatch.exact('/d') }], directResponse: DirectResponse.of(200, 'text') },
        { matches: [{ path: PathMatch.exact('/e') }], directResponse: DirectResponse.of(200), directResponseBytes: 'AAE=' },
        { matches: [{ path: PathMatch.exact('/f') }], delegate: VirtualService.fromVirtualServiceName(chartIn(), 'other', 'other', 'shop') },
      ],
      tlsRoutes: [
        {
          matches: [{ ...both, sniHosts: [SHOP], servicePort: 443, destinationBlocks: ['10.0.0.0/8'] }],
          destinations: [RouteTarget.subset(istio.HostSubset.fromSubsetName(CART, 'v2'), { servicePort: 443, weight: Weight.of(100) })],
        },
        { matches: [{ callers: WorkloadSelector.labels({ app: 'web' }), callerNamespace: 'shop', sniHosts: [SHOP] }], destinations: TO_CART },
      ],
      tcpRoutes: [
        {
          matches: [{ ...both, servicePort: 9000, destinationBlocks: ['10.0.0.0/8'], sourceBlock: '10.1.0.0/16' }],
          destinations: [RouteTarget.subset(istio.HostSubset.fromSubsetName(CART, 'v2'), { servicePort: 9000, weight: Weight.of(100) })],
        },
        { matches: [{ callers: WorkloadSelector.labels({ app: 'web' }), callerNamespace: 'shop' }], destinations: TO_CART },
      ],
    }, 'shop');
    const old = render({
      hosts: [SHOP],
      httpRoutes: [{ destinations: TO_CART }],
      additionalSpec: {
        http: [{
          mirror: { host: 'a', port: { number: 1 }, subset: 'b' },
          mirrorPercent: 1,
          mirror_percent: 1,
          mirrorPercentage: { value: 1 },
          corsPolicy: { allowOrigin: ['*'] },
          fault: { delay: { percent: 5, exponentialDelay: '1s' }, abort: { http2Error: 'x' } },
        }],
      },
    });
    expect(unsetFields('networking.istio.io/v1', 'VirtualService', [passing, old])).toEqual([]);
    expect(unsetFields('networking.istio.io/v1', 'VirtualService', [passing])).toEqual([
      'http.corsPolicy.allowOrigin', 'http.fault.abort.http2Error', 'http.fault.delay.exponentialDelay', 'http.fault.delay.percent', 'http.mirror',
      'http.mirror.host', 'http.mirror.port', 'http.mirror.port.number', 'http.mirror.subset', 'http.mirrorPercent', 'http.mirrorPercentage', 'http.mirrorPercentage.value', 'http.mirror_percent',
    ]);
  });
});

describe('the hosts and gateways of a VirtualService', () => {
  test('hold for the mesh without gateways, for gateways only with them, for both when said', () => {
    const bound = (props: istio.VirtualServiceProps) => render({ hosts: [SHOP], httpRoutes: [{ destinations: TO_CART }], ...props }, 'shop').spec.gateways;
    expect(bound({})).toBeUndefined();
    expect(bound({ gateways: [gateway(), gateway('edge', 'other')] })).toEqual(['shop/web', 'edge/other']);
    expect(bound({ gateways: [gateway()], inMesh: true })).toEqual(['shop/web', 'mesh']);
  });

  test('name a gateway without namespace only when there is none at all', () => {
    const props = { hosts: [SHOP], httpRoutes: [{ destinations: TO_CART }], gateways: [Gateway.fromGatewayName(chartIn(), 'gateway', 'web')] };
    expect(render(props).spec.gateways).toEqual(['web']);
    expect(errorOf(() => render(props, 'shop'))).toMatchObject({ code: 'MESH-E030', fix: 'name a namespace in its metadata or for its chart', constructPath: 'test/routes' });
  });

  test.each<[string, istio.VirtualServiceProps, string, string]>([
    ['hosts that overlap', { hosts: [Host.fqdn('*.example.com'), SHOP] }, 'MESH-E031', 'name every host once'],
    ['every host within the mesh', { hosts: [Host.any()] }, 'MESH-E002', 'bind it to gateways only, or name the hosts'],
    ['neither mesh nor gateway', { hosts: [SHOP], inMesh: false }, 'MESH-E020', 'name gateways, or leave inMesh out'],
    ['a delegate with gateways', { gateways: [gateway()] }, 'MESH-E031', 'name hosts, or keep HTTP routes only: whoever delegates to it says where it holds'],
    ['a delegate that delegates', { httpRoutes: [{ delegate: VirtualService.fromVirtualServiceName(chartIn(), 'o', 'o') }] }, 'MESH-E031', 'name the destinations: Istio follows one step only'],
    ['no routes', { hosts: [SHOP], httpRoutes: [] }, 'MESH-E020', 'add one with addHttpRoute(), addTlsRoute() or addTcpRoute()'],
    ['visibility that is none', { hosts: [SHOP], exportTo: Visibility.nowhere() }, 'MESH-E031', 'leave the object out, or use Visibility.ownNamespace()'],
  ])('refuse %s', (_, props, code, fix) => {
    expect(errorOf(() => render({ httpRoutes: [{ destinations: TO_CART }], ...props }))).toMatchObject({ code, fix });
  });

  test('delegate to a VirtualService without hosts that they can see', () => {
    const chart = chartIn(undefined, undefined, { namespace: 'shop' });
    const part = new VirtualService(chart, 'part', { metadata: { namespace: 'parts' }, httpRoutes: [{ destinations: TO_CART }] });
    new VirtualService(chart, 'whole', { hosts: [SHOP], httpRoutes: [{ delegate: part, timeout: Duration.seconds(1) }] });
    expect(manifestsOf(chart).map(({ spec }) => spec)).toEqual([
      { http: [{ route: [{ destination: { host: 'cart.shop.svc.cluster.local' } }] }] },
      { hosts: ['shop.example.com'], http: [{ delegate: { name: 'test-part', namespace: 'parts' }, timeout: '1s' }] },
    ]);
    part.addHosts(CART);
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E031', fix: 'leave the hosts of the other VirtualService out', constructPath: 'test/whole' });
  });

  test('do not delegate to what they do not see', () => {
    const chart = chartIn(undefined, undefined, { namespace: 'shop' });
    const part = new VirtualService(chart, 'part', { metadata: { namespace: 'parts' }, exportTo: Visibility.ownNamespace(), httpRoutes: [{ destinations: TO_CART }] });
    new VirtualService(chart, 'whole', { hosts: [SHOP], httpRoutes: [{ delegate: part }] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E031', fix: 'widen its exportTo' });
  });
});

describe('the matches of an HTTP route', () => {
  test('keep prefixes to whole segments, and say other things in Istio\'s words', () => {
    expect(matches({ path: PathMatch.prefix('/api/') })).toEqual([{ uri: { exact: '/api' } }, { uri: { prefix: '/api/' } }]);
    expect(matches({ path: PathMatch.template('/orders/{*}') })).toEqual([{ uri: { regex: '/orders/[^/]+' } }]);
    expect(matches({ uri: TextMatch.prefix('/api'), ignorePathCase: true })).toEqual([{ ignoreUriCase: true, uri: { prefix: '/api' } }]);
    expect(matches({ queryTexts: { debug: TextMatch.present() } })).toEqual([{ queryParams: { debug: {} } }]);
  });

  test('know callers by their pods, and no gateway beside them', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const web = serviceIn(chart, 'web', mesh);
    const callers = WorkloadSelector.service(web);
    expect(matches({ callers })).toEqual([{ sourceLabels: { 'app.kubernetes.io/name': 'web' }, sourceNamespace: 'shop' }]);
    expect(errorOf(() => matches({ callers, inMesh: true }))).toMatchObject({ code: 'MESH-E020', fix: 'leave gateways and inMesh out: callers are always within the mesh' });
    expect(errorOf(() => matches({ callers }, { gateways: [gateway()] }))).toMatchObject({ code: 'MESH-E020', fix: 'set inMesh: true on the VirtualService, or leave callers out' });
  });

  test('may be for some of the gateways, or for the mesh alone', () => {
    const props = { gateways: [gateway(), gateway('shop', 'other')], inMesh: true };
    expect(matches({ gateways: [gateway()] }, props)).toEqual([{ gateways: ['shop/web'] }]);
    expect(matches({ inMesh: true }, props)).toEqual([{ gateways: ['mesh'] }]);
    expect(matches({ inMesh: false }, props)).toEqual([{ gateways: ['shop/web', 'shop/other'] }]);
    expect(errorOf(() => matches({ gateways: [gateway('shop', 'third')] }, props))).toMatchObject({ code: 'MESH-E020', fix: 'add it to the gateways of the VirtualService' });
    expect(errorOf(() => matches({ inMesh: true }, { gateways: [gateway()] }))).toMatchObject({ code: 'MESH-E020', fix: 'set inMesh: true on the VirtualService' });
    expect(errorOf(() => matches({ inMesh: false }))).toMatchObject({ code: 'MESH-E020', fix: 'leave gateways and inMesh out' });
  });

  test('look at claims at gateways only', () => {
    const claims = [ClaimMatch.oneOf('groups', 'admin'), ClaimMatch.oneOf('realm.roles', 'a+b', 'c')];
    expect(matches({ claims, withoutClaims: [ClaimMatch.oneOf('blocked', 'yes')] }, { gateways: [gateway()] })).toEqual([{
      headers: { '@request.auth.claims[groups]': { exact: 'admin' }, '@request.auth.claims[realm][roles]': { regex: 'a\\+b|c' } },
      withoutHeaders: { '@request.auth.claims[blocked]': { exact: 'yes' } },
    }]);
    expect(errorOf(() => matches({ claims }))).toMatchObject({ code: 'MESH-E031', fix: 'bind it to gateways only' });
    expect(errorOf(() => matches({ claims: [claims[0], claims[0]] }, { gateways: [gateway()] }))).toMatchObject({ code: 'MESH-E009', fix: 'join them into one' });
  });

  test.each<[string, istio.RequestMatch, string, string]>([
    ['two paths', { path: PathMatch.exact('/'), uri: TextMatch.exact('/') }, 'MESH-E031', 'give one of them'],
    ['two methods', { method: MethodMatch.GET, methodText: TextMatch.exact('GET') }, 'MESH-E031', 'give one of them'],
    ['the case of a pattern', { path: PathMatch.regex('/a'), ignorePathCase: true }, 'MESH-E031', 'write (?i) at the beginning of the pattern, or leave ignorePathCase out'],
    ['one parameter twice', { queryParams: [QueryMatch.exact('a', '1')], queryTexts: { a: TextMatch.present() } }, 'MESH-E009', 'join them into one pattern'],
    ['one header twice', { headers: [HeaderMatch.exact('a', '1'), HeaderMatch.prefix('A', '2')] }, 'MESH-E009', 'join them into one pattern'],
    ['no port', { servicePort: 0 }, 'MESH-E003', 'use a whole number from 1 to 65535'],
  ])('refuse %s', (_, match, code, fix) => {
    expect(errorOf(() => matches(match))).toMatchObject({ code, fix });
  });

  test('do not take requests that an earlier route takes', () => {
    const path = { matches: [{ path: PathMatch.exact('/a') }], destinations: TO_CART };
    expect(errorOf(() => routes({ routeName: 'all', destinations: TO_CART }, path)))
      .toMatchObject({ code: 'MESH-E019', what: 'route number 2 is never reached: route "all" takes all of its requests', fix: 'put the more specific route first, or remove one of the two' });
    expect(errorOf(() => routes(path, { ...path, timeout: Duration.seconds(1) })).code).toBe('MESH-E019');
    expect(routes(path, { destinations: TO_CART })).toHaveLength(2);
    const delegate = VirtualService.fromVirtualServiceName(chartIn(), 'part', 'part', 'shop');
    expect(routes({ delegate }, { destinations: TO_CART })).toHaveLength(2);
  });
});

describe('the destinations of an HTTP route', () => {
  test('stand behind the subsets that they name', () => {
    const chart = chartIn(undefined, undefined, { namespace: 'shop' });
    const routed = new VirtualService(chart, 'routes', { hosts: [CART] });
    const v2 = new DestinationRule(chart, 'versions', { host: CART }).addSubset('v2');
    routed.addHttpRoute({ destinations: [RouteTarget.subset(v2)] });
    expect(manifestsOf(chart).map(({ kind }) => kind)).toEqual(['DestinationRule', 'VirtualService']);
    expect(manifestsOf(chart)[1].spec.http).toEqual([{ route: [{ destination: { host: 'cart.shop.svc.cluster.local', subset: 'v2' } }] }]);
  });

  test('are services of the app by any name, with the port that was meant', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', mesh, { ports: [Port.http(80), Port.grpc(7070), Port.tcp(9000)] });
    const [v1, v2] = [cart.subset('v1'), cart.subset('v2')];
    const target = (to: istio.RouteTarget) => routes({ destinations: [to] })[0].route[0];
    const host = 'cart.shop.svc.cluster.local';
    expect(target(RouteTarget.host(Host.service(cart), { servicePort: 7070 }))).toEqual({ destination: { host, port: { number: 7070 } } });
    expect(target(RouteTarget.destination(Destination.subset(v1), { servicePort: 80 }))).toEqual({ destination: { host, subset: 'v1', port: { number: 80 } } });
    expect(errorOf(() => target(RouteTarget.destination(Destination.subset(v2))))).toMatchObject({ code: 'MESH-E005', fix: 'name one of 80, 7070, 9000 with servicePort' });
    expect(errorOf(() => target(RouteTarget.host(Host.service(cart), { servicePort: 81 })))).toMatchObject({ code: 'MESH-E005', what: 'cart.shop.svc.cluster.local:81 has no such port' });
    expect(errorOf(() => target(RouteTarget.host(Host.service(cart), { servicePort: 9000 }))))
      .toMatchObject({ code: 'MESH-E018', fix: 'route it with addTcpRoute() or addTlsRoute(), or declare the port with Port.http(), Port.http2() or Port.grpc()' });
  });

  test('may be asked by another host, and change headers', () => {
    const [{ route }] = routes({ destinations: [RouteTarget.host(CART, { hostRewrite: 'b.example.com', requestHeaders: { setHeaders: { 'x-a': '50%%' } } })] });
    expect(route[0].headers).toEqual({ request: { set: { ':authority': 'b.example.com', 'x-a': '50%%' } } });
  });

  test('have shares that mean something', () => {
    const split = (...weights: (Weight | undefined)[]) => routes({ destinations: weights.map((weight, index) => RouteTarget.host(Host.fqdn(`v${index}.example.com`), { weight })) });
    expect(split(Weight.of(90), Weight.of(10))[0].route.map(({ weight }: Manifest) => weight)).toEqual([90, 10]);
    expect(split(Weight.relative(999), Weight.relative(1))[0].route.map(({ weight }: Manifest) => weight)).toEqual([999, 1]);
    expect(errorOf(() => split(Weight.of(90), Weight.of(20)))).toMatchObject({ code: 'MESH-E008', fix: 'make them sum to 100' });
    expect(errorOf(() => split(Weight.of(90), undefined))).toMatchObject({ code: 'MESH-E008', fix: 'give every destination a weight, such as Weight.of(50)' });
    expect(errorOf(() => split(Weight.relative(0), Weight.relative(0))).code).toBe('MESH-E008');
  });

  test.each<[string, istio.HttpRouteOptions, string, string]>([
    ['leads nowhere', {}, 'MESH-E020', 'give destinations, redirect, directResponse or delegate'],
    ['has an empty list', { destinations: [] }, 'MESH-E020', 'name at least one destination'],
    ['names a destination twice', { destinations: [RouteTarget.host(CART, { weight: Weight.of(50) }), RouteTarget.host(CART, { weight: Weight.of(50) })] }, 'MESH-E026', 'add its weights up'],
    ['leads to a wildcard', { destinations: [RouteTarget.host(Host.fqdn('*.example.com'))] }, 'MESH-E002', 'name one host'],
    ['answers and passes on', { destinations: TO_CART, redirect: Redirect.toHttps() }, 'MESH-E031', 'leave out destinations, rewrites, mirrors, faults and retries, or the redirect or direct response'],
    ['answers and fails on purpose', { redirect: Redirect.toHttps(), fault: Fault.abort(500) }, 'MESH-E031', 'leave out destinations, rewrites, mirrors, faults and retries, or the redirect or direct response'],
    ['delegates and decides', { destinations: TO_CART, delegate: VirtualService.fromVirtualServiceName(chartIn(), 'd', 'd') }, 'MESH-E031', 'leave out delegate, or destinations, redirect and directResponse'],
    ['rewrites the host twice', { hostRewrite: 'a.example.com', destinations: [RouteTarget.host(CART, { hostRewrite: 'b.example.com' })] }, 'MESH-E031', 'rewrite it in one place'],
    ['replaces a prefix that it does not match', { destinations: TO_CART, pathRewrite: PathRewrite.prefix('/') }, 'MESH-E020', 'match by PathMatch.prefix() in every match, or replace the path with PathRewrite.full()'],
    ['tunes retries that it has not', { destinations: TO_CART, retryTuning: { otherLocalities: true } }, 'MESH-E030', 'give retries too, or leave retryTuning out'],
    ['tunes retries that there are none of', { destinations: TO_CART, retries: Retries.none(), retryTuning: { otherLocalities: true } }, 'MESH-E031', 'leave retryTuning out'],
    ['tunes CORS that it has not', { destinations: TO_CART, corsTuning: {} }, 'MESH-E030', 'give cors too, or leave corsTuning out'],
    ['has a redirect with two ports', { redirect: Redirect.to({ portNumber: 8443 }), redirectPort: istio.RedirectPort.FROM_REQUEST_PORT }, 'MESH-E031', 'leave out redirectPort, or the port number of the redirect'],
    ['has a body twice', { directResponse: DirectResponse.of(200, 'x'), directResponseBytes: 'AAE=' }, 'MESH-E031', 'give one of them'],
    ['has bytes that are none', { directResponse: DirectResponse.of(200), directResponseBytes: '?' }, 'MESH-E028', 'encode it, for example with Buffer.from(bytes).toString("base64")'],
    ['has a CORS age of less than a second', { destinations: TO_CART, cors: { allowedOrigins: ['*'], maxAge: Duration.millis(1500) } }, 'MESH-E010', 'use whole seconds'],
    ['sets a header that Envoy refuses', { destinations: TO_CART, requestHeaders: { setHeaders: { a: '50%' } } }, 'MESH-E009', 'write %% for a percent sign, and commands such as %DOWNSTREAM_REMOTE_ADDRESS%'],
    ['sets a header with a line break', { destinations: TO_CART, requestHeaders: { setHeaders: { a: 'b\nc' } } }, 'MESH-E009', 'leave control characters out'],
  ])('are refused when the route %s', (_, route, code, fix) => {
    expect(errorOf(() => routes(route))).toMatchObject({ code, fix });
  });

  test('keep commands of Envoy in header values', () => {
    const value = '%DOWNSTREAM_REMOTE_ADDRESS% %REQ(x-a?x-b):10% 100%% %START_TIME(%Y-%m)%';
    expect(routes({ destinations: TO_CART, requestHeaders: { setHeaders: { a: value } } })[0].headers.request.set.a).toBe(value);
  });
});

describe('rewrites and redirects', () => {
  test('replace a prefix of segments once for itself and once below, and a prefix of characters as it stands', () => {
    expect(routes({ routeName: 'api', matches: [{ path: PathMatch.prefix('/api') }, { uri: TextMatch.prefix('/old-') }], destinations: TO_CART, pathRewrite: PathRewrite.prefix('/v2/') }).map(
      ({ name, match, rewrite }) => [name, match, rewrite])).toEqual([
      ['api', [{ uri: { exact: '/api' } }], { uri: '/v2' }],
      ['api-below', [{ uri: { prefix: '/api/' } }], { uri: '/v2/' }],
      ['api', [{ uri: { prefix: '/old-' } }], { uri: '/v2/' }],
    ]);
    expect(routes({ matches: [{ uri: TextMatch.prefix('/old-') }], redirect: Redirect.to({ path: PathRewrite.prefix('/new-') }) })[0].redirect)
      .toEqual({ prefixRewrite: '/new-', redirectCode: 302 });
  });

  test('say retries, CORS and answers with what only Istio knows', () => {
    const [route] = routes({
      destinations: TO_CART,
      retries: Retries.attempts(1, { conditions: [RetryOn.SERVER_ERROR], statusCodes: [429] }),
      retryTuning: { moreConditions: [istio.RetryCondition.RESET_BEFORE_REQUEST], avoidTriedHosts: false },
      cors: { allowedOrigins: ['https://a'] },
      corsTuning: { originPrefixes: ['https://b'], unmatchedPreflights: istio.UnmatchedPreflights.IGNORE },
    });
    expect(route.retries).toEqual({ attempts: 1, retryOn: '5xx,429,reset-before-request', retryIgnorePreviousHosts: false });
    expect(route.corsPolicy).toEqual({ allowOrigins: [{ exact: 'https://a' }, { prefix: 'https://b' }], unmatchedPreflights: 'IGNORE' });
  });
});

describe('routes for connections', () => {
  test('take server names that are hosts of the VirtualService, or within a wildcard of them', () => {
    const tls = (sni: istio.Host[]) => render({ hosts: [Host.fqdn('*.example.com')], tlsRoutes: [{ matches: [{ sniHosts: sni }], destinations: TO_CART }] }).spec.tls;
    expect(tls([SHOP])).toEqual([{ match: [{ sniHosts: ['shop.example.com'] }], route: [{ destination: { host: 'cart.shop.svc.cluster.local' } }] }]);
    expect(errorOf(() => tls([CART]))).toMatchObject({ code: 'MESH-E020', fix: 'add it to the hosts' });
    expect(errorOf(() => tls([]))).toMatchObject({ code: 'MESH-E020', fix: 'name at least one in sniHosts' });
  });

  test('change nothing of what passes', () => {
    const tcp = (to: istio.RouteTarget) => render({ hosts: [CART], tcpRoutes: [{ destinations: [to] }] });
    expect(tcp(RouteTarget.host(CART, { servicePort: 9000 })).spec.tcp).toEqual([{ route: [{ destination: { host: 'cart.shop.svc.cluster.local', port: { number: 9000 } } }] }]);
    expect(errorOf(() => tcp(RouteTarget.host(CART, { hostRewrite: 'a.example.com' })))).toMatchObject({ code: 'MESH-E031', fix: 'leave them out' });
    expect(errorOf(() => render({ hosts: [CART], tcpRoutes: [{ matches: [{ destinationBlocks: ['10.0.0.0/99'] }], destinations: TO_CART }] })).code).toBe('MESH-E032');
    expect(errorOf(() => render({ hosts: [CART], tlsRoutes: [{ matches: [], destinations: TO_CART }] }))).toMatchObject({ code: 'MESH-E020', fix: 'name the server names that clients ask for' });
  });
});

describe('mistakes that only the whole shows', () => {
  test('are reported at the construct, together with those of others', () => {
    const chart = chartIn();
    new VirtualService(chart, 'one', { hosts: [SHOP] });
    new VirtualService(chart, 'two', { hosts: [Host.any()], httpRoutes: [{ destinations: TO_CART }] });
    expect(errorsOf(() => manifestsOf(chart)).map(({ code, constructPath }) => [code, constructPath])).toEqual([['MESH-E020', 'test/one'], ['MESH-E002', 'test/two']]);
  });
});
