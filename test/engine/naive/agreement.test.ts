import * as fc from 'fast-check';
import { Enforcer, NaivePolicy, naiveReason, NaiveRequest, NaiveRule } from './authorization';
import { NaiveCall, naiveGatewayRule, NaiveGatewayMatch, NaiveMatch, naiveRule } from './routes';
import { Model } from '../../../src/engine/model/model';
import { documentsFromObjects } from '../../../src/engine/model/source';
import { few, maybe, some, tidy } from '../support/arbitraries';
import { decide } from '../support/estate';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1) * 200, seed: 20260101 };

const PRINCIPALS = ['td/ns/a/sa/x', 'td/ns/a/sa/y', 'td/ns/b/sa/x', 'old/ns/a/sa/x', 'foreign/ns/a/sa/x'];
const PATHS = ['/', '/a', '/a/', '/a/b', '/ab', '/a/b/c', '/b', '/a?q=1', '/b?q=2&q=1', '/a/b?r'];
const METHODS = ['GET', 'POST', 'PUT'];

const source = few<Record<string, string[]>>({
  principals: some(...PRINCIPALS, '*', 'td/ns/a/*', '*/sa/x', 'cluster.local/ns/a/sa/x'),
  notPrincipals: some('td/ns/a/sa/x', '*'),
  namespaces: some('a', 'b', 'a*', '*'),
  notNamespaces: some('a'),
  serviceAccounts: some('a/x', 'b/x'),
  ipBlocks: some('10.0.0.0/8', '10.1.2.3', '0.0.0.0/0'),
  notIpBlocks: some('10.1.0.0/16'),
  trustDomains: some('td', 'foreign', 'f*'),
}, 1, 2) as fc.Arbitrary<Record<string, string[]>>;
const operation = few<Record<string, string[]>>({
  ports: some('8080', '9090'),
  notPorts: some('8080'),
  methods: some(...METHODS, 'P*'),
  notMethods: some('GET'),
  paths: some('/a', '/a*', '*b', '/', '*'),
  notPaths: some('/a/b', '/a*'),
  hosts: some('api', 'API', 'api.*', '*'),
}, 1, 2) as fc.Arbitrary<Record<string, string[]>>;
const condition = fc.record({
  key: fc.constantFrom('source.namespace', 'source.principal', 'source.ip', 'destination.port', 'request.headers[X-User]'),
  values: maybe(some('a', 'td/ns/a/sa/x', '*')),
  notValues: maybe(some('b', 'td/ns/b/sa/x')),
}).map(item => {
  const fitting = new Map([['source.ip', ['10.0.0.0/8']], ['destination.port', ['8080']]]).get(item.key);
  return tidy({ ...item, values: item.values && (fitting ?? item.values), notValues: item.notValues && (fitting ?? item.notValues) });
}).filter(item => item.values !== undefined || item.notValues !== undefined);
const list = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arbitrary, { minLength: 1, maxLength: 2 });
const policies = fc.array(fc.record({
  namespace: fc.constantFrom('shop', 'shop', 'shop', 'istio-system', 'istio-system', 'other'),
  action: fc.constantFrom('ALLOW', 'DENY'),
  selector: fc.constantFrom(undefined, { app: 'api' }, { app: 'api' }, { app: 'other' }),
  rules: fc.array(few({ from: list(source), to: list(operation), when: list(condition) }, 1, 2), { minLength: 1, maxLength: 3 }),
}), { maxLength: 3 }) as fc.Arbitrary<NaivePolicy[]>;
const requests = fc.record({
  principal: maybe(fc.constantFrom(...PRINCIPALS)),
  ip: fc.constantFrom('10.1.2.3', '10.9.9.9', '1.2.3.4'),
  port: fc.constantFrom(8080, 9090),
  http: maybe(fc.record({
    method: fc.constantFrom(...METHODS),
    path: fc.constantFrom(...PATHS),
    authority: fc.constantFrom('api', 'api.shop:80', 'Api'),
    headers: fc.constantFrom<Record<string, string>[]>({}, { 'x-user': 'a' }, { 'x-user': 'b' }, { 'x-user': '' }),
  })),
}) as fc.Arbitrary<NaiveRequest>;

/** A rule as its manifest spells it. */
function manifestRule({ from, to, when }: NaiveRule): object {
  return tidy({ from: from?.map(item => ({ source: item })), to: to?.map(item => ({ operation: item })), when });
}

function engineAnswer(all: NaivePolicy[], request: NaiveRequest, enforcer: Enforcer, evidence: boolean): { allowed: boolean; reason: string } {
  const objects = all.map((policy, index) => ({
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: `p${index}`, namespace: policy.namespace },
      spec: { action: policy.action, rules: policy.rules.map(manifestRule), ...(policy.selector ? { selector: { matchLabels: policy.selector } } : {}) },
    },
  }));
  const model = new Model(documentsFromObjects(objects).documents, {
    mesh: enforcer === 'sidecar' ? 'istio' : 'istio-ambient', meshConfig: { trustDomain: 'td', trustDomainAliases: ['old'] },
  });
  const { authorization, verdict } = decide(model, {
    only: 'authorization',
    client: { identity: request.principal, ip: request.ip, tls: request.principal === undefined ? 'none' : 'mtls' },
    server: { namespace: 'shop', labels: { app: 'api' }, workloadPort: request.port },
    protocol: request.http ? 'http' : 'tcp',
    http: request.http,
  }, { evidence });
  return { allowed: verdict === 'allowed', reason: authorization.stage! };
}

describe('the engine and an evaluator written from the specification agree', () => {
  test.each(['sidecar', 'ztunnel'] as const)('on who may do what at a %s, with evidence and without', enforcer => {
    const reasons = new Map<string, number>();
    fc.assert(fc.property(policies, requests, (all, request) => {
      // Ztunnel sees connections only.
      const seen = enforcer === 'ztunnel' ? { ...request, http: undefined } : request;
      const expected = naiveReason(all, 'shop', { app: 'api' }, seen, enforcer, ['td', 'old']);
      reasons.set(expected, (reasons.get(expected) ?? 0) + 1);
      const allowed = expected === 'allow' || expected === 'no-policy';
      for (const evidence of [false, true]) expect(engineAnswer(all, request, enforcer, evidence)).toEqual({ allowed, reason: expected });
    }), RUNS);
    // Cases that are all decided alike would prove nothing: each reason must decide a fair share.
    for (const reason of ['deny', 'allow', 'implicit-deny', 'no-policy']) expect(reasons.get(reason) ?? 0).toBeGreaterThan(RUNS.numRuns / 20);
  });

  const text = fc.oneof(
    fc.constantFrom('a', 'b', '').map(exact => ({ exact })), fc.constantFrom('a', 'b').map(prefix => ({ prefix })),
    fc.constantFrom('a|ab', '.*', 'a+').map(regex => ({ regex })), fc.constant({}),
  );
  const headers = fc.dictionary(fc.constantFrom('x-a', 'x-b'), text, { noNullPrototype: true, minKeys: 1, maxKeys: 2 });
  const match = few<NaiveMatch & object>({
    uri: fc.oneof(
      fc.constantFrom(...PATHS.filter(path => !path.includes('?'))).map(exact => ({ exact })),
      fc.constantFrom('/', '/a', '/a/b', '').map(prefix => ({ prefix })), fc.constantFrom('/a|/ab', '/.*b', '.*').map(regex => ({ regex }))),
    method: fc.constantFrom(...METHODS).map(exact => ({ exact })),
    headers,
    withoutHeaders: headers,
    queryParams: fc.dictionary(fc.constantFrom('q', 'r'), fc.oneof(fc.constantFrom('1', '2').map(exact => ({ exact })), fc.constant({})),
      { noNullPrototype: true, minKeys: 1 }),
    sourceNamespace: fc.constantFrom('shop', 'web'),
    sourceLabels: fc.constantFrom({ app: 'w' }, { app: 'v' }),
    port: fc.constantFrom(80, 81),
  } as { [name in keyof NaiveMatch]-?: fc.Arbitrary<NonNullable<NaiveMatch[name]>> }, 1, 2) as fc.Arbitrary<NaiveMatch>;
  const calls: fc.Arbitrary<NaiveCall> = fc.record({
    method: fc.constantFrom(...METHODS),
    path: fc.constantFrom(...PATHS),
    headers: fc.dictionary(fc.constantFrom('x-a', 'x-b'), fc.constantFrom('a', 'ab', 'b', ''), { noNullPrototype: true }),
    namespace: fc.constantFrom('shop', 'web'),
    labels: fc.constantFrom<Record<string, string>[]>({}, { app: 'w' }),
    port: fc.constant(80),
  });
  const backend = (index: number): object => ({
    apiVersion: 'v1', kind: 'Service', metadata: { name: `s${index}`, namespace: 'shop' }, spec: { selector: { app: `s${index}` }, ports: [{ name: 'http', port: 80 }] },
  });

  /** The index of the rule that the engine's decision names; -1 for none. */
  function engineRule(route: object, call: NaiveCall, mesh = 'istio'): number {
    const objects = [...[0, 1, 2, 3, 4].map(backend), route].map(object => ({ object }));
    const decision = decide(new Model(documentsFromObjects(objects).documents, { mesh }), {
      only: 'routing',
      client: { namespace: call.namespace, labels: call.labels },
      server: { host: 's0.shop', port: call.port },
      http: { method: call.method, path: call.path, headers: call.headers, authority: 's0.shop' },
    });
    return decision.status === 404 ? -1 : decision.route.matched!.rule!;
  }

  test('on which rule of a VirtualService takes a request', () => {
    const taken = new Set<number>();
    fc.assert(fc.property(fc.array(maybe(fc.array(match, { minLength: 1, maxLength: 2 })), { minLength: 1, maxLength: 4 }), calls, (rules, call) => {
      const expected = naiveRule(rules, call);
      const http = rules.map((matches, index) => ({ ...(matches ? { match: matches } : {}), route: [{ destination: { host: `s${index}` } }] }));
      const route = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'r', namespace: 'shop' }, spec: { hosts: ['s0'], http } };
      // A VirtualService that has no route at all for a proxy leaves the service to itself.
      const place = (item: NaiveMatch): boolean => (item.port ?? 80) === call.port && (item.sourceNamespace ?? call.namespace) === call.namespace
        && Object.entries(item.sourceLabels ?? {}).every(([key, value]) => call.labels[key] === value);
      if (!rules.some(matches => !matches || matches.some(place))) return;
      taken.add(expected);
      expect(engineRule(route, call)).toBe(expected);
    }), RUNS);
    expect(taken.size).toBeGreaterThan(3);
  });

  test.each(['istio', 'gateway-api'])('on which rule of an HTTPRoute takes a request on %s', mesh => {
    const named = (...names: string[]): fc.Arbitrary<{ name: string; value: string }[]> =>
      fc.uniqueArray(fc.record({ name: fc.constantFrom(...names), value: fc.constantFrom('1', 'a', 'b') }), { minLength: 1, maxLength: 2, selector: item => item.name });
    const gatewayMatch = few<NaiveGatewayMatch & object>({
      path: fc.oneof(
        fc.record({ type: fc.constantFrom('Exact', 'PathPrefix'), value: fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab') }),
        fc.constantFrom('/a.*', '/.*', '/ab?').map(value => ({ type: 'RegularExpression', value }))),
      method: fc.constantFrom(...METHODS),
      headers: named('x-a', 'x-b'),
      queryParams: named('q', 'r'),
    } as { [name in keyof NaiveGatewayMatch]-?: fc.Arbitrary<NonNullable<NaiveGatewayMatch[name]>> }, 1, 2) as fc.Arbitrary<NaiveGatewayMatch>;
    const taken = new Set<number>();
    fc.assert(fc.property(fc.array(fc.array(gatewayMatch, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }), calls, (rules, call) => {
      const expected = naiveGatewayRule(rules, call);
      taken.add(expected);
      const route = {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'r', namespace: 'shop' },
        spec: { parentRefs: [{ group: '', kind: 'Service', name: 's0' }], rules: rules.map((matches, index) => ({ matches, backendRefs: [{ name: `s${index}`, port: 80 }] })) },
      };
      // Routes of a Service in its own namespace apply to clients of every namespace.
      expect(engineRule(route, call, mesh)).toBe(expected);
    }), RUNS);
    expect(taken.size).toBeGreaterThan(3);
  });
});
