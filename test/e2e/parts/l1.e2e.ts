import * as assert from 'assert/strict';
import * as fs from 'fs';
import * as path from 'path';
import { Manifest } from '../lab/api-client';
import { etcd, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

/** Module that makes two manifests of every generated kind with the library's own classes. */
const INSTANCES = path.resolve(__dirname, '../../support/l1-instances.ts');

interface L1Instance {
  readonly apiVersion: string;
  readonly kind: string;
  /** Only what is required. */
  readonly minimal: Partial<Manifest>;
  /** Everything that can be set at the same time. */
  readonly full: Partial<Manifest>;
}

/** Every generated kind, written by its class: the API server with the real CRDs must take it. */
export const part: SuitePart = {
  name: 'l1',
  needs: [etcd, kubeApiserver],
  needsCrds: true,
  missing: () => (fs.existsSync(INSTANCES) ? undefined : 'there is no test/support/l1-instances.ts'),
  run: async (t) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const instances: L1Instance[] = await require(INSTANCES).l1Instances();
    assert.ok(instances.length > 0, 'there are no instances');
    const { client } = await t.apiServer();
    for (const [apiVersion, kinds] of byApiVersion(instances)) {
      await t.check(`the API server accepts a minimal and a full object of every kind in ${apiVersion}`, async () => {
        const objects = kinds.flatMap((it) => [{ it, size: 'minimal', given: it.minimal }, { it, size: 'full', given: it.full }]);
        const verdicts = await Promise.all(objects.map(async ({ it, size, given }) => {
          const metadata = { ...given.metadata, name: given.metadata?.name ?? size };
          const verdict = await client.dryRun({ ...given, apiVersion: it.apiVersion, kind: it.kind, metadata });
          return verdict.ok ? undefined : `${size} ${it.kind}: ${verdict.message}`;
        }));
        const refused = verdicts.filter((it) => it !== undefined);
        assert.equal(refused.length, 0, `${refused.length} of ${objects.length} refused\n${refused.join('\n')}`);
        return kinds.map((it) => it.kind).join(', ');
      });
    }
  },
};

function byApiVersion(instances: readonly L1Instance[]): Map<string, L1Instance[]> {
  const groups = new Map<string, L1Instance[]>();
  for (const it of instances) groups.set(it.apiVersion, [...(groups.get(it.apiVersion) ?? []), it]);
  return groups;
}
