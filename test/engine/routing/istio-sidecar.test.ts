import { Model, ModelOptions } from '../../../src/engine/model/model';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, destinations, estate, service, virtualService } from '../support/estate';

const API = 'api.shop.svc.cluster.local';
const base = service('shop', 'api', ['v1', 'v2']) + `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: shop}
spec: {host: api, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}, {name: v3, labels: {version: v3}}]}
`;
type Ask = { path?: string; headers?: Record<string, string>; method?: string; host?: string; port?: number } & Pick<SimulationRequest, 'client'>;
const request = ({ client = { namespace: 'shop' }, headers, host = 'api', method, path = '/', port = 80 }: Ask): SimulationRequest =>
  ({ only: 'routing', client, server: { host, port }, http: { path, headers, method, authority: host } });
const routed = (model: Model, ask: Ask = {}) => decide(model, request(ask));
const mesh = (http: string, options?: ModelOptions): Model => estate(base + virtualService('shop', 'api', `{hosts: [api], http: ${http}}`), options);
const to = (subset: string, match = ''): string => `{${match ? `match: [${match}], ` : ''}route: [{destination: {host: api, subset: ${subset}}}]}`;
const subsetOf = (model: Model, ask: Ask = {}): string | undefined => routed(model, ask).route.destinations[0]?.subset;

describe('matching', () => {
  test('a prefix is plain text: /foo takes /foobar, which whole segments would not', () => {
    const model = mesh(`[${to('v2', '{uri: {prefix: /foo}}')}, ${to('v1')}]`);
    expect(subsetOf(model, { path: '/foobar' })).toBe('v2');
    expect(subsetOf(model, { path: '/fo' })).toBe('v1');
  });

  test('the first rule wins, not the most specific', () => {
    expect(subsetOf(mesh(`[${to('v1', '{uri: {prefix: /}}')}, ${to('v2', '{uri: {exact: /a}}')}]`), { path: '/a' })).toBe('v1');
  });

  test('a regular expression must match the whole path, without its query', () => {
    const model = mesh(`[${to('v2', '{uri: {regex: "/a|/ab"}}')}, ${to('v1')}]`);
    expect(subsetOf(model, { path: '/ab?x=1' })).toBe('v2');
    expect(subsetOf(model, { path: '/abc' })).toBe('v1');
  });

  test('ignoreUriCase does not count for regular expressions', () => {
    expect(subsetOf(mesh(`[${to('v2', '{uri: {exact: /A}, ignoreUriCase: true}')}, ${to('v1')}]`), { path: '/a' })).toBe('v2');
    expect(subsetOf(mesh(`[${to('v2', '{uri: {regex: /A}, ignoreUriCase: true}')}, ${to('v1')}]`), { path: '/a' })).toBe('v1');
  });

  test.each([
    ['{headers: {X-User: {exact: ann}}}', { 'x-user': 'ann' }, 'v2'], ['{headers: {x-user: {}}}', {}, 'v1'], ['{headers: {x-user: {}}}', { 'x-user': '' }, 'v2'],
    ['{withoutHeaders: {x-user: {exact: ann}}}', {}, 'v2'], ['{withoutHeaders: {x-user: {exact: ann}}}', { 'x-user': 'ann' }, 'v1'],
    ['{withoutHeaders: {x-user: {}}}', {}, 'v2'], ['{withoutHeaders: {x-user: {regex: ".*"}}}', {}, 'v1'],
  ])('%s with headers %j leads to %s: what is missing compares as empty text', (match, headers, subset) => {
    expect(subsetOf(mesh(`[${to('v2', match)}, ${to('v1')}]`), { headers: headers as Record<string, string> })).toBe(subset);
  });

  test('parts of a match are ANDed, matches are ORed', () => {
    const model = mesh(`[${to('v2', '{method: {exact: POST}, uri: {prefix: /a}}, {queryParams: {debug: {exact: "1"}}}')}, ${to('v1')}]`);
    expect(subsetOf(model, { method: 'POST', path: '/a' })).toBe('v2');
    expect(subsetOf(model, { method: 'GET', path: '/a' })).toBe('v1');
    expect(subsetOf(model, { path: '/?debug=1' })).toBe('v2');
  });

  test('labels and namespace of the client count, unless gateways are named', () => {
    const model = mesh(`[${to('v2', '{sourceLabels: {app: web}, sourceNamespace: shop}')}, ${to('v1')}]`);
    expect(subsetOf(model, { client: { namespace: 'shop', labels: { app: 'web' } } })).toBe('v2');
    expect(subsetOf(model, { client: { namespace: 'shop', labels: {} } })).toBe('v1');
    expect(subsetOf(mesh(`[${to('v2', '{sourceLabels: {app: web}, gateways: [mesh]}')}, ${to('v1')}]`))).toBe('v2');
  });
});

describe('what a route does', () => {
  test('no route is 404, where a Consul router would fall back to the service', () => {
    expect(routed(mesh(`[${to('v1', '{uri: {prefix: /a}}')}]`), { path: '/b' })).toMatchObject({ verdict: 'unroutable', status: 404 });
  });

  test('weights are kept, zeros dropped, and a single destination takes everything', () => {
    const split = (a: number, b: number): string => `[{route: [{destination: {host: api, subset: v1}, weight: ${a}}, {destination: {host: api, subset: v2}, weight: ${b}}]}]`;
    expect(destinations(routed(mesh(split(3, 1))))).toEqual([`${API}/v1:80=3`, `${API}/v2:80=1`]);
    expect(destinations(routed(mesh(split(0, 7))))).toEqual([`${API}/v2:80=7`]);
    expect(destinations(routed(mesh('[{route: [{destination: {host: api, subset: v1}, weight: 5}]}]')))).toEqual([`${API}/v1:80=100`]);
  });

  test('a subset without pods, one that nobody defines and a service that is not there are 503 and keep their names', () => {
    for (const subset of ['v3', 'v9']) {
      expect(routed(mesh(`[${to(subset)}]`))).toMatchObject({ verdict: 'unroutable', status: 503, route: { destinations: [{ host: API, subset, healthy: false }] } });
    }
    expect(routed(mesh('[{route: [{destination: {host: gone}}]}]'))).toMatchObject({
      verdict: 'unroutable', status: 503, route: { destinations: [{ host: 'gone.shop.svc.cluster.local', healthy: false }] },
    });
  });

  test('redirects keep the query, and usual ports are left out', () => {
    const redirect = (spec: string, path: string) => routed(mesh(`[{match: [{uri: {prefix: /a}}], redirect: ${spec}}]`), { path });
    expect(redirect('{uri: /b}', '/a?x=1')).toMatchObject({ verdict: 'allowed', status: 301, location: 'http://api/b?x=1', route: { destinations: [] } });
    expect(redirect('{scheme: https, port: 443, redirectCode: 308}', '/a')).toMatchObject({ status: 308, location: 'https://api/a' });
    expect(redirect('{authority: other, port: 8443}', '/a').location).toBe('http://other:8443/a');
  });

  test('a direct response and a certain abort are answers of the proxy', () => {
    expect(routed(mesh('[{directResponse: {status: 418}}]'))).toMatchObject({ verdict: 'allowed', status: 418, route: { destinations: [] } });
    const abort = routed(mesh('[{fault: {abort: {httpStatus: 555, percentage: {value: 100}}}, route: [{destination: {host: api, subset: v1}}]}]'));
    expect(abort).toMatchObject({ verdict: 'allowed', status: 555 });
  });

  test('a rewrite replaces the prefix that matched', () => {
    const model = mesh('[{match: [{uri: {prefix: /old}}], rewrite: {uri: /new, authority: inner}, route: [{destination: {host: api}}]}]');
    expect(routed(model, { path: '/old/x?y=1' }).route).toMatchObject({ path: '/new/x?y=1', authority: 'inner' });
  });

  test('retries are two unless said otherwise, and zero attempts switch them off', () => {
    const retries = (spec: string) => routed(mesh(`[{${spec}route: [{destination: {host: api}}]}]`)).route;
    expect(retries('').retries).toMatchObject({ attempts: 2 });
    expect(retries('retries: {attempts: 0}, ').retries).toBeUndefined();
    expect(retries('retries: {attempts: 3, retryOn: "5xx,503"}, timeout: 1.5s, ')).toMatchObject({
      timeout: 1500, retries: { attempts: 3, retryOn: '5xx,503,retriable-status-codes' },
    });
  });
});

describe('hosts and visibility', () => {
  test('unknown hosts are passed on, or refused with 502 where only the registry counts', () => {
    const unknown = { host: 'example.com' };
    expect(destinations(routed(estate(base), unknown))).toEqual(['PassthroughCluster:80=100']);
    const closed = estate(base, { mesh: 'istio', meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } });
    expect(routed(closed, unknown)).toMatchObject({ verdict: 'unroutable', status: 502 });
  });

  test('a short name means a service of the client\'s namespace only', () => {
    const model = mesh(`[${to('v2')}]`);
    expect(subsetOf(model)).toBe('v2');
    expect(destinations(routed(model, { client: { namespace: 'other' } }))).toEqual(['PassthroughCluster:80=100']);
    expect(subsetOf(model, { client: { namespace: 'other' }, host: 'api.shop' })).toBe('v2');
  });

  test('a host of routes that is a short name of a service belongs to the first configuration, of names as old', () => {
    const dotted = (name: string): string => virtualService('shop', name, '{hosts: [api.shop], http: [{route: [{destination: {host: web}}]}]}', '2026-01-01T00:00:00Z');
    const full = (name: string): string => virtualService('shop', name, '{hosts: [api], http: [{match: [{uri: {prefix: /none}}], route: [{destination: {host: api}}]}]}', '2026-01-01T00:00:00Z');
    const question = { client: { namespace: 'other' }, server: { host: 'api.shop', port: 80 }, http: { path: '/' }, only: 'routing' } as const;
    expect(destinations(decide(estate(base + dotted('a') + full('b')), question))).toEqual(['web.shop.svc.cluster.local:80=100']);
    expect(decide(estate(base + dotted('b') + full('a')), question)).toMatchObject({ verdict: 'unroutable', status: 404 });
    expect(destinations(decide(estate(base + dotted('b')), question))).toEqual(['web.shop.svc.cluster.local:80=100']);
  });

  test('exportTo hides routes from other namespaces', () => {
    const model = estate(base + virtualService('shop', 'api', `{hosts: [api], exportTo: ["."], http: [${to('v2')}]}`));
    expect(subsetOf(model)).toBe('v2');
    expect(routed(model, { client: { namespace: 'other' }, host: 'api.shop' }).route.destinations).toMatchObject([{ host: API }]);
    expect(subsetOf(model, { client: { namespace: 'other' }, host: 'api.shop' })).toBeUndefined();
  });

  test('one VirtualService wins a host: they are not merged as on gateways, and an unknown order is told', () => {
    const two = (created: readonly string[]): Model => estate(base
      + virtualService('shop', 'a', `{hosts: [api], http: [${to('v1', '{uri: {prefix: /a}}')}]}`, created[0])
      + virtualService('shop', 'b', `{hosts: [api], http: [${to('v2', '{uri: {prefix: /b}}')}]}`, created[1]));
    const known = routed(two(['2024-01-02T00:00:00Z', '2024-01-01T00:00:00Z']), { path: '/b' });
    expect(known.route.destinations).toMatchObject([{ subset: 'v2' }]);
    expect(known.orderDependent).toBeUndefined();
    expect(routed(two(['', '']), { path: '/b' })).toMatchObject({ status: 404, orderDependent: [{ name: 'a' }, { name: 'b' }] });
  });

  describe('a Sidecar', () => {
    const sidecar = `
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: web}
spec: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [{hosts: [front/*]}]}
`;
    const fromWeb = (manifests: string, host: string) => routed(estate(base + sidecar + manifests), { client: { namespace: 'web' }, host });

    test('that imports nothing on a port leaves no HTTP listener there: the connection is closed without a status', () => {
      const decision = fromWeb('', 'api.shop');
      expect(decision.verdict).toBe('unroutable');
      expect(decision.status).toBeUndefined();
    });

    test('answers 502 where it serves HTTP for other services of the port', () => {
      expect(fromWeb(service('front', 'shopfront'), 'api.shop')).toMatchObject({ verdict: 'unroutable', status: 502 });
    });

    test('keeps the destinations of imported routes, though it does not import their services', () => {
      const front = service('front', 'shopfront')
        + virtualService('front', 'front', `{hosts: [shopfront], http: [{route: [{destination: {host: ${API}}}]}]}`);
      expect(destinations(fromWeb(front, 'shopfront.front'))).toEqual([`${API}:80=100`]);
    });
  });

  test('a delegate takes what the root and it have in common', () => {
    const model = estate(base
      + virtualService('shop', 'root', '{hosts: [api], http: [{match: [{uri: {prefix: /a}}], delegate: {name: leaf}}]}')
      + virtualService('shop', 'leaf', `{http: [${to('v2', '{uri: {prefix: /a/b}}')}, ${to('v1', '{uri: {prefix: /c}}')}]}`));
    expect(subsetOf(model, { path: '/a/b' })).toBe('v2');
    expect(routed(model, { path: '/c' }).status).toBe(404);
  });
});

describe('DestinationRules', () => {
  test('a wildcard in the client\'s namespace shadows the exact one of the service\'s', () => {
    const shadow = `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: all, namespace: web}
spec: {host: "*.local", trafficPolicy: {}}
`;
    const routes = base + virtualService('shop', 'api', `{hosts: [api], http: [${to('v1')}]}`);
    expect(routed(estate(routes), { client: { namespace: 'web' }, host: 'api.shop' }).verdict).toBe('allowed');
    expect(routed(estate(routes + shadow), { client: { namespace: 'web' }, host: 'api.shop' })).toMatchObject({ verdict: 'unroutable', status: 503 });
  });
});
