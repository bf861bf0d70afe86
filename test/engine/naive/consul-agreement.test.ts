import * as fc from 'fast-check';
import { naiveChain, NaiveConsulRequest, NaiveHttp, naiveIntentions, NaiveMesh, NaiveSource } from './consul';
import { Model } from '../../../src/engine/model/model';
import { documentsFromObjects } from '../../../src/engine/model/source';
import { few, maybe } from '../support/arbitraries';
import { decide } from '../support/estate';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1) * 200, seed: 20260202 };
const NAMES = ['a', 'b', 'c'];
type Written = { object: { [key: string]: unknown } };
const entry = (kind: string, name: string, spec: object): Written => ({ object: { apiVersion: 'consul.hashicorp.com/v1alpha1', kind, metadata: { name, namespace: 'shop' }, spec } });

const path = fc.oneof(
  fc.constantFrom('/', '/a', '/a/b').map(pathExact => ({ pathExact })), fc.constantFrom('/', '/a', '/a/', '/ab').map(pathPrefix => ({ pathPrefix })),
  fc.constantFrom('/(a|ab)', '/.*b', '.*').map(pathRegex => ({ pathRegex })));
const header = fc.tuple(fc.constantFrom('x-a', 'X-B'), fc.constantFrom({ exact: 'a' }, { prefix: 'a' }, { suffix: 'b' }, { regex: 'a|ab' }, { present: true }), maybe(fc.constant(true)))
  .map(([name, test, invert]) => ({ name, ...test, ...(invert ? { invert } : {}) }));
const conditions = few<Omit<NaiveHttp, 'pathExact'> & { path: object }>({
  path,
  methods: fc.constantFrom(['GET'], ['PUT', 'POST']),
  header: fc.array(header, { minLength: 1, maxLength: 2 }),
  queryParam: fc.constantFrom([{ name: 'q', exact: '1' }], [{ name: 'q', present: true }]),
} as never, 1, 2);
const httpMatch = (query: boolean): fc.Arbitrary<NaiveHttp> => conditions.map(({ path: own, ...rest }) => {
  const all = { ...own, ...rest } as NaiveHttp;
  if (!query) delete all.queryParam;
  return Object.keys(all).length > 0 ? all : { pathPrefix: '/' };
});
const request: fc.Arbitrary<NaiveConsulRequest> = fc.record({
  method: fc.constantFrom('GET', 'PUT'),
  path: fc.constantFrom('/', '/a', '/a/b', '/ab', '/b', '/a?q=1', '/a?q=2&q=1'),
  headers: fc.dictionary(fc.constantFrom('x-a', 'x-b'), fc.constantFrom('a', 'ab', 'b'), { noNullPrototype: true }),
});
const source = (name: string): fc.Arbitrary<NaiveSource> => fc.oneof(
  fc.constantFrom('allow' as const, 'deny' as const).map(action => ({ name, action })),
  fc.array(fc.record({ action: fc.constantFrom('allow' as const, 'deny' as const), http: httpMatch(false) }), { minLength: 1, maxLength: 3 }).map(permissions => ({ name, permissions })));
const sources = fc.uniqueArray(fc.constantFrom('web', 'other', '*'), { minLength: 1 }).chain(names => fc.tuple(...names.map(source)));
// Destinations that are a wildcard know no permissions.
const flat = sources.map(items => items.map(({ action, name }) => ({ name, action: action ?? 'deny' as const })));

describe('the engine and an evaluator written from the description of Consul agree', () => {
  test('on whom intentions let in', () => {
    const answers = new Map<string, number>();
    fc.assert(fc.property(maybe(sources), maybe(flat), fc.boolean(), fc.boolean(), fc.constantFrom('web', 'other', 'third'), request, (own, all, http, open, caller, call) => {
      const intentions = { ...(own ? { api: own } : {}), ...(all ? { '*': all } : {}) };
      const expected = naiveIntentions(intentions, 'api', http, caller, call, open);
      answers.set(String(expected), (answers.get(String(expected)) ?? 0) + 1);
      const objects: Written[] = [
        { object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'api', namespace: 'shop' }, spec: { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 8080 }] } } },
        { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'consul-server-config', namespace: 'consul' }, data: { 'acl.json': JSON.stringify({ acl: { enabled: true, default_policy: open ? 'allow' : 'deny' } }) } } },
        entry('ServiceDefaults', 'api', { protocol: http ? 'http' : 'tcp' }),
        ...Object.entries(intentions).map(([name, written], index) => entry('ServiceIntentions', `i${index}`, { destination: { name }, sources: written })),
      ];
      const decision = decide(new Model(documentsFromObjects(objects).documents, { mesh: 'consul' }), {
        only: 'authorization', client: { identity: `td/ns/shop/sa/${caller}` }, server: { namespace: 'shop', labels: { app: 'api' }, workloadPort: 8080 }, http: call,
      });
      expect(decision.verdict).toBe(expected ? 'allowed' : 'denied');
    }), RUNS);
    for (const answer of ['true', 'false']) expect(answers.get(answer) ?? 0).toBeGreaterThan(RUNS.numRuns / 5);
  });

  test('on where a discovery chain leads', () => {
    const target = { service: maybe(fc.constantFrom(...NAMES)), subset: maybe(fc.constantFrom('s', 's', 't')) };
    const table = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> => fc.dictionary(fc.constantFrom(...NAMES), item, { noNullPrototype: true });
    const meshes: fc.Arbitrary<NaiveMesh> = fc.record({
      routers: table(fc.array(fc.record({ match: httpMatch(true), ...target }), { minLength: 1, maxLength: 3 })),
      splitters: table(fc.tuple(fc.record(target), fc.record(target), fc.constantFrom(50, 25)).map(([one, two, weight]) => [{ ...one, weight }, { ...two, weight: 100 - weight }])),
      resolvers: table(fc.oneof(
        { weight: 4, arbitrary: fc.record({ subsets: fc.constantFrom<string[]>(['s'], ['s', 't']), defaultSubset: maybe(fc.constant('s')), redirect: fc.constant(undefined) }) },
        { weight: 1, arbitrary: fc.constantFrom('b', 'c').map(redirect => ({ subsets: [], redirect })) })),
    });
    const taken = new Set<string>();
    fc.assert(fc.property(meshes, request, (mesh, call) => {
      const expected = naiveChain(mesh, 'a', call);
      taken.add(JSON.stringify(expected ?? null));
      const spelled = ({ service, subset }: { service?: string; subset?: string }): object => ({ ...(service ? { service } : {}), ...(subset ? { serviceSubset: subset } : {}) });
      const objects: Written[] = NAMES.flatMap(name => [
        { object: { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector: { app: name }, ports: [{ port: 80 }] } } } as Written,
        entry('ServiceDefaults', name, { protocol: 'http' }),
        ...(mesh.routers[name] ? [entry('ServiceRouter', name, { routes: mesh.routers[name].map(item => ({ match: { http: item.match }, destination: spelled(item) })) })] : []),
        ...(mesh.splitters[name] ? [entry('ServiceSplitter', name, { splits: mesh.splitters[name].map(item => ({ ...spelled(item), weight: item.weight })) })] : []),
        ...(mesh.resolvers[name] ? [entry('ServiceResolver', name, {
          ...(mesh.resolvers[name].defaultSubset ? { defaultSubset: 's' } : {}),
          ...(mesh.resolvers[name].redirect ? { redirect: { service: mesh.resolvers[name].redirect } } : {}),
          subsets: Object.fromEntries(mesh.resolvers[name].subsets.map(subset => [subset, {}])),
        })] : []),
      ]);
      const decision = decide(new Model(documentsFromObjects(objects).documents, { mesh: 'consul' }), { only: 'routing', server: { host: 'a.shop', port: 80 }, http: call });
      const shares = decision.verdict === 'unroutable' ? undefined
        : Object.fromEntries(decision.route.destinations.map(item => [item.subset === undefined ? item.host : `${item.host}/${item.subset}`, item.weight]));
      expect(shares).toEqual(expected);
    }), RUNS);
    expect(taken.size).toBeGreaterThan(8);
  });
});
