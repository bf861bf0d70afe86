import { Model } from '../../../src/engine/model/model';
import { Decision } from '../../../src/engine/simulate/decision';
import { decide, destinations, estate, service } from '../support/estate';

const host = (name: string): string => `${name}.shop.svc.cluster.local`;
const base = service('shop', 'a') + service('shop', 'b') + service('shop', 'c');
const kgw = (listeners = '[{name: http, port: 80, protocol: HTTP}]'): string => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: kgw, namespace: shop}
spec: {gatewayClassName: istio, listeners: ${listeners}}
`;
const route = (name: string, spec: string, namespace = 'shop', kind = 'HTTPRoute'): string => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`;
const GATEWAY = 'parentRefs: [{name: kgw, namespace: shop}]';
const MESH = 'parentRefs: [{group: "", kind: Service, name: a, namespace: shop}]';
const to = (backend: string, match = ''): string => `{${match ? `matches: [${match}], ` : ''}backendRefs: [{name: ${backend}, port: 80}]}`;

function enter(model: Model, path = '/', more: { headers?: Record<string, string>; method?: string; host?: string } = {}): Decision {
  const name = more.host ?? 'x.com';
  return decide(model, { only: 'routing', via: { gateway: 'shop/kgw' }, server: { host: name, port: 80 }, http: { path, authority: name, headers: more.headers, method: more.method } });
}
const call = (model: Model, path = '/', namespace = 'shop', extra: { method?: string; protocol?: 'grpc' } = {}): Decision =>
  decide(model, { only: 'routing', client: { namespace }, protocol: extra.protocol, server: { host: 'a.shop', port: 80 }, http: { path, method: extra.method, authority: 'a.shop' } });
const first = (decision: Decision): string | undefined => decision.route.destinations[0]?.host.split('.')[0];

describe('precedence', () => {
  const model = estate(base + kgw() + route('r', `{${GATEWAY}, rules: [
    ${to('a', '{path: {type: RegularExpression, value: "/x.*long.*"}}')},
    ${to('b', '{path: {value: /x}}')},
    ${to('c', '{path: {type: Exact, value: /x/longest}}')}]}`));

  test('exact beats prefix beats regular expression, whatever their order: a VirtualService would take the first', () => {
    expect(first(enter(model, '/x/longest'))).toBe('c');
    expect(first(enter(model, '/x/long'))).toBe('b');
    expect(first(enter(model, '/xlong'))).toBe('a');
  });

  test('a prefix covers whole segments: /x does not take /xy, as a VirtualService would', () => {
    expect(first(enter(model, '/x/y'))).toBe('b');
    expect(enter(model, '/xy').status).toBe(404);
  });

  test('a method counts before any number of headers', () => {
    const both = estate(base + kgw() + route('r', `{${GATEWAY}, rules: [
      ${to('a', '{headers: [{name: x-a, value: "1"}, {name: x-b, value: "1"}]}')}, ${to('b', '{method: GET}')}]}`));
    expect(first(enter(both, '/', { headers: { 'x-a': '1', 'x-b': '1' } }))).toBe('b');
    expect(first(enter(both, '/', { headers: { 'x-a': '1', 'x-b': '1' }, method: 'POST' }))).toBe('a');
  });

  test('rules of several routes of a host are ordered together, and ties of unknown age are told', () => {
    const two = estate(base + kgw() + route('r1', `{${GATEWAY}, rules: [${to('a', '{path: {value: /}}')}]}`)
      + route('r2', `{${GATEWAY}, rules: [${to('b', '{path: {value: /b}}')}, ${to('c', '{path: {value: /}}')}]}`));
    expect(first(enter(two, '/b'))).toBe('b');
    expect(enter(two, '/').orderDependent).toMatchObject([{ name: 'r1' }, { name: 'r2' }]);
  });
});

describe('backends', () => {
  test('the share of a Service that is not there fails with 500, not 503', () => {
    const missing = estate(base + kgw() + route('r', `{${GATEWAY}, rules: [${to('gone')}]}`));
    expect(enter(missing)).toMatchObject({ verdict: 'unroutable', status: 500, route: { destinations: [{ host: host('gone'), healthy: false }] } });
  });

  test('without any weight the answer is 500', () => {
    const none = estate(base + kgw() + route('r', `{${GATEWAY}, rules: [{backendRefs: [{name: a, port: 80, weight: 0}]}]}`));
    expect(enter(none)).toMatchObject({ status: 500 });
  });

  test('a backend elsewhere needs a grant at a gateway, and none in the mesh', () => {
    const grant = `
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: far}
spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], to: [{group: "", kind: Service}]}
`;
    const rules = 'rules: [{backendRefs: [{name: d, namespace: far, port: 80}]}]';
    const far = base + service('far', 'd') + kgw();
    expect(enter(estate(far + route('r', `{${GATEWAY}, ${rules}}`)))).toMatchObject({ verdict: 'unroutable', status: 500 });
    expect(first(enter(estate(far + grant + route('r', `{${GATEWAY}, ${rules}}`))))).toBe('d');
    expect(first(call(estate(far + route('r', `{${MESH}, ${rules}}`))))).toBe('d');
  });

  test('an unknown filter costs the whole route', () => {
    const broken = estate(base + kgw() + route('r', `{${GATEWAY}, rules: [${to('a')}, {filters: [{type: ExtensionRef}], backendRefs: [{name: b, port: 80}]}]}`));
    expect(enter(broken)).toMatchObject({ status: 404 });
  });
});

describe('attachment', () => {
  test('a listener takes routes of its own namespace unless it says otherwise', () => {
    const foreign = route('r', `{${GATEWAY}, rules: [{backendRefs: [{name: d, port: 80}]}]}`, 'far');
    expect(enter(estate(base + service('far', 'd') + kgw() + foreign)).status).toBe(404);
    const open = kgw('[{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]');
    expect(first(enter(estate(base + service('far', 'd') + open + foreign)))).toBe('d');
  });

  test('a listener with a narrower host keeps it from a wider one of the port', () => {
    const listeners = kgw('[{name: wide, port: 80, protocol: HTTP}, {name: narrow, port: 80, protocol: HTTP, hostname: "a.x.com"}]');
    const wide = route('r', '{parentRefs: [{name: kgw, sectionName: wide}], hostnames: ["a.x.com", "b.x.com"], '
      + `rules: [${to('a')}]}`);
    expect(enter(estate(base + listeners + wide), '/', { host: 'a.x.com' }).status).toBe(404);
    expect(first(enter(estate(base + listeners + wide), '/', { host: 'b.x.com' }))).toBe('a');
  });

  test('a Gateway of another controller is none of Istio\'s', () => {
    const model = estate(base + kgw().replace('gatewayClassName: istio', 'gatewayClassName: other') + route('r', `{${GATEWAY}, rules: [${to('a')}]}`));
    expect(enter(model).verdict).toBe('unroutable');
  });
});

describe('routes of Services', () => {
  test('what no rule takes is 404: there is no way through to the Service', () => {
    expect(call(estate(base + route('r', `{${MESH}, rules: [${to('b', '{path: {value: /b}}')}]}`)), '/c').status).toBe(404);
  });

  test('a consumer\'s routes replace the producer\'s for its own namespace, where Linkerd would join them', () => {
    const model = estate(base + route('producer', `{${MESH}, rules: [${to('b', '{path: {value: /b}}')}]}`)
      + service('web', 'd') + route('consumer', `{${MESH}, rules: [{matches: [{path: {value: /d}}], backendRefs: [{name: d, port: 80}]}]}`, 'web'));
    expect(first(call(model, '/b'))).toBe('b');
    expect(call(model, '/b', 'web').status).toBe(404);
    expect(first(call(model, '/d', 'web'))).toBe('d');
    expect(call(model, '/d').status).toBe(404);
  });

  test('gRPC methods are paths', () => {
    const model = estate(base + route('r', `{${MESH}, rules: [${to('b', '{method: {service: shop.Cart, method: Add}}')}, ${to('c', '{method: {service: shop.Cart}}')}]}`, 'shop', 'GRPCRoute'));
    expect(first(call(model, '/shop.Cart/Add', 'shop', { protocol: 'grpc' }))).toBe('b');
    expect(first(call(model, '/shop.Cart/Remove', 'shop', { protocol: 'grpc' }))).toBe('c');
    expect(call(model, '/shop.Carts/Add', 'shop', { protocol: 'grpc' }).status).toBe(404);
  });
});

describe('filters', () => {
  const filtered = (filter: string, path = '/old/x?q=1'): Decision => enter(estate(base + kgw()
    + route('r', `{${GATEWAY}, rules: [{matches: [{path: {value: /old}}], filters: [${filter}], ${filter.includes('Redirect') ? '' : 'backendRefs: [{name: a, port: 80}]'}}]}`)), path);

  test('a redirect is 302 unless said otherwise', () => {
    expect(filtered('{type: RequestRedirect, requestRedirect: {scheme: https}}')).toMatchObject({ status: 302, location: 'https://x.com/old/x?q=1' });
    expect(filtered('{type: RequestRedirect, requestRedirect: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}, statusCode: 301}}'))
      .toMatchObject({ status: 301, location: 'http://x.com/new/x?q=1' });
  });

  test.each([['/new', '/new/x?q=1'], ['/', '/x?q=1'], ['/new/', '/new/x?q=1']])('a prefix replaced by %s makes %s', (prefix, path) => {
    expect(filtered(`{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: "${prefix}"}}}`).route.path).toBe(path);
  });

  test('a whole path is replaced, and the query stays', () => {
    expect(filtered('{type: URLRewrite, urlRewrite: {hostname: in, path: {type: ReplaceFullPath, replaceFullPath: /all}}}').route)
      .toMatchObject({ path: '/all?q=1', authority: 'in' });
  });

  test('destinations keep their weights', () => {
    const split = estate(base + kgw() + route('r', `{${GATEWAY}, rules: [{backendRefs: [{name: a, port: 80, weight: 9}, {name: b, port: 80}]}]}`));
    expect(destinations(enter(split))).toEqual([`${host('a')}:80=9`, `${host('b')}:80=1`]);
  });
});
