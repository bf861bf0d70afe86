import * as fc from 'fast-check';
import { NaiveAuthorization, naiveLinkerd, NaiveLinkerdCall, NaiveLinkerdMatch, NaiveLinkerdRoute, naiveLinkerdRule, NaiveNetwork } from './linkerd';
import { Model } from '../../../src/engine/model/model';
import { documentsFromObjects } from '../../../src/engine/model/source';
import { few, maybe } from '../support/arbitraries';
import { decide } from '../support/estate';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1) * 200, seed: 20260201 };
const SUFFIX = 'serviceaccount.identity.linkerd.cluster.local';
const CLIENTS = [['web', 'a'], ['web', 'b'], ['shop', 'a'], ['admin', 'a']] as const;

const path = fc.oneof(
  fc.record({ type: fc.constantFrom('Exact', 'PathPrefix'), value: fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab') }),
  fc.constantFrom('/(a|ab)', '/a.*', '/.*', '/(a|a/b)').map(value => ({ type: 'RegularExpression', value })));
const named = (...names: string[]): fc.Arbitrary<{ name: string; type?: string; value: string }[]> => fc.uniqueArray(
  fc.record({ name: fc.constantFrom(...names), type: fc.constantFrom(undefined, 'RegularExpression'), value: fc.constantFrom('1', 'a', 'a|ab') }),
  { minLength: 1, maxLength: 2, selector: item => item.name });
const match = few<NaiveLinkerdMatch & object>({
  path, method: fc.constantFrom('GET', 'POST'), headers: named('x-a', 'X-B'), queryParams: named('q', 'r'),
} as { [name in keyof NaiveLinkerdMatch]-?: fc.Arbitrary<NonNullable<NaiveLinkerdMatch[name]>> }, 1, 2) as fc.Arbitrary<NaiveLinkerdMatch>;
const rules = fc.array(fc.record({ matches: fc.array(match, { minLength: 1, maxLength: 2 }) }), { minLength: 1, maxLength: 3 });
const routes: fc.Arbitrary<NaiveLinkerdRoute[]> = fc.array(rules, { maxLength: 3 }).map(all => all.map((item, index) => ({ name: `r${index}`, rules: item })));
const http = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  path: fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab', '/b', '/a?q=1', '/a?q=b&q=a', '/ab?r=ab'),
  headers: fc.dictionary(fc.constantFrom('x-a', 'x-b'), fc.constantFrom('1', 'a', 'ab'), { noNullPrototype: true }),
});
const identityPattern = fc.constantFrom('*', `*.web.${SUFFIX}`, `a.web.${SUFFIX}`, `a.shop.${SUFFIX}`, `*${SUFFIX}`, 'a.*', `*.${SUFFIX}`);
const network = fc.constantFrom<NaiveNetwork>({ cidr: '10.0.0.0/8' }, { cidr: '10.1.0.0/16', except: ['10.1.2.0/24'] }, { cidr: '0.0.0.0/0' }, { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] });
const authorizations: fc.Arbitrary<NaiveAuthorization[]> = fc.array(fc.record({
  target: fc.constantFrom('server', 'r0', 'r1', 'r2'),
  identities: fc.oneof({ weight: 4, arbitrary: fc.array(identityPattern, { minLength: 1, maxLength: 2 }) }, { weight: 1, arbitrary: fc.constant('missing' as const) }, { weight: 2, arbitrary: fc.constant(undefined) }),
  networks: maybe(fc.array(network, { minLength: 1, maxLength: 2 })),
}), { maxLength: 4 });
const calls = fc.record({ client: maybe(fc.constantFrom(...CLIENTS)), ip: fc.constantFrom('10.1.2.3', '10.1.3.3', '10.9.9.9', '8.8.8.8'), http: maybe(http) });

const POLICY = 'policy.linkerd.io/v1alpha1';
const object = (apiVersion: string, kind: string, name: string, spec: object): { object: { [key: string]: unknown } } => ({ object: { apiVersion, kind, metadata: { name, namespace: 'shop' }, spec } });

function manifests(accessPolicy: string, all: NaiveLinkerdRoute[], grants: NaiveAuthorization[]): { object: { [key: string]: unknown } }[] {
  return [
    object('policy.linkerd.io/v1beta3', 'Server', 's', { podSelector: { matchLabels: { app: 'api' } }, port: 8080, accessPolicy }),
    ...all.map(({ name, rules: written }) => object('gateway.networking.k8s.io/v1', 'HTTPRoute', name, { parentRefs: [{ group: 'policy.linkerd.io', kind: 'Server', name: 's' }], rules: written })),
    ...grants.flatMap(({ identities, networks, target }, index) => {
      const name = `p${index}`;
      const references = [
        ...(identities ? [{ group: 'policy.linkerd.io', kind: 'MeshTLSAuthentication', name }] : []),
        ...(networks ? [{ group: 'policy.linkerd.io', kind: 'NetworkAuthentication', name }] : []),
      ];
      const targetRef = target === 'server' ? { group: 'policy.linkerd.io', kind: 'Server', name: 's' } : { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: target };
      return [
        object(POLICY, 'AuthorizationPolicy', name, { targetRef, requiredAuthenticationRefs: references }),
        ...(Array.isArray(identities) ? [object(POLICY, 'MeshTLSAuthentication', name, { identities })] : []),
        ...(networks ? [object(POLICY, 'NetworkAuthentication', name, { networks })] : []),
      ];
    }),
  ];
}

describe('the engine and an evaluator written from the description of Linkerd agree', () => {
  test('on who may do what at a Server with routes', () => {
    const stages = new Map<string, number>();
    const words = fc.constantFrom('deny', 'deny', 'deny', 'audit', 'all-authenticated', 'cluster-unauthenticated', 'cluster-authenticated', 'all-unauthenticated');
    fc.assert(fc.property(words, routes, authorizations, calls, (word, all, grants, call) => {
      const identity = call.client && `${call.client[1]}.${call.client[0]}.${SUFFIX}`;
      const expected = naiveLinkerd(word, all, grants, { identity, ip: call.ip, http: call.http } as NaiveLinkerdCall);
      stages.set(expected, (stages.get(expected) ?? 0) + 1);
      const decision = decide(new Model(documentsFromObjects(manifests(word, all, grants)).documents, { mesh: 'linkerd' }), {
        only: 'authorization',
        client: { identity: call.client && `cluster.local/ns/${call.client[0]}/sa/${call.client[1]}`, ip: call.ip, tls: call.client ? 'mtls' : 'none' },
        server: { namespace: 'shop', labels: { app: 'api' }, workloadPort: 8080 },
        protocol: call.http ? 'http' : 'tcp',
        http: call.http,
      });
      expect({ stage: decision.authorization.stage, allowed: decision.verdict === 'allowed' }).toEqual({ stage: expected, allowed: expected === 'allow' || expected === 'audit' });
    }), RUNS);
    for (const stage of ['allow', 'implicit-deny', 'no-route']) expect(stages.get(stage) ?? 0).toBeGreaterThan(RUNS.numRuns / 20);
  });

  test('on which rule of which route takes a request', () => {
    const taken = new Set<string | undefined>();
    const service = (name: string): { object: { [key: string]: unknown } } => ({ object: { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector: { app: name }, ports: [{ port: 80 }] } } });
    fc.assert(fc.property(routes.filter(all => all.length > 0), http, (all, request) => {
      const expected = naiveLinkerdRule(all, request);
      taken.add(expected);
      const objects = [service('api'), ...all.map(route => object('gateway.networking.k8s.io/v1', 'HTTPRoute', route.name, {
        parentRefs: [{ group: '', kind: 'Service', name: 'api' }], rules: route.rules,
      }))];
      const decision = decide(new Model(documentsFromObjects(objects).documents, { mesh: 'linkerd' }), { only: 'routing', server: { host: 'api.shop', port: 80 }, http: request });
      const { matched } = decision.route;
      expect(matched && `${matched.name}/${matched.rule}`).toBe(expected);
      expect(decision.status).toBe(expected === undefined ? 404 : undefined);
    }), RUNS);
    expect(taken.size).toBeGreaterThan(5);
  });
});
