import { accrualOf, parseLinkerdDuration, policyOf } from '../../../src/engine/routing/linkerd/annotations';
import { Decision } from '../../../src/engine/simulate/decision';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, destinations, estate, service } from '../support/estate';
import { call, httpRoute, manifest, routesBy, short } from '../support/meshes';

const GATEWAY = 'gateway.networking.k8s.io/v1';
const PARENT = '{group: "", kind: Service, name: api, namespace: shop}';
const SERVICES = ['api', 'one', 'two'].map(name => service('shop', name)).join('') + service('web', 'web');
const any = '{path: {type: PathPrefix, value: /}}';
const path = (value: string): string => `{path: {type: Exact, value: ${value}}}`;
const MESHES = ['linkerd', 'istio', 'gateway-api'];

const ask = (yaml: string, http?: SimulationRequest['http'], more: SimulationRequest = {}): Decision =>
  decide(estate(SERVICES + yaml, { mesh: 'linkerd' }), { ...call('api.shop', http), only: 'routing', ...more });
const rule = (spec: string, namespace = 'shop', name = 'r', annotations = ''): string =>
  manifest(GATEWAY, 'HTTPRoute', namespace, name, `{parentRefs: [${PARENT}], rules: [${spec}]}`, annotations);
const one = 'backendRefs: [{name: one, namespace: shop, port: 80}]';

describe('routes of clients and of services in Linkerd', () => {
  const producer = httpRoute('shop', 'p', PARENT, [[path('/p'), 'one']]);
  const consumer = manifest(GATEWAY, 'HTTPRoute', 'web', 'c', `{parentRefs: [${PARENT}], rules: [{matches: [${path('/c')}], backendRefs: [{name: two, namespace: shop, port: 80}]}]}`);

  test('are merged for clients that have some of their own, where the specification lets theirs replace the others', () => {
    expect(routesBy(['linkerd', 'gateway-api'], SERVICES + producer + consumer, call('api.shop', { path: '/p' }))).toEqual({ 'linkerd': 'one', 'gateway-api': 'unroutable 404' });
    expect(routesBy(['linkerd', 'gateway-api'], SERVICES + producer + consumer, call('api.shop', { path: '/c' }))).toEqual({ 'linkerd': 'two', 'gateway-api': 'two' });
  });

  test('of clients count for clients of their namespace only', () => {
    expect(routesBy(MESHES, SERVICES + producer + consumer, call('api.shop', { path: '/c' }, 'other'))).toEqual({ 'linkerd': 'unroutable 404', 'istio': 'unroutable 404', 'gateway-api': 'unroutable 404' });
  });

  test('leave nothing to the service itself once there is one', () => {
    expect(short(ask(producer, { path: '/x' }))).toBe('unroutable 404');
    expect(short(ask('', { path: '/x' }))).toBe('api');
  });

  test('count at the port that they name, or at all', () => {
    expect(short(ask(producer.replace('namespace: shop}]', 'namespace: shop, port: 81}]'), { path: '/x' }))).toBe('api');
  });

  test('are of one kind: gRPC before HTTP before TLS before TCP', () => {
    const tcp = manifest('gateway.networking.k8s.io/v1alpha2', 'TCPRoute', 'shop', 't', `{parentRefs: [${PARENT}], rules: [{backendRefs: [{name: two, namespace: shop, port: 80}]}]}`);
    expect(short(ask(tcp + producer, { path: '/p' }))).toBe('one');
    expect(short(ask(tcp, { path: '/p' }))).toBe('two');
    const grpc = manifest(GATEWAY, 'GRPCRoute', 'shop', 'g', `{parentRefs: [${PARENT}], rules: [{${one}}]}`);
    expect(short(ask(grpc + producer, { path: '/p' }))).toBe('unroutable 404');
  });

  test('have no parent where the Service is headless or stands for another name', () => {
    const headless = (SERVICES + producer).replace('metadata: {name: api, namespace: shop}\nspec: {selector', 'metadata: {name: api, namespace: shop}\nspec: {clusterIP: None, selector');
    expect(short(decide(estate(headless, { mesh: 'linkerd' }), { ...call('api.shop', { path: '/x' }), only: 'routing' }))).toBe('api');
  });
});

describe('backends of routes in Linkerd', () => {
  test('live in the namespace of the parent where they name none, not in the route\'s', () => {
    const yaml = SERVICES + rule('{backendRefs: [{name: one, port: 80}]}', 'web');
    expect(routesBy(MESHES, yaml, call('api.shop'))).toEqual({ 'linkerd': 'one', 'istio': 'unroutable 500', 'gateway-api': 'unroutable 500' });
  });

  test('that cannot be used answer their share with 500', () => {
    const decision = ask(rule('{backendRefs: [{name: one, namespace: shop, port: 80, weight: 3}, {name: gone, namespace: shop, port: 80}, {name: two, namespace: shop}]}'));
    expect(decision.route.destinations.map(({ healthy, host, weight }) => [host.split('.')[0], weight, healthy])).toEqual([['one', 3, true], ['gone', 1, false], ['two', 1, false]]);
    expect(short(ask(rule('{backendRefs: [{name: gone, namespace: shop, port: 80}]}')))).toBe('unroutable 500');
    expect(short(ask(rule('{backendRefs: [{group: x.io, kind: Bucket, name: b}]}')))).toBe('unroutable 500');
  });

  test('are the parent itself where a rule has none, where the specification answers 500', () => {
    const yaml = SERVICES + rule(`{matches: [${any}]}`);
    expect(routesBy(['linkerd', 'gateway-api'], yaml, call('api.shop'))).toEqual({ 'linkerd': 'api', 'gateway-api': 'unroutable 500' });
  });

  test('share traffic by weight, one each where none is said', () => {
    expect(destinations(ask(rule('{backendRefs: [{name: one, namespace: shop, port: 80}, {name: two, namespace: shop, port: 80, weight: 9}]}'))).map(item => item.split('=')[1])).toEqual(['1', '9']);
  });
});

describe('filters of routes in Linkerd', () => {
  test('that it does not know spoil the whole route, which others apply', () => {
    const yaml = SERVICES + rule(`{matches: [${path('/x')}], filters: [{type: URLRewrite, urlRewrite: {hostname: h}}], ${one}}, {matches: [${any}], backendRefs: [{name: two, namespace: shop, port: 80}]}`);
    expect(routesBy(MESHES, yaml, call('api.shop', { path: '/x' }))).toEqual({ 'linkerd': 'api', 'istio': 'one', 'gateway-api': 'one' });
    const mirror = SERVICES + rule(`{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: two, port: 80}}}], ${one}}`);
    expect(routesBy(MESHES, mirror, call('api.shop'))).toEqual({ 'linkerd': 'api', 'istio': 'one', 'gateway-api': 'one' });
  });

  test('redirect', () => {
    const yaml = SERVICES + rule('{filters: [{type: RequestRedirect, requestRedirect: {hostname: new.example, statusCode: 301}}]}');
    expect(routesBy(['linkerd'], yaml, call('api.shop', { path: '/x?q=1' }))).toEqual({ linkerd: '301 http://new.example/x?q=1' });
    const backend = rule('{backendRefs: [{name: one, namespace: shop, port: 80, filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]}');
    expect(short(ask(backend, { path: '/x' }))).toBe('302 https://api.shop/x');
  });

  test('for responses change requests where the route is of Linkerd\'s own group', () => {
    const filter = '{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x, value: "1"}]}}';
    const ours = manifest('policy.linkerd.io/v1beta3', 'HTTPRoute', 'shop', 'r', `{parentRefs: [${PARENT}], rules: [{filters: [${filter}], ${one}}]}`);
    const guarded = `
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: s, namespace: shop}
spec: {podSelector: {matchLabels: {app: one}}, port: 8080, accessPolicy: all-unauthenticated}
${manifest(GATEWAY, 'HTTPRoute', 'shop', 'in', '{parentRefs: [{group: policy.linkerd.io, kind: Server, name: s}], rules: [{matches: [{headers: [{name: x, value: "1"}]}]}]}')}`;
    const verdict = (yaml: string): string => decide(estate(SERVICES + guarded + yaml, { mesh: 'linkerd' }), call('api.shop')).verdict;
    expect([verdict(ours), verdict(rule(`{filters: [${filter}], ${one}}`))]).toEqual(['allowed', 'denied']);
  });
});

describe('timeouts and retries in Linkerd', () => {
  test('are those of the rule, an annotation of the route before it, and never the backend\'s', () => {
    expect(ask(rule(`{timeouts: {request: 3s, backendRequest: 1s}, ${one}}`)).route.timeout).toBe(3000);
    expect(ask(rule(`{timeouts: {request: 3s}, ${one}}`, 'shop', 'r', '{timeout.linkerd.io/request: 5s}')).route.timeout).toBe(5000);
    expect(ask(rule(`{timeouts: {backendRequest: 1s}, ${one}}`)).route.timeout).toBeUndefined();
    expect(ask(rule(`{timeouts: {request: 0s}, ${one}}`)).route.timeout).toBeUndefined();
    expect(ask(rule(`{retry: {attempts: 3, codes: [500]}, ${one}}`)).route.retries).toBeUndefined();
  });

  test('of a route replace all of the service\'s, never single ones', () => {
    const onService = { 'retry.linkerd.io/http': '5xx', 'retry.linkerd.io/limit': '5', 'timeout.linkerd.io/request': '9s' };
    expect(policyOf(onService, {}, undefined)).toEqual({ retries: { attempts: 5, retryOn: '5xx' }, timeout: 9000 });
    expect(policyOf(onService, { 'retry.linkerd.io/grpc': 'unavailable' }, undefined)).toEqual({ retries: { attempts: 1, retryOn: 'unavailable' }, timeout: 9000 });
    expect(policyOf(onService, { 'timeout.linkerd.io/idle': '1s' }, undefined)).toEqual({ retries: { attempts: 5, retryOn: '5xx' } });
  });

  test('have conditions without any spaces, at least one try, and their own limit of time', () => {
    const of = (annotations: Record<string, string>): unknown => policyOf({}, annotations, undefined).retries;
    expect(of({ 'retry.linkerd.io/http': '500-504,gateway-error', 'retry.linkerd.io/limit': '0', 'retry.linkerd.io/timeout': '250ms' })).toEqual({ attempts: 1, retryOn: '500-504,gateway-error', perTryTimeout: 250 });
    expect(of({ 'retry.linkerd.io/http': '5xx, 409' })).toBeUndefined();
    expect(of({ 'retry.linkerd.io/grpc': 'unknown' })).toBeUndefined();
    expect(of({ 'retry.linkerd.io/limit': '3' })).toBeUndefined();
  });

  test.each([['0', 0], ['250ms', 250], ['90s', 90_000], ['2d', 172_800_000], ['1m30s', undefined], ['1.5s', undefined], ['10', undefined], ['-1s', undefined]])(
    'spell %s as %p milliseconds', (text, expected) => expect(parseLinkerdDuration(text)).toBe(expected));

  test('come with breakers that are off unless they are asked for rightly', () => {
    const name = 'balancer.linkerd.io/failure-accrual';
    expect(accrualOf({})).toBeUndefined();
    expect(accrualOf({ [name]: 'consecutive' })).toEqual({ kind: 'consecutive', maxFailures: 7, minPenalty: 1000, maxPenalty: 60_000, jitterRatio: 0.5 });
    expect(accrualOf({ [name]: 'consecutive', [`${name}-consecutive-min-penalty`]: '61s' })).toBeUndefined();
    expect(accrualOf({ [name]: 'consecutive', [`${name}-consecutive-jitter-ratio`]: '101' })).toBeUndefined();
  });
});

describe('what Linkerd reads of a port', () => {
  const spoken = (port: string, annotations = ''): string => short(decide(estate(`${service('shop', 'api')}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop${annotations ? `, annotations: ${annotations}` : ''}}
spec: {selector: {app: api}, ports: [${port}]}
${service('shop', 'one')}${httpRoute('shop', 'r', PARENT, [[path('/x'), 'one']])}`, { mesh: 'linkerd' }), { ...call('api.shop', { path: '/y' }), only: 'routing', server: { host: 'api.shop', port: Number(/port: (\d+)/.exec(port)![1]) } }));

  test.each([
    ['{port: 80}', 'unroutable 404'],
    ['{port: 80, appProtocol: http}', 'unroutable 404'],
    ['{port: 80, appProtocol: kubernetes.io/h2c}', 'unroutable 404'],
    ['{port: 80, appProtocol: linkerd.io/opaque}', 'api'],
    ['{port: 80, appProtocol: grpc}', 'api'],
    ['{name: http, port: 3306}', 'api.shop.svc.cluster.local:3306'],
    ['{port: 3306, appProtocol: http}', 'unroutable 404'],
  ])('%s: %s', (port, expected) => expect(spoken(port)).toBe(expected));

  test('is replaced as a whole by the annotation', () => {
    expect(spoken('{port: 3306}', '{config.linkerd.io/opaque-ports: "80"}')).toBe('unroutable 404');
    expect(spoken('{port: 80}', '{config.linkerd.io/opaque-ports: "70-90"}')).toBe('api');
  });

  test('is nothing where the Service has no such port, which Kubernetes would leave to time out', () => {
    expect(ask('', {}, { server: { host: 'api.shop', port: 81 } })).toMatchObject({ verdict: 'unroutable', why: ['Service shop/api has no port 81'] });
  });
});

describe('ServiceProfiles', () => {
  const profile = (namespace: string, spec: string): string => `
---
apiVersion: linkerd.io/v1alpha2
kind: ServiceProfile
metadata: {name: api.shop.svc.cluster.local, namespace: ${namespace}}
spec: ${spec}
`;

  test('take the place of all routes, annotations and breakers of their service', () => {
    const decision = ask(rule(`{matches: [${path('/p')}], ${one}}`) + profile('shop', '{routes: []}'), { path: '/p' });
    expect(short(decision)).toBe('api');
  });

  test('of the client\'s namespace win over the service\'s', () => {
    const routes = (timeout: string): string => `{routes: [{name: a, timeout: ${timeout}, condition: {pathRegex: "/.*"}}]}`;
    expect(ask(profile('shop', routes('1s')) + profile('web', routes('2s'))).route.timeout).toBe(2000);
    expect(ask(profile('shop', routes('1s')) + profile('other', routes('2s'))).route.timeout).toBe(1000);
  });

  test('take the first route that matches, by method, path, all, any and not', () => {
    const yaml = profile('shop', `{routes: [
      {name: a, timeout: 1s, condition: {all: [{method: GET}, {pathRegex: "/a.*"}]}}, {name: b, timeout: 2s, condition: {any: [{pathRegex: /b}, {pathRegex: /a}]}},
      {name: c, timeout: 3s, condition: {not: {method: GET}}, isRetryable: true}]}`);
    const timeout = (http: SimulationRequest['http']): number | undefined => ask(yaml, http).route.timeout;
    expect([timeout({ path: '/a' }), timeout({ path: '/b' }), timeout({ path: '/bb' }), timeout({ path: '/c', method: 'PUT' })]).toEqual([1000, 2000, undefined, 3000]);
    expect(ask(yaml, { path: '/c', method: 'PUT' }).route.retries).toMatchObject({ attempts: 1 });
  });

  test('divide traffic by weights that may be thousandths', () => {
    const yaml = profile('shop', '{dstOverrides: [{authority: "one.shop.svc.cluster.local.:80", weight: 900m}, {authority: "two.shop.svc.cluster.local:80", weight: 100m}]}');
    expect(destinations(ask(yaml)).map(item => item.split('.')[0] + item.slice(item.indexOf('=')))).toEqual(['one=900', 'two=100']);
  });

  test('are made of TrafficSplits, whose weights are quantities or numbers', () => {
    const split = (version: string, weights: string[]): string => manifest(`split.smi-spec.io/${version}`, 'TrafficSplit', 'shop', 's',
      `{service: api, backends: [{service: one, weight: ${weights[0]}}, {service: two, weight: ${weights[1]}}]}`);
    for (const yaml of [split('v1alpha1', ['500m', '1500m']), split('v1alpha2', ['1', '3'])]) {
      const [first, second] = ask(yaml).route.destinations.map(item => item.weight);
      expect(second / first).toBe(3);
    }
  });
});

describe('what leaves the cluster through Linkerd', () => {
  const egress = (namespace: string, name: string, spec: string): string => manifest('policy.linkerd.io/v1alpha1', 'EgressNetwork', namespace, name, spec);
  const out = (yaml: string, more: SimulationRequest = {}): string => {
    const decision = decide(estate(yaml, { mesh: 'linkerd' }), { client: { identity: 'cluster.local/ns/web/sa/web' }, server: { host: 'pay.example', port: 80, ip: '93.184.216.34' }, http: {}, ...more });
    return decision.verdict === 'allowed' ? destinations(decision).join(' ') : `${decision.verdict} ${decision.status ?? ''} ${decision.decidedBy?.name ?? ''}`;
  };
  const routed = (namespace: string, port: string, host = 'pay.example'): string => manifest(GATEWAY, 'HTTPRoute', namespace, 'r',
    `{parentRefs: [{group: policy.linkerd.io, kind: EgressNetwork, name: e, namespace: ${namespace}${port}}], hostnames: [${host}], rules: [{backendRefs: [{group: policy.linkerd.io, kind: EgressNetwork, name: e}]}]}`);

  test('passes where no network speaks of it', () => expect(out('')).toBe('PassthroughCluster:80=100'));

  test('is denied by a network unless a route at its port allows it', () => {
    expect(out(egress('web', 'e', '{trafficPolicy: Deny}'))).toBe('denied 403 e');
    expect(out(egress('web', 'e', '{trafficPolicy: Deny}'), { protocol: 'tcp', http: undefined })).toBe('unroutable  e');
    expect(out(egress('web', 'e', '{trafficPolicy: Deny}') + routed('web', ', port: 80'))).toBe('pay.example:80=100');
    expect(out(egress('web', 'e', '{trafficPolicy: Deny}') + routed('web', ', port: 81'))).toBe('denied 403 e');
    expect(out(egress('web', 'e', '{trafficPolicy: Deny}') + routed('web', ''))).toBe('denied 403 e');
    expect(out(egress('web', 'e', '{trafficPolicy: Deny}') + routed('web', ', port: 80', 'other.example'))).toBe('denied 403 e');
    expect(out(egress('web', 'e', '{trafficPolicy: Allow}') + routed('web', ', port: 80', 'other.example'))).toBe('pay.example:80=100');
  });

  test('is decided by networks of the client\'s namespace before global ones', () => {
    expect(out(egress('linkerd-egress', 'g', '{trafficPolicy: Deny}'))).toBe('denied 403 g');
    expect(out(egress('linkerd-egress', 'g', '{trafficPolicy: Deny}') + egress('web', 'e', '{trafficPolicy: Allow}'))).toBe('pay.example:80=100');
    expect(out(egress('other', 'e', '{trafficPolicy: Deny}'))).toBe('PassthroughCluster:80=100');
  });

  test('is decided by the smallest range, then the older network', () => {
    const small = '{trafficPolicy: Deny, networks: [{cidr: 93.184.0.0/16}]}';
    expect(out(egress('web', 'a', '{trafficPolicy: Allow}') + egress('web', 'z', small))).toBe('denied 403 z');
    expect(out(egress('web', 'z', '{trafficPolicy: Allow}') + egress('web', 'a', '{trafficPolicy: Deny}'))).toBe('denied 403 a');
    expect(out(egress('web', 'a', small.replace('93.184', '8.8')))).toBe('PassthroughCluster:80=100');
  });

  test('is not decided by networks that overlap the cluster\'s own', () => {
    expect(out(egress('web', 'a', '{trafficPolicy: Deny, networks: [{cidr: 0.0.0.0/0}]}'))).toBe('PassthroughCluster:80=100');
  });

  test('cannot be led to another network', () => {
    const elsewhere = routed('web', ', port: 80').replace('kind: EgressNetwork, name: e}]', 'kind: EgressNetwork, name: f}]');
    expect(out(egress('web', 'e', '{trafficPolicy: Allow}') + elsewhere)).toBe('unroutable 500 r');
  });
});
