import * as assert from 'assert/strict';
import { exampleRuns } from '../../support/examples';
import { outputOf } from '../example-output';
import { nameOf } from '../lab/api-client';
import { etcd, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

/** What every example writes must be what a cluster takes, ordinary Kubernetes kinds included. */
export const part: SuitePart = {
  name: 'examples',
  needs: [etcd, kubeApiserver],
  needsCrds: true,
  run: async (t) => {
    const { client } = await t.apiServer();
    for (const example of exampleRuns()) {
      await t.check(`the API server accepts all that the example ${example.title} writes`, async () => {
        const { objects } = await outputOf(example);
        assert.ok(objects.length > 0, 'it wrote no object');
        const verdicts = await Promise.all(objects.map(async (object) => ({ object, verdict: await client.dryRun(object) })));
        const refused = verdicts.filter(({ verdict }) => !verdict.ok).map(({ object, verdict }) => `${nameOf(object)}: ${verdict.message}`);
        assert.deepEqual(refused, []);
        return `${objects.length} objects`;
      });
    }
  },
};
