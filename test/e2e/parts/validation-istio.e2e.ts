import * as assert from 'assert/strict';
import { ISTIO_INSTANCES } from '../../support/validate/istio-instances';
import { Random } from '../../support/validate/random';
import { istio } from '../lab/parts';
import { SuitePart } from '../suite';
import { askIstioctl, webhookCases, webhookDifference } from '../validation/istio-webhook';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1);
const SEED = Number(process.env.PROPERTY_SEED ?? 20261121);
const SHOWN = 20;

/** What Istio's webhook refuses and warns of, against the real checks of istioctl. */
export const part: SuitePart = {
  name: 'validation-istio',
  needs: [istio],
  run: async (t) => {
    const cases = webhookCases(new Random(SEED), 60 * RUNS);
    const verdicts = await askIstioctl(t.lab.folder('cases'), cases);
    await t.check('istioctl refuses none of the sound objects', async () => {
      const sound = cases.filter((it) => it.changes.length === 0 && ISTIO_INSTANCES.some(({ kind, spec }) => kind === it.object.kind && spec === it.object.spec));
      assert.equal(sound.length, ISTIO_INSTANCES.length);
      assert.deepEqual(sound.filter((it) => verdicts.errors.has(it.name)).map((it) => `${it.object.kind}: ${verdicts.errors.get(it.name)}`), []);
      return `${sound.length} objects`;
    });
    await t.check('we refuse what Istio refuses, warn where it warns, and nothing else', async () => {
      const differences = cases.map((it) => webhookDifference(it, verdicts)).filter((it) => it !== undefined);
      assert.equal(differences.length, 0, `${differences.length} of ${cases.length} differ:\n${differences.slice(0, SHOWN).join('\n')}`);
      return `${cases.length} objects: ${verdicts.errors.size} refused, ${verdicts.warnings.size} with warnings; seed ${SEED}`;
    });
  },
};
