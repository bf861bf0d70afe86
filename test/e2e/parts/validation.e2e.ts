import * as assert from 'assert/strict';
import { Mutant } from '../../support/validate/mutate';
import { QUIRKS } from '../../support/validate/quirks';
import { Random } from '../../support/validate/random';
import { etcd, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';
import { compare, summaryOf } from '../validation/compare';
import { YAML_QUIRKS, yamlDifferences } from '../validation/compare-yaml';
import { builtInCases, celCases, customResourceCases, unknownFieldCases } from '../validation/defined-cases';
import { blockDocuments, mixedDocuments, scalarDocuments } from '../validation/yaml-cases';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1);
const SEED = Number(process.env.PROPERTY_SEED ?? 20261121);
const AMOUNT = { changed: 30 * RUNS, perRule: 3 * RUNS };
const SHOWN = 20;

/** Validation against the API server itself: the same verdict, about the same fields, for the same reasons. */
export const part: SuitePart = {
  name: 'validation',
  needs: [etcd, kubeApiserver],
  needsCrds: true,
  run: async (t) => {
    const { client } = await t.apiServer();
    let asked = 0;
    const agree = async (cases: readonly Mutant[]): Promise<string> => {
      const result = await compare(client, cases);
      asked += result.asked;
      assert.equal(result.differences.length, 0, `${result.differences.length} of ${result.asked} differ:\n${result.differences.slice(0, SHOWN).join('\n')}`);
      return summaryOf(result);
    };

    await t.check('on changed objects of every custom resource we and the API server agree', () => agree(customResourceCases(new Random(SEED), AMOUNT)));
    await t.check('on fields that custom resources do not have we and the API server agree', () => agree(unknownFieldCases(new Random(SEED), 3 * RUNS)));
    await t.check('on objects that break CEL rules we and the API server agree', async () => {
      const { cases, broken, unbroken } = celCases(new Random(SEED), AMOUNT);
      return `${await agree(cases)}; ${broken} rules broken, ${unbroken.length} never`;
    });
    await t.check('on changed objects of built-in kinds we and the API server agree', () => agree(builtInCases(new Random(SEED), { ...AMOUNT, changed: 100 * RUNS })));
    await t.check('at least 5,000 objects were compared', async () => {
      assert.ok(asked >= 5000, `${asked} objects`);
      return `${asked}, seed ${SEED}`;
    });
    await t.check('YAML is read as the API server reads it', async () => {
      const random = new Random(SEED);
      const texts = [...scalarDocuments(random, 1500 * RUNS), ...blockDocuments(), ...mixedDocuments(random, 500 * RUNS)];
      const { differences, read } = await yamlDifferences(client, texts);
      assert.equal(differences.length, 0, `${differences.length} of ${texts.length} differ:\n${differences.slice(0, SHOWN).join('\n')}`);
      return `${texts.length} documents, ${read} of them right`;
    });
    for (const { name, reason } of [...QUIRKS, ...YAML_QUIRKS]) t.say(`  known peculiarity: ${name}: ${reason}`);
  },
};
