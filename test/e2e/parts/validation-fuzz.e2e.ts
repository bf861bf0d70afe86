import * as assert from 'assert/strict';
import { Random } from '../../support/validate/random';
import { survive } from '../../support/validate/survive';
import { SuitePart } from '../suite';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1);
const SEED = Number(process.env.PROPERTY_SEED ?? 20261121);
const TEXTS = 20_000 * RUNS;
/** A text that takes longer counts as a hang; on a quiet machine none takes a second. */
const HANG_MS = 30_000;

/** Changed manifests: read, checked and reported on in every format, without a crash and without a hang. */
export const part: SuitePart = {
  name: 'validation-fuzz',
  needs: [],
  run: async (t) => {
    await t.check(`${TEXTS} changed texts do no harm`, async () => {
      const { failures, documents, findings, slowestMs } = survive(TEXTS, new Random(SEED));
      assert.equal(failures.length, 0, `${failures.length} failures:\n${failures.slice(0, 5).join('\n')}`);
      assert.ok(slowestMs < HANG_MS, `one took ${slowestMs} ms`);
      return `${documents} objects, ${findings} findings, the slowest ${slowestMs} ms; seed ${SEED}`;
    });
  },
};
