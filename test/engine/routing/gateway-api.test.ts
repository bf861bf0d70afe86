import { Decision } from '../../../src/engine/simulate/decision';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, estate, service } from '../support/estate';
import { call, httpRoute, manifest, routesBy, short } from '../support/meshes';

const V1 = 'gateway.networking.k8s.io/v1';
const SERVICES = ['api', 'one', 'two'].map(name => service('shop', name)).join('') + service('web', 'web');
const gateway = (listeners: string, home = 'shop', name = 'edge'): string => manifest(V1, 'Gateway', home, name, `{gatewayClassName: any, listeners: [${listeners}]}`);
const PLAIN = '{name: http, port: 80, protocol: HTTP}';
const route = (name: string, rules: string, more = '', home = 'shop', kind = 'HTTPRoute', parent = '{name: edge, namespace: shop}'): string =>
  manifest(V1, kind, home, name, `{parentRefs: [${parent}], rules: [${rules}]${more}}`);
const to = (name: string, match = ''): string => `{${match ? `matches: [${match}], ` : ''}backendRefs: [{name: ${name}, namespace: shop, port: 80}]}`;
const path = (type: string, value: string): string => `{path: {type: ${type}, value: ${value}}}`;

const through = (authority: string, http: SimulationRequest['http'] = {}, more: SimulationRequest = {}): SimulationRequest =>
  ({ via: { gateway: 'shop/edge' }, server: { host: authority, port: 80 }, http: { authority, ...http }, only: 'routing', ...more });
const ask = (yaml: string, request: SimulationRequest): Decision => decide(estate(SERVICES + yaml, { mesh: 'gateway-api' }), request);
const at = (yaml: string, request: SimulationRequest): string => short(ask(yaml, request));

describe('the listener of a Gateway', () => {
  test('is one of its port and protocol, and of those the one with the most exact host', () => {
    const yaml = gateway(`${PLAIN}, {name: wild, port: 80, protocol: HTTP, hostname: "*.example"}, {name: exact, port: 80, protocol: HTTP, hostname: a.example}`)
      + route('all', to('api'), '', 'shop', 'HTTPRoute', '{name: edge, sectionName: http}') + route('wild', to('one'), '', 'shop', 'HTTPRoute', '{name: edge, sectionName: wild}')
      + route('exact', to('two'), '', 'shop', 'HTTPRoute', '{name: edge, sectionName: exact}');
    expect(['a.example', 'b.example', 'example'].map(host => at(yaml, through(host)))).toEqual(['two', 'one', 'api']);
    expect(ask(yaml, through('a.example', {}, { server: { host: 'a.example', port: 81 } }))).toMatchObject({ verdict: 'unroutable', why: ['no listener of Gateway shop/edge takes plain traffic for it at port 81'] });
  });

  test('that has nothing for a request leaves none to a wider one', () => {
    const yaml = gateway(`${PLAIN}, {name: exact, port: 80, protocol: HTTP, hostname: a.example}`)
      + route('all', to('api'), '', 'shop', 'HTTPRoute', '{name: edge, sectionName: http}') + route('exact', to('two', path('Exact', '/x')), '', 'shop', 'HTTPRoute', '{name: edge, sectionName: exact}');
    expect(at(yaml, through('a.example', { path: '/y' }))).toBe('unroutable 404');
  });

  test('ends TLS for HTTPS, and hands TLS on by name where it passes it through', () => {
    const tls = gateway('{name: s, port: 443, protocol: HTTPS, hostname: a.example, tls: {certificateRefs: [{name: c}]}}, {name: t, port: 443, protocol: TLS, hostname: b.example, tls: {mode: Passthrough}}')
      + route('web', to('one')) + manifest('gateway.networking.k8s.io/v1', 'TLSRoute', 'shop', 'tls', '{parentRefs: [{name: edge}], hostnames: [b.example], rules: [{backendRefs: [{name: two, port: 80}]}]}');
    const secure = { client: { tls: 'tls' as const }, server: { host: 'a.example', port: 443 } };
    expect(at(tls, through('a.example', {}, secure))).toBe('one');
    expect(at(tls, through('b.example', {}, { server: { host: 'b.example', port: 443, sni: 'b.example' }, protocol: 'tls', http: undefined }))).toBe('two');
    expect(at(tls, through('a.example', {}, { server: { host: 'a.example', port: 443 } }))).toBe('unroutable');
  });

  test('takes routes from the namespaces that it allows', () => {
    const from = (allowed: string): string => at(gateway(`{name: http, port: 80, protocol: HTTP${allowed}}`) + route('r', to('one'), '', 'web')
      + manifest('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'shop', 'g', '{from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web}], to: [{group: "", kind: Service}]}')
      + '\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: {team: a}}\n', through('x'));
    expect(from('')).toBe('unroutable 404');
    expect(from(', allowedRoutes: {namespaces: {from: All}}')).toBe('one');
    expect(from(', allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}')).toBe('one');
    expect(from(', allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: b}}}}')).toBe('unroutable 404');
  });

  test('takes routes of the kinds that it allows', () => {
    const kinds = gateway('{name: http, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}]}}');
    expect(at(kinds + route('r', to('one')), through('x'))).toBe('unroutable 404');
    expect(at(kinds + route('r', to('one'), '', 'shop', 'GRPCRoute'), through('x', { path: '/a.B/C' }, { protocol: 'grpc' }))).toBe('one');
  });

  test('takes routes whose hosts lie within its own, and only for hosts of both', () => {
    const wild = gateway('{name: http, port: 80, protocol: HTTP, hostname: "*.example"}');
    expect(at(wild + route('r', to('one'), ', hostnames: [a.other]'), through('a.example'))).toBe('unroutable 404');
    const both = wild + route('r', to('one'), ', hostnames: [a.example, b.other]');
    expect([at(both, through('a.example')), at(both, through('b.example')), at(both, through('b.other'))]).toEqual(['one', 'unroutable 404', 'unroutable']);
    expect(at(wild + route('r', to('one'), ', hostnames: ["*.deep.example"]'), through('deep.example'))).toBe('unroutable 404');
  });
});

describe('the rule of a request at a Gateway', () => {
  test('is one of the route with the more exact host, whatever the paths', () => {
    const yaml = gateway(PLAIN) + route('a', to('one', path('Exact', '/x')), ', hostnames: ["*.example"]') + route('b', to('two'), ', hostnames: [a.example]');
    expect(at(yaml, through('a.example', { path: '/x' }))).toBe('two');
    const deeper = gateway(PLAIN) + route('a', to('one', path('Exact', '/x')), ', hostnames: ["*.example"]') + route('b', to('two'), ', hostnames: ["*.a.example"]');
    expect(at(deeper, through('b.a.example', { path: '/x' }))).toBe('two');
  });

  test.each([
    ['an exact path before a prefix', path('PathPrefix', '/a/b/c'), path('Exact', '/a/b/c'), { path: '/a/b/c' }],
    ['the longer prefix', path('PathPrefix', '/a'), path('PathPrefix', '/a/b'), { path: '/a/b/c' }],
    ['a method before headers', '{headers: [{name: x, value: "1"}, {name: z, value: "1"}]}', '{method: GET}', { headers: { x: '1', z: '1' } }],
    ['more headers', '{headers: [{name: x, value: "1"}]}', '{headers: [{name: x, value: "1"}, {name: z, value: "1"}]}', { headers: { x: '1', z: '1' } }],
    ['headers before parameters', '{queryParams: [{name: q, value: "1"}, {name: r, value: "1"}]}', '{headers: [{name: x, value: "1"}]}', { path: '/?q=1&r=1', headers: { x: '1' } }],
    ['more parameters', '{queryParams: [{name: q, value: "1"}]}', '{queryParams: [{name: q, value: "1"}, {name: r, value: "1"}]}', { path: '/?q=1&r=1' }],
  ])('has %s, though it stands later', (_, first, second, http) => {
    expect(at(gateway(PLAIN) + route('r', `${to('one', first)}, ${to('two', second)}`), through('x', http))).toBe('two');
  });

  test('is that of the oldest route, else by namespace and name, else the first one, and says when age would decide', () => {
    const dated = (name: string, created: string, target: string): string => route(name, to(target)).replace(`name: ${name},`, `name: ${name}, creationTimestamp: "${created}",`);
    expect(at(gateway(PLAIN) + dated('a', '2026-02-01T00:00:00Z', 'one') + dated('b', '2026-01-01T00:00:00Z', 'two'), through('x'))).toBe('two');
    const undated = ask(gateway(PLAIN) + route('b', to('two')) + route('a', to('one')), through('x'));
    expect(short(undated)).toBe('one');
    expect(undated.orderDependent!.map(item => item.name)).toEqual(['a', 'b']);
    expect(at(gateway(PLAIN) + route('a', `${to('one')}, ${to('two')}`), through('x'))).toBe('one');
  });

  test('covers prefixes by segment, joins nothing but what a match asks for', () => {
    const yaml = gateway(PLAIN) + route('r', `${to('one', path('PathPrefix', '/foo/'))}, ${to('two', '{path: {type: PathPrefix, value: /}, method: PUT}')}`);
    expect(['/foo', '/foo/', '/foo/bar', '/foobar'].map(item => at(yaml, through('x', { path: item })))).toEqual(['one', 'one', 'one', 'unroutable 404']);
    expect(at(yaml, through('x', { path: '/foobar', method: 'PUT' }))).toBe('two');
  });

  test('counts only the first of conditions on one name', () => {
    const yaml = gateway(PLAIN) + route('r', to('one', '{headers: [{name: x, value: "1"}, {name: X, value: "2"}]}'));
    expect([at(yaml, through('x', { headers: { x: '1' } })), at(yaml, through('x', { headers: { x: '2' } }))]).toEqual(['one', 'unroutable 404']);
  });
});

describe('the backends of a rule at a Gateway', () => {
  const GRANT = manifest('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'web', 'g', '{from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], to: [{group: "", kind: Service, name: web}]}');
  const foreign = route('r', '{backendRefs: [{name: web, namespace: web, port: 80}]}');

  test('in other namespaces need a grant there, for that kind and name', () => {
    expect(at(gateway(PLAIN) + foreign, through('x'))).toBe('unroutable 500');
    expect(at(gateway(PLAIN) + foreign + GRANT, through('x'))).toBe('web.web.svc.cluster.local:80');
    expect(at(gateway(PLAIN) + foreign + GRANT.replace('name: web}', 'name: other}'), through('x'))).toBe('unroutable 500');
    expect(at(gateway(PLAIN) + foreign + GRANT.replace('kind: HTTPRoute', 'kind: GRPCRoute'), through('x'))).toBe('unroutable 500');
  });

  test('that lead nowhere fail with their share, and the rule with all of them', () => {
    const decision = ask(gateway(PLAIN) + route('r', '{backendRefs: [{name: one, port: 80, weight: 3}, {name: gone, port: 80, weight: 1}]}'), through('x'));
    expect(decision.route.destinations.map(({ healthy, weight }) => [weight, healthy])).toEqual([[3, true], [1, false]]);
    expect(at(gateway(PLAIN) + route('r', '{backendRefs: [{name: one, port: 80, weight: 0}]}'), through('x'))).toBe('unroutable 500');
    expect(at(gateway(PLAIN) + route('r', '{matches: [{method: GET}]}'), through('x'))).toBe('unroutable 500');
  });
});

describe('filters and timeouts at a Gateway', () => {
  const filtered = (filter: string, request: SimulationRequest, match = path('PathPrefix', '/old')): Decision =>
    ask(gateway(PLAIN) + route('r', `{matches: [${match}], filters: [${filter}]${filter.includes('Redirect') ? '' : ', backendRefs: [{name: one, port: 80}]'}}`), request);
  const redirect = (spec: string, http: SimulationRequest['http'] = { path: '/old/x?q=1' }): string =>
    short(filtered(`{type: RequestRedirect, requestRedirect: ${spec}}`, through('a.example', http)));

  test('redirect, and keep what they do not name', () => {
    expect(redirect('{}')).toBe('302 http://a.example/old/x?q=1');
    expect(redirect('{scheme: https, statusCode: 301}')).toBe('301 https://a.example/old/x?q=1');
    expect(redirect('{hostname: b.example, port: 8443}')).toBe('302 http://b.example:8443/old/x?q=1');
    expect(redirect('{path: {type: ReplaceFullPath, replaceFullPath: /new}}')).toBe('302 http://a.example/new?q=1');
    expect(redirect('{path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}')).toBe('302 http://a.example/new/x?q=1');
  });

  test.each([['/new', '/old', '/new'], ['/new', '/old/', '/new/'], ['/new/', '/old/x', '/new/x'], ['/', '/old/x', '/x'], ['/', '/old', '/'], ['""', '/old', '/']])(
    'replace the prefix by %s in %s', (replacement, asked, expected) => {
      const decision = filtered(`{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: ${replacement}}}}`, through('x', { path: asked }));
      expect(decision.route.path).toBe(expected);
    });

  test('rewrite hosts and whole paths', () => {
    expect(filtered('{type: URLRewrite, urlRewrite: {hostname: b, path: {type: ReplaceFullPath, replaceFullPath: /n}}}', through('a', { path: '/old?q=1' })).route).toMatchObject({ path: '/n?q=1', authority: 'b' });
  });

  test('copy requests, all of them unless a share is said', () => {
    const mirror = (share: string): unknown => filtered(`{type: RequestMirror, requestMirror: {backendRef: {name: two, port: 80}${share}}}`, through('x', { path: '/old' })).route.mirrors;
    expect([mirror(''), mirror(', percent: 5'), mirror(', fraction: {numerator: 1, denominator: 8}')])
      .toEqual([100, 5, 12.5].map(percent => [{ host: 'two.shop.svc.cluster.local', port: 80, percent }]));
  });

  test('that nobody knows make the requests of their rule fail', () => {
    expect(short(filtered('{type: Other}', through('x', { path: '/old' })))).toBe('unroutable 500');
  });

  test('are limited by the request\'s time, else the backend\'s', () => {
    const timed = (timeouts: string): number | undefined => ask(gateway(PLAIN) + route('r', `{timeouts: ${timeouts}, backendRefs: [{name: one, port: 80}]}`), through('x')).route.timeout;
    expect([timed('{request: 1m30s}'), timed('{backendRequest: 500ms}'), timed('{request: 0s}'), timed('{}')]).toEqual([90_000, 500, undefined, undefined]);
  });
});

describe('routes of Services, by implementation', () => {
  const PARENT = '{group: "", kind: Service, name: api, namespace: shop}';
  const ALL = ['gateway-api', 'istio', 'linkerd'];

  test('are not applied again where they lead to another Service', () => {
    const yaml = SERVICES + httpRoute('shop', 'a', PARENT, [[path('PathPrefix', '/'), 'one']]) + httpRoute('shop', 'b', PARENT.replace('api', 'one'), [[path('PathPrefix', '/'), 'two']]);
    expect(routesBy(ALL, yaml, call('api.shop'))).toEqual({ 'gateway-api': 'one', 'istio': 'one', 'linkerd': 'one' });
  });

  test('do not count for what comes in at a Gateway', () => {
    const yaml = gateway(PLAIN) + route('in', to('api')) + httpRoute('shop', 'a', PARENT, [[path('PathPrefix', '/'), 'one']]);
    expect(at(yaml, through('x'))).toBe('api');
  });

  test('of one kind count alone: gRPC before HTTP', () => {
    const yaml = SERVICES + httpRoute('shop', 'a', PARENT, [[path('PathPrefix', '/'), 'one']])
      + manifest(V1, 'GRPCRoute', 'shop', 'g', `{parentRefs: [${PARENT}], rules: [{matches: [{method: {service: a.B}}], backendRefs: [{name: two, namespace: shop, port: 80}]}]}`);
    expect(routesBy(['gateway-api', 'linkerd'], yaml, call('api.shop', { path: '/x' }))).toEqual({ 'gateway-api': 'unroutable 404', 'linkerd': 'unroutable 404' });
    expect(routesBy(['gateway-api', 'linkerd'], yaml, { ...call('api.shop', { path: '/a.B/C' }), protocol: 'grpc' })).toEqual({ 'gateway-api': 'two', 'linkerd': 'two' });
  });

  test('need no grant for backends elsewhere, unlike those of gateways', () => {
    const yaml = SERVICES + manifest(V1, 'HTTPRoute', 'shop', 'r', `{parentRefs: [${PARENT}], rules: [{backendRefs: [{name: web, namespace: web, port: 80}]}]}`);
    expect(routesBy(ALL, yaml, call('api.shop'))).toEqual({ 'gateway-api': 'web.web.svc.cluster.local:80', 'istio': 'web.web.svc.cluster.local:80', 'linkerd': 'web.web.svc.cluster.local:80' });
  });
});
