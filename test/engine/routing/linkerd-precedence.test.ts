import { decide, estate, service } from '../support/estate';
import { call, httpRoute, manifest, routesBy, short } from '../support/meshes';

const MESHES = ['linkerd', 'istio', 'gateway-api'];
const PARENT = '{group: "", kind: Service, name: api, namespace: shop}';
const SERVICES = ['api', 'one', 'two'].map(name => service('shop', name)).join('') + service('web', 'web');
const path = (type: string, value: string): string => `{path: {type: ${type}, value: "${value}"}}`;

/** Where each mesh sends a request by the rules of one HTTPRoute: `one`, `two`, or a status. */
function taken(rules: readonly (readonly [string, string])[], http: Parameters<typeof call>[1], more = ''): { [mesh: string]: string } {
  return routesBy(MESHES, SERVICES + httpRoute('shop', 'r', PARENT, rules, more), call('api.shop', http));
}

describe('the route of a request in Linkerd', () => {
  test('is the longest match of the path, so that a regular expression for everything ties with an exact path and the first wins', () => {
    const rules = [[path('RegularExpression', '/a.*'), 'one'], [path('Exact', '/abc'), 'two']] as const;
    expect(taken(rules, { path: '/abc' })).toEqual({ 'linkerd': 'one', 'istio': 'two', 'gateway-api': 'two' });
  });

  test('is a regular expression rather than a long prefix, which the others prefer', () => {
    const rules = [[path('PathPrefix', '/abc'), 'one'], [path('RegularExpression', '/.*'), 'two']] as const;
    expect(taken(rules, { path: '/abc/d' })).toMatchObject({ linkerd: 'two', istio: 'one' });
  });

  test('counts a method last and headers before it, unlike the specification', () => {
    const rules = [['{method: GET}', 'one'], ['{headers: [{name: x, value: "1"}]}', 'two']] as const;
    expect(taken(rules, { path: '/', headers: { x: '1' } })).toEqual({ 'linkerd': 'two', 'istio': 'one', 'gateway-api': 'one' });
  });

  test('counts headers before query parameters', () => {
    const rules = [['{queryParams: [{name: a, value: "1"}, {name: b, value: "2"}]}', 'one'], ['{headers: [{name: x, value: "1"}]}', 'two']] as const;
    expect(taken(rules, { path: '/?a=1&b=2', headers: { x: '1' } }).linkerd).toBe('two');
  });

  test('has regular expressions whose first fitting alternative must span the text, so that a|ab never matches ab', () => {
    const rules = [[path('RegularExpression', '/(a|ab)'), 'one'], [path('PathPrefix', '/'), 'two']] as const;
    expect(taken(rules, { path: '/ab' })).toEqual({ 'linkerd': 'two', 'istio': 'two', 'gateway-api': 'two' });
    const only = [[path('RegularExpression', '/(a|ab)'), 'one']] as const;
    expect(taken(only, { path: '/ab' })).toEqual({ 'linkerd': 'unroutable 404', 'istio': 'one', 'gateway-api': 'one' });
    expect(taken(only, { path: '/a' }).linkerd).toBe('one');
  });

  test('has regular expressions for headers and parameters that are anchored alike', () => {
    const rules = [['{headers: [{name: x, type: RegularExpression, value: "a|ab"}]}', 'one']] as const;
    expect(taken(rules, { headers: { x: 'ab' } })).toEqual({ 'linkerd': 'unroutable 404', 'istio': 'one', 'gateway-api': 'one' });
    const query = [['{queryParams: [{name: x, type: RegularExpression, value: "a|ab"}]}', 'one']] as const;
    expect(taken(query, { path: '/?x=ab' })).toMatchObject({ linkerd: 'unroutable 404', istio: 'one' });
  });

  test('has prefixes of whole segments', () => {
    const rules = [[path('PathPrefix', '/api'), 'one'], [path('PathPrefix', '/'), 'two']] as const;
    expect(taken(rules, { path: '/apix' }).linkerd).toBe('two');
    expect(taken(rules, { path: '/api/' }).linkerd).toBe('one');
  });

  test('takes any of repeated headers, where Envoy sees them joined', () => {
    const rules = [['{headers: [{name: X, value: b}]}', 'one']] as const;
    expect(taken(rules, { headers: { x: ['a', 'b'] } })).toEqual({ 'linkerd': 'one', 'istio': 'unroutable 404', 'gateway-api': 'unroutable 404' });
    expect(taken(rules, { headers: { x: 'a,b' } }).linkerd).toBe('unroutable 404');
  });

  test('decodes query parameters and takes any of repeated ones', () => {
    const rules = [['{queryParams: [{name: q, value: "a b"}]}', 'one']] as const;
    expect(taken(rules, { path: '/?q=a+b' })).toMatchObject({ linkerd: 'one', istio: 'unroutable 404' });
    expect(taken(rules, { path: '/?q=x&q=a%20b' })).toEqual({ 'linkerd': 'one', 'istio': 'unroutable 404', 'gateway-api': 'unroutable 404' });
  });

  test('compares names of headers without case', () => {
    expect(taken([['{headers: [{name: X-User, value: a}]}', 'one']], { headers: { 'x-user': 'a' } }).linkerd).toBe('one');
  });

  test('is for everything where a rule has no matches', () => {
    const route = manifest('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop', 'r', `{parentRefs: [${PARENT}], rules: [{backendRefs: [{name: one, namespace: shop, port: 80}]}]}`);
    expect(routesBy(MESHES, SERVICES + route, call('api.shop', { path: '/x', method: 'PUT' }))).toEqual({ 'linkerd': 'one', 'istio': 'one', 'gateway-api': 'one' });
  });

  test('heeds the hosts of a route at a Service, which others ignore', () => {
    const rules = [[path('PathPrefix', '/'), 'one']] as const;
    expect(taken(rules, {}, ', hostnames: [other.example]')).toEqual({ 'linkerd': 'unroutable 404', 'istio': 'one', 'gateway-api': 'one' });
    expect(taken(rules, { authority: 'OTHER.example.' }, ', hostnames: [other.example]').linkerd).toBe('one');
    expect(taken(rules, { authority: 'example' }, ', hostnames: ["*.example"]').linkerd).toBe('unroutable 404');
  });

  test('prefers an exact host to a suffix, and a longer suffix to a shorter one, before any path', () => {
    const route = (name: string, host: string, match: string, backend: string): string => httpRoute('shop', name, PARENT, [[match, backend]], `, hostnames: ["${host}"]`);
    const two = SERVICES + route('a', '*.example', path('Exact', '/long'), 'one') + route('b', 'x.example', path('PathPrefix', '/'), 'two');
    expect(routesBy(['linkerd'], two, call('api.shop', { path: '/long', authority: 'x.example' })).linkerd).toBe('two');
    const suffixes = SERVICES + route('a', '*.example', path('Exact', '/long'), 'one') + route('b', '*.y.example', path('PathPrefix', '/'), 'two');
    expect(routesBy(['linkerd'], suffixes, call('api.shop', { path: '/long', authority: 'x.y.example' })).linkerd).toBe('two');
  });

  test('matches gRPC by service and method, by POST only and never by regular expressions', () => {
    const route = (method: string): string => manifest('gateway.networking.k8s.io/v1', 'GRPCRoute', 'shop', 'r',
      `{parentRefs: [${PARENT}], rules: [{matches: [{method: ${method}}], backendRefs: [{name: one, namespace: shop, port: 80}]}]}`);
    const ask = (method: string, http: Parameters<typeof call>[1]): { [mesh: string]: string } =>
      routesBy(MESHES, SERVICES.replace(/name: http/g, 'name: grpc') + route(method), { ...call('api.shop', http), protocol: 'grpc' });
    expect(ask('{service: a.B}', { path: '/a.B/C' }).linkerd).toBe('one');
    expect(ask('{service: a.B}', { path: '/a.B/C', method: 'GET' })).toMatchObject({ linkerd: 'unroutable 404', istio: 'one' });
    expect(ask('{service: "a.*", type: RegularExpression}', { path: '/a.B/C' })).toMatchObject({ linkerd: 'unroutable 404', istio: 'one' });
  });

  test('says when only the age of two routes decides', () => {
    const yaml = SERVICES + httpRoute('shop', 'b', PARENT, [[path('Exact', '/x'), 'two']]) + httpRoute('shop', 'a', PARENT, [[path('Exact', '/x'), 'one']]);
    const decision = decide(estate(yaml, { mesh: 'linkerd' }), call('api.shop', { path: '/x' }));
    expect(short(decision)).toBe('one');
    expect(decision.orderDependent!.map(item => item.name)).toEqual(['a', 'b']);
  });
});
