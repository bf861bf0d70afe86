import { Decision } from '../../../src/engine/simulate/decision';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, destinations, estate, virtualService } from '../support/estate';
import { call, manifest } from '../support/meshes';

const entry = (kind: string, name: string, spec: string): string => manifest('consul.hashicorp.com/v1alpha1', kind, 'shop', name, spec);
const defaults = (name: string, protocol = 'http'): string => entry('ServiceDefaults', name, `{protocol: ${protocol}}`);

/** A Service with a Deployment in the mesh for each version. */
function service(name: string, versions: readonly string[] = ['v1']): string {
  return `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]}
${versions.map(version => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}-${version}, namespace: shop}
spec: {template: {metadata: {labels: {app: ${name}}, annotations: {consul.hashicorp.com/connect-inject: "true", consul.hashicorp.com/service-meta-version: ${version}}},
  spec: {serviceAccountName: ${name}, containers: [{name: app}]}}}
`).join('')}`;
}

const BASE = ['web', 'api', 'one', 'two'].map(name => service(name, name === 'api' ? ['v1', 'v2'] : ['v1']) + defaults(name)).join('');

function ask(yaml: string, http: SimulationRequest['http'] = {}): Decision {
  return decide(estate(BASE + yaml, { mesh: 'consul' }), { ...call('api.shop', http, 'shop'), only: 'routing' });
}

const to = (yaml: string, http?: SimulationRequest['http']): string => {
  const decision = ask(yaml, http);
  return decision.verdict === 'allowed' ? destinations(decision).map(item => item.replace(':80', '').replace('=100', '')).join(' ') : `${decision.verdict} ${decision.status}`;
};
const router = (...routes: string[]): string => entry('ServiceRouter', 'api', `{routes: [${routes.join(', ')}]}`);
const route = (http: string, destination: string): string => `{match: {http: ${http}}, destination: ${destination}}`;
const subsets = entry('ServiceResolver', 'api', '{subsets: {v1: {filter: "Service.Meta.version == v1"}, v2: {filter: \'Service.Meta["version"] == "v2"\'}}}');
/** Where Istio sends the same by a VirtualService, which is the nearest thing there. */
const istio = (http: string, request: SimulationRequest['http']): string => {
  const decision = decide(estate(BASE + virtualService('shop', 'api', `{hosts: [api], http: [${http}]}`), { mesh: 'istio' }), { ...call('api.shop', request, 'shop'), only: 'routing' });
  return decision.verdict === 'allowed' ? destinations(decision).map(item => item.replace('.shop.svc.cluster.local:80', '').replace('=100', '')).join(' ') : `${decision.verdict} ${decision.status}`;
};

describe('the protocol of a service in Consul', () => {
  const rules = router(route('{pathPrefix: /}', '{service: one}'));

  test('is bytes unless something says otherwise, so that its router counts for nothing', () => {
    const bytes = BASE.replace(/protocol: http/g, 'mode: direct') + rules;
    expect(destinations(decide(estate(bytes, { mesh: 'consul' }), { ...call('api.shop', {}, 'shop'), only: 'routing' }))).toEqual(['api:80=100']);
    expect(istio('{route: [{destination: {host: one}}]}', {})).toBe('one');
  });

  test('is that of all proxies where the service has none of its own', () => {
    const bytes = BASE.replace(/protocol: http/g, 'mode: direct') + rules + manifest('consul.hashicorp.com/v1alpha1', 'ProxyDefaults', 'consul', 'global', '{config: {protocol: http}}');
    expect(destinations(decide(estate(bytes, { mesh: 'consul' }), { ...call('api.shop', {}, 'shop'), only: 'routing' }))).toEqual(['one:80=100']);
  });

  test('must be the same for all services that a chain can reach', () => {
    const yaml = BASE + entry('ServiceDefaults', 'grpc', '{protocol: grpc}') + router(route('{pathPrefix: /x}', '{service: grpc}'));
    const decision = decide(estate(yaml, { mesh: 'consul' }), { ...call('api.shop', { path: '/' }, 'shop'), only: 'routing' });
    expect(decision).toMatchObject({ verdict: 'unroutable', status: 503, why: ['the discovery chain cannot be made: the chain of api speaks http, and that of grpc, to which it leads, grpc'] });
  });
});

describe('a ServiceRouter', () => {
  test('takes the first route that matches, however exact a later one is', () => {
    const yaml = router(route('{pathPrefix: /}', '{service: one}'), route('{pathExact: /x}', '{service: two}'));
    expect(to(yaml, { path: '/x' })).toBe('one');
    const gamma = manifest('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop', 'r', `{parentRefs: [{group: "", kind: Service, name: api}], rules: [
      {matches: [{path: {type: PathPrefix, value: /}}], backendRefs: [{name: one, port: 80}]}, {matches: [{path: {type: Exact, value: /x}}], backendRefs: [{name: two, port: 80}]}]}`);
    expect(destinations(decide(estate(BASE + gamma, { mesh: 'gateway-api' }), { ...call('api.shop', { path: '/x' }, 'shop'), only: 'routing' }))[0]).toMatch(/^two/);
  });

  test('leaves what no route takes to the service itself, where a VirtualService answers 404', () => {
    expect(to(router(route('{pathExact: /x}', '{service: one}')), { path: '/y' })).toBe('api');
    expect(istio('{match: [{uri: {exact: /x}}], route: [{destination: {host: one}}]}', { path: '/y' })).toBe('unroutable 404');
  });

  test('compares prefixes by characters, where Gateway API compares segments', () => {
    expect(to(router(route('{pathPrefix: /api}', '{service: one}')), { path: '/apix' })).toBe('one');
  });

  test('matches regular expressions on the whole path', () => {
    const yaml = router(route('{pathRegex: "/(a|ab)"}', '{service: one}'));
    expect([to(yaml, { path: '/ab' }), to(yaml, { path: '/abc' })]).toEqual(['one', 'api']);
  });

  test('ignores case of paths only where it is told to', () => {
    expect(to(router(route('{pathExact: /X}', '{service: one}')), { path: '/x' })).toBe('api');
    expect(to(router(route('{pathExact: /X, caseInsensitive: true}', '{service: one}')), { path: '/x' })).toBe('one');
  });

  test.each([
    ['present', '{name: x, present: true}', 'a', undefined],
    ['exact', '{name: X, exact: a}', 'a', 'b'],
    ['prefix', '{name: x, prefix: a}', 'ab', 'ba'],
    ['suffix', '{name: x, suffix: a}', 'ba', 'ab'],
    ['regex', '{name: x, regex: "a|ab"}', 'ab', 'abc'],
    ['inverted', '{name: x, exact: a, invert: true}', 'b', 'a'],
    ['inverted for absent ones', '{name: x, exact: a, invert: true}', undefined, 'a'],
  ])('matches headers: %s', (_, condition, fits, fails) => {
    const yaml = router(route(`{header: [${condition}]}`, '{service: one}'));
    const headers = (value: string | undefined): SimulationRequest['http'] => ({ headers: value === undefined ? {} : { x: value } });
    expect([to(yaml, headers(fits)), to(yaml, headers(fails))]).toEqual(['one', 'api']);
  });

  test.each([
    ['present', '{name: q, present: true}', '/?q=1', '/'],
    ['exact', '{name: q, exact: "1"}', '/?q=1', '/?q=2&q=1'],
    ['regex', '{name: q, regex: "1|12"}', '/?q=12', '/?q=123'],
  ])('matches parameters: %s', (_, condition, fits, fails) => {
    const yaml = router(route(`{queryParam: [${condition}]}`, '{service: one}'));
    expect([to(yaml, { path: fits }), to(yaml, { path: fails })]).toEqual(['one', 'api']);
  });

  test('matches methods', () => {
    const yaml = router(route('{methods: [PUT, POST]}', '{service: one}'));
    expect([to(yaml, { method: 'PUT' }), to(yaml, { method: 'GET' })]).toEqual(['one', 'api']);
  });

  test('rewrites the prefix, and says its timeout and retries', () => {
    const yaml = router(route('{pathPrefix: /old/}', '{service: one, prefixRewrite: /, requestTimeout: 1m30s, numRetries: 3, retryOn: [5xx], retryOnConnectFailure: true, retryOnStatusCodes: [409]}'));
    expect(ask(yaml, { path: '/old/x?q=1' }).route).toMatchObject({ path: '/x?q=1', timeout: 90_000, retries: { attempts: 3, retryOn: '5xx,connect-failure,409' } });
  });

  test('counts only where a chain begins: the router of a destination does not', () => {
    const yaml = router(route('{pathPrefix: /}', '{service: one}')) + entry('ServiceRouter', 'one', `{routes: [${route('{pathPrefix: /}', '{service: two}')}]}`);
    expect(to(yaml)).toBe('one');
  });

  test('leads to the splitter of a destination, but past it where a subset is named', () => {
    const split = entry('ServiceSplitter', 'one', '{splits: [{weight: 50, service: one}, {weight: 50, service: two}]}');
    const resolver = entry('ServiceResolver', 'one', '{subsets: {s: {filter: ""}}}');
    expect(to(router(route('{pathPrefix: /}', '{service: one}')) + split + resolver)).toBe('one=50 two=50');
    expect(to(router(route('{pathPrefix: /}', '{service: one, serviceSubset: s}')) + split + resolver)).toBe('one/s');
  });
});

describe('a ServiceSplitter', () => {
  test('is flattened, each share of an inner one in proportion', () => {
    const yaml = entry('ServiceSplitter', 'api', '{splits: [{weight: 60, service: one}, {weight: 40, service: two}]}')
      + entry('ServiceSplitter', 'one', '{splits: [{weight: 25, service: one}, {weight: 75, service: api, serviceSubset: v2}]}') + subsets;
    expect(to(yaml)).toBe('one=15 api/v2=45 two=40');
  });

  test('divides also what a router leaves to the service itself', () => {
    const yaml = entry('ServiceSplitter', 'api', '{splits: [{weight: 99.99, service: api}, {weight: 0.01, service: two}]}') + router(route('{pathExact: /x}', '{service: one}'));
    expect([to(yaml, { path: '/x' }), to(yaml, { path: '/' })]).toEqual(['one', 'api=99.99 two=0.01']);
  });
});

describe('a ServiceResolver', () => {
  test('tells subsets apart by the metadata that annotations of pods give, not by their labels as Istio does', () => {
    const decision = ask(subsets + router(route('{pathPrefix: /}', '{serviceSubset: v2}')));
    expect(destinations(decision)).toEqual(['api/v2:80=100']);
    expect(decision.route.destinations[0].healthy).toBe(true);
    const none = entry('ServiceResolver', 'api', '{subsets: {v3: {filter: "Service.Meta.version == v3"}}}') + router(route('{pathPrefix: /}', '{serviceSubset: v3}'));
    expect(to(none)).toBe('unroutable 503');
  });

  test('has a default subset', () => {
    expect(to(subsets.replace('{subsets:', '{defaultSubset: v1, subsets:'))).toBe('api/v1');
  });

  test('has no chain for a subset that does not exist', () => {
    expect(ask(router(route('{pathPrefix: /}', '{serviceSubset: v9}'))).why[0]).toBe('the discovery chain cannot be made: service api has no subset v9');
  });

  test('redirects to another service, and to its resolver, but never in a circle', () => {
    const redirect = (from: string, target: string): string => entry('ServiceResolver', from, `{redirect: {service: ${target}}}`);
    expect(to(redirect('api', 'one') + redirect('one', 'two'))).toBe('two');
    expect(ask(redirect('api', 'one') + redirect('one', 'api')).verdict).toBe('unroutable');
  });

  test('fails over in order, by subset or for all, when nothing of a target serves', () => {
    const dead = entry('ServiceResolver', 'api', '{defaultSubset: v3, subsets: {v3: {filter: "Service.Meta.version == v3"}}, failover: {"*": {service: two}, v3: {targets: [{service: gone}, {service: one}]}}}');
    expect(to(dead)).toBe('one');
    expect(ask(dead).assumptions).toContain('no instance of api serves, so one takes its place');
    expect(to(dead.replace('v3: {targets: [{service: gone}, {service: one}]}', 'other: {service: one}'))).toBe('two');
  });

  test('says its timeout only where the chain begins with it', () => {
    const timed = entry('ServiceResolver', 'api', '{requestTimeout: 3s}');
    expect(ask(timed).route.timeout).toBe(3000);
    expect(ask(timed + entry('ServiceSplitter', 'api', '{splits: [{weight: 100, service: api}]}')).route.timeout).toBeUndefined();
  });

  test('redirects to peers, about which the manifests say no more', () => {
    const decision = ask(entry('ServiceResolver', 'api', '{redirect: {service: api, peer: east}}'));
    expect(decision).toMatchObject({ verdict: 'allowed', assumptions: ['what peer east does with it is not known here'] });
  });
});
