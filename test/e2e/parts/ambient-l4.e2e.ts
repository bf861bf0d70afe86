import * as assert from 'assert/strict';
import * as fc from 'fast-check';
import { Model } from '../../../src/engine/model/model';
import { documentsFromObjects } from '../../../src/engine/model/source';
import { simulate } from '../../../src/engine/simulate/simulate';
import { Manifest } from '../lab/api-client';
import { MeshLab } from '../lab/mesh-lab';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1);
const CONFIGURATIONS = Math.ceil(96 * RUNS);
const GROUP = 24;
const PORTS = [9000, 9001];
const CLIENTS = ['web.shop', 'job.other', 'plain.other'];

/** Policies about connections, which mean the same to ztunnel and to a sidecar before bytes; `%api%` and so on stand for addresses of pods. */
function policies(): fc.Arbitrary<object[]> {
  const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
  const part = <T extends object>(fields: { [name: string]: fc.Arbitrary<string[]> }): fc.Arbitrary<T> =>
    fc.tuple(fc.uniqueArray(fc.constantFrom(...Object.keys(fields)), { minLength: 1, maxLength: 2 }), fc.record(fields))
      .map(([names, all]) => Object.fromEntries(names.map((name) => [name, all[name]])) as T);
  const principals = ['cluster.local/ns/shop/sa/web', 'cluster.local/ns/other/sa/job', '*', 'cluster.local/ns/other/*', '*/sa/web', 'other.domain/ns/shop/sa/web'];
  const blocks = ['%web%', '%job%', '%plain%', '0.0.0.0/0', '192.0.2.0/24'];
  const source = part({
    principals: some(...principals),
    notPrincipals: some('cluster.local/ns/shop/sa/web', '*'),
    namespaces: some('shop', 'other', 'o*', '*'),
    notNamespaces: some('shop'),
    serviceAccounts: some('shop/web', 'other/job', 'web'),
    ipBlocks: some(...blocks),
    notIpBlocks: some('%web%', '%plain%'),
  }).filter((it) => !('serviceAccounts' in it) || Object.keys(it).every((name) => name === 'serviceAccounts' || name.endsWith('Blocks')));
  const operation = part({ ports: some('9000', '9001'), notPorts: some('9000') });
  const condition = fc.oneof(
    fc.record({ key: fc.constant('source.principal'), values: some(...principals) }),
    fc.record({ key: fc.constant('source.namespace'), notValues: some('shop', 'other') }),
    fc.record({ key: fc.constant('source.ip'), values: some(...blocks) }),
    fc.record({ key: fc.constant('destination.ip'), values: some('%api%', '192.0.2.1') }),
    fc.record({ key: fc.constant('destination.port'), values: some('9000', '9001') }),
  );
  const few = <T>(item: fc.Arbitrary<T>) => fc.option(fc.array(item, { minLength: 1, maxLength: 2 }), { nil: undefined });
  const rule = fc.record({ from: few(source.map((it) => ({ source: it }))), to: few(operation.map((it) => ({ operation: it }))), when: few(condition) });
  const spec = fc.record({
    action: fc.constantFrom('ALLOW', 'ALLOW', 'DENY'),
    selector: fc.constantFrom(undefined, { matchLabels: { app: 'api' } }, { matchLabels: { app: 'web' } }),
    rules: fc.array(rule, { minLength: 1, maxLength: 2 }),
  });
  return fc.array(spec, { minLength: 1, maxLength: 3 });
}

/** Rules about connections, which ambient mode and sidecars read alike: the simulator of the one against the Envoy of the other. */
export const part: SuitePart = {
  name: 'ambient-l4',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const lab = await MeshLab.start(t.lab);
    const listen = PORTS.map((port) => ({ port, kind: 'tcp' as const }));
    const [api] = await lab.addWorkloads(
      { name: 'api', namespace: 'shop', listen }, { name: 'web', namespace: 'shop', listen }, { name: 'job', namespace: 'other', listen },
      { name: 'plain', namespace: 'other', proxy: 'none', listen });
    const [service] = await lab.addServices({
      name: 'api', namespace: 'shop', selector: { app: 'api' }, ports: PORTS.map((port) => ({ name: `tcp-${port}`, port, targetPort: port })),
    });
    await lab.settle();
    const address = (name: string): string => lab.workload(`${name}.${name === 'api' || name === 'web' ? 'shop' : 'other'}`).ip;
    const modes = [undefined, 'STRICT', 'PERMISSIVE'];
    const samples = fc.sample(fc.tuple(policies(), fc.constantFrom(...modes)), { numRuns: CONFIGURATIONS, seed: 20261121 });
    const totals = { allowed: 0, denied: 0 };
    for (let first = 0; first < CONFIGURATIONS; first += GROUP) {
      const group = samples.slice(first, first + GROUP);
      await t.check(`configurations ${first} to ${first + group.length - 1}: ztunnel's rules in the simulator decide as Envoy does`, async () => {
        for (const [specs, mode] of group) {
          const objects: Manifest[] = [
            ...specs.map((spec, index) => object('AuthorizationPolicy', `p${index}`, JSON.parse(JSON.stringify(spec).replace(/%(\w+)%/g, (_, name: string) => address(name))))),
            ...(mode === undefined ? [] : [object('PeerAuthentication', 'default', { mtls: { mode } })]),
          ];
          await lab.configure(objects);
          const model = new Model(documentsFromObjects(objects.map((it) => ({ object: it as unknown as { [key: string]: unknown } }))).documents, { mesh: 'istio-ambient' });
          for (const id of CLIENTS) {
            const client = lab.workload(id);
            const answers = await client.sendAll(PORTS.map((port) => ({ speak: 'tcp', address: client.hasProxy ? service.clusterIp : api.ip, port, body: `l4-${id}-${port}` })));
            answers.forEach((answer, index) => {
              const decision = simulate(model, {
                only: 'authorization',
                client: { identity: client.hasProxy ? `cluster.local/ns/${client.options.namespace}/sa/${client.serviceAccount}` : undefined, ip: client.ip, tls: client.hasProxy ? 'mtls' : 'none' },
                server: { namespace: 'shop', labels: api.labels, workloadPort: PORTS[index], ip: api.ip },
                protocol: 'tcp',
              });
              const expected = answer.served ? 'allowed' : 'denied';
              assert.equal(decision.verdict, expected, `${id} to ${PORTS[index]} got ${answer.error ?? 'an answer'}\n${JSON.stringify(decision)}\n${JSON.stringify(objects)}`);
              totals[expected] += 1;
            });
          }
        }
        return `${totals.allowed} allowed, ${totals.denied} denied so far`;
      });
    }
    await t.check('the cases were enough, and of both kinds', async () => {
      assert.ok(totals.allowed + totals.denied === CONFIGURATIONS * CLIENTS.length * PORTS.length && Math.min(totals.allowed, totals.denied) > CONFIGURATIONS / 2);
      return `${totals.allowed} allowed, ${totals.denied} denied`;
    });
  },
};

function object(kind: string, name: string, spec: object): Manifest {
  return { apiVersion: 'security.istio.io/v1', kind, metadata: { name, namespace: 'shop' }, spec } as Manifest;
}
