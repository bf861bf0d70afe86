import * as assert from 'assert/strict';
import { L1Instance, l1Instances } from '../../support/l1-instances';
import { etcd, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

/** Every generated kind: the API server with the real CRDs must take objects with as little, and with as much, as the schemas allow. */
export const part: SuitePart = {
  name: 'l1',
  needs: [etcd, kubeApiserver],
  needsCrds: true,
  run: async (t) => {
    const instances = l1Instances();
    assert.ok(instances.length > 0, 'there are no instances');
    const { client } = await t.apiServer();
    for (const [apiVersion, kinds] of byApiVersion(instances)) {
      await t.check(`the API server accepts minimal and full objects of every kind in ${apiVersion}`, async () => {
        const objects = kinds.flatMap((it) => [it.minimal, it.full, ...it.alternatives]);
        const verdicts = await Promise.all(objects.map(async (object) => client.dryRun(object)));
        const refused = verdicts.flatMap(({ ok, message }, index) => (ok ? [] : [`${objects[index].kind} ${objects[index].metadata.name}: ${message}`]));
        assert.equal(refused.length, 0, `${refused.length} of ${objects.length} refused\n${refused.join('\n')}`);
        return `${objects.length} objects of ${kinds.map((it) => it.kind).join(', ')}`;
      });
    }
  },
};

function byApiVersion(instances: readonly L1Instance[]): Map<string, L1Instance[]> {
  const groups = new Map<string, L1Instance[]>();
  for (const it of instances) groups.set(it.apiVersion, [...(groups.get(it.apiVersion) ?? []), it]);
  return groups;
}
