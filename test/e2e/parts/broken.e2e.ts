import * as assert from 'assert/strict';
import { BROKEN, SOUND } from '../broken-objects';
import { nameOf } from '../lab/api-client';
import { etcd, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

/** Deliberately broken objects: the referee must refuse each, and for the reason that was put in. */
export const part: SuitePart = {
  name: 'broken',
  needs: [etcd, kubeApiserver],
  needsCrds: true,
  run: async (t) => {
    const { client } = await t.apiServer();
    await t.check('the API server accepts all the objects before they are broken', async () => {
      const verdicts = await Promise.all(Object.values(SOUND).map(async (object) => ({ object, verdict: await client.dryRun(object) })));
      assert.deepEqual(verdicts.filter(({ verdict }) => !verdict.ok).map(({ object, verdict }) => `${nameOf(object)}: ${verdict.message}`), []);
    });
    for (const { wrong, object, because } of BROKEN) {
      await t.check(`the API server refuses ${object.kind} with ${wrong}`, async () => {
        const verdict = await client.dryRun(object);
        assert.equal(verdict.ok, false, 'it was accepted');
        const said = [verdict.message, ...verdict.causes.map((cause) => `${cause.field} ${cause.message}`)].join('\n');
        assert.match(said, because);
      });
    }
  },
};
