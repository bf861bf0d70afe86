import * as assert from 'assert/strict';
import * as fc from 'fast-check';
import { MeshError } from '../../../src';
import { declare, RANDOM_INTENTS } from '../../consul/random-intents';
import { refusalsOf } from '../../consul/server-rules';
import { Manifest, manifestsOf } from '../../support/manifests';
import { SuitePart } from '../suite';

/** How many random apps must be written; some are refused at synth besides. */
const WANTED = 2000;

/** Whatever an app declares for Consul is taken by its servers, or refused at synth. `PROPERTY_SEED` chooses other apps. */
export const part: SuitePart = {
  name: 'consul-random',
  needs: [],
  run: async (t) => {
    await t.check(`what ${WANTED} random apps write is what the servers of Consul take`, async () => {
      let [written, refused] = [0, 0];
      const seed = Number(process.env.PROPERTY_SEED ?? 20260821);
      for (const intents of fc.sample(RANDOM_INTENTS, { numRuns: 2 * WANTED, seed })) {
        if (written === WANTED) break;
        let manifests: Manifest[];
        try {
          manifests = manifestsOf(declare(intents));
        } catch (thrown) {
          assert.notDeepEqual(MeshError.parse((thrown as Error).message), [], (thrown as Error).message);
          refused += 1;
          continue;
        }
        assert.deepEqual(refusalsOf(manifests), [], JSON.stringify(intents));
        written += 1;
      }
      assert.equal(written, WANTED);
      return `${refused} more were refused at synth`;
    });
  },
};
