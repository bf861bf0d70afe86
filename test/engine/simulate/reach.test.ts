import * as fc from 'fast-check';
import { Model } from '../../../src/engine/model/model';
import { reach } from '../../../src/engine/simulate/reach';
import { decide, estate, security, service } from '../support/estate';

const base = service('shop', 'api') + service('shop', 'web') + service('shop', 'job');
const policy = (name: string, spec: string): string => security('AuthorizationPolicy', 'shop', name, spec);
const accessTo = (model: Model, account: string, workload: string): string | undefined => {
  const matrix = reach(model);
  return matrix.access(account, matrix.ports.find(port => port.name === workload)!);
};

describe('the reachability matrix', () => {
  test('says all without policies, none where nobody is named, and some where it hangs on the request', () => {
    const rules = (to: string): string => `{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]${to}}]}`;
    expect(accessTo(estate(base), 'shop/web', 'api-v1')).toBe('all');
    expect(accessTo(estate(base + policy('p', rules(''))), 'shop/web', 'api-v1')).toBe('all');
    expect(accessTo(estate(base + policy('p', rules(''))), 'shop/job', 'api-v1')).toBe('none');
    expect(accessTo(estate(base + policy('p', rules(', to: [{operation: {methods: [GET]}}]'))), 'shop/web', 'api-v1')).toBe('some');
  });

  test('puts clients that no policy tells apart into one group', () => {
    expect(reach(estate(base)).clients).toEqual([{ accounts: ['shop/api', 'shop/job', 'shop/web'] }]);
    const only = policy('p', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]}]}');
    expect(reach(estate(base + only)).clients).toHaveLength(2);
  });

  test('knows nothing of accounts that no workload has', () => expect(accessTo(estate(base), 'shop/nobody', 'api-v1')).toBeUndefined());

  test('never contradicts a single decision', () => {
    const source = fc.constantFrom('{principals: [cluster.local/ns/shop/sa/web]}', '{notPrincipals: [cluster.local/ns/shop/sa/web]}', '{namespaces: [shop]}',
      '{serviceAccounts: [job]}', '{namespaces: [other]}');
    const operation = fc.constantFrom('{methods: [GET]}', '{ports: ["8080"]}', '{ports: ["9090"]}', '{notMethods: [GET]}', '{paths: ["/a*"]}');
    const rule = fc.tuple(fc.option(source), fc.option(operation)).map(([from, to]) =>
      `{${[from && `from: [{source: ${from}}]`, to && `to: [{operation: ${to}}]`].filter(Boolean).join(', ')}}`);
    const one = fc.tuple(fc.constantFrom('ALLOW', 'DENY'), fc.array(rule, { minLength: 1, maxLength: 2 }))
      .map(([action, rules]) => `{action: ${action}, selector: {matchLabels: {app: api}}, rules: [${rules.join(', ')}]}`);
    const seen = new Set<string>();
    fc.assert(fc.property(fc.array(one, { maxLength: 3 }), all => {
      const model = estate(base + all.map((spec, index) => policy(`p${index}`, spec)).join(''));
      for (const account of ['web', 'job']) {
        const access = accessTo(model, `shop/${account}`, 'api-v1')!;
        seen.add(access);
        const verdicts = ['GET', 'POST'].flatMap(method => ['/', '/a'].map(path => decide(model, {
          client: { identity: `cluster.local/ns/shop/sa/${account}` }, server: { host: 'api', port: 80 }, http: { method, path },
        }).verdict));
        if (access === 'all') expect(new Set(verdicts)).toEqual(new Set(['allowed']));
        if (access === 'none') expect(new Set(verdicts)).toEqual(new Set(['denied']));
      }
    }), { numRuns: Number(process.env.PROPERTY_RUNS ?? 1) * 100, seed: 7 });
    expect([...seen].sort()).toEqual(['all', 'none', 'some']);
  });
});
