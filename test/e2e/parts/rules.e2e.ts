import * as assert from 'assert/strict';
import * as fs from 'fs';
import * as path from 'path';
import { readPaths } from '../../../src/engine/model/files';
import { resourceTitle } from '../../../src/engine/report/finding';
import { analyzeDocuments } from '../../../src/engine/rules/analyze';
import { RULES } from '../../../src/engine/rules/rules';
import { exampleRuns } from '../../support/examples';
import { outputOf } from '../example-output';
import { Istioctl } from '../istio/istioctl';
import { istio } from '../lab/parts';
import { RuleCase, ruleCases } from '../rules/rule-cases';
import { SuitePart } from '../suite';

/** Cases that are asked at once. */
const BATCH = 4;

/**
 * Codes that are left out on purpose. IST0134: Istio hands out addresses for ServiceEntries by default, so a TCP one needs none of its own;
 * MESH0224 tells of those that do.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['IST0134']);

/** What `istioctl analyze` finds in a file and we do not, by code and object. */
async function missed(istioctl: Istioctl, files: readonly string[]): Promise<string[]> {
  const theirs = await istioctl.analyze(files);
  const ours = new Set(analyzeDocuments(readPaths(files)).findings.flatMap((finding) => finding.upstream.map((code) => `${code} ${finding.resource ? resourceTitle(finding.resource) : ''}`)));
  return theirs.filter(({ code, origin }) => !LEFT_OUT.has(code) && !ours.has(`${code} ${origin ?? ''}`)).map(({ code, origin, message }) => `${code} ${origin ?? ''}: ${message}`);
}

/** Whatever Istio's own tool finds is found here, too; and what the examples write is free of findings. */
export const part: SuitePart = {
  name: 'rules',
  needs: [istio],
  run: async (t) => {
    const istioctl = new Istioctl(t.lab);
    const folder = t.lab.folder('rules');

    for (const example of exampleRuns()) {
      const { files, objects } = await outputOf(example);
      await t.check(`what the example ${example.title} writes has no findings that count`, async () => {
        const findings = analyzeDocuments(readPaths(files)).findings.filter(({ severity }) => severity !== 'info');
        assert.deepEqual(findings.map(({ id, severity, message, resource }) => `${severity} ${id} ${resource ? resourceTitle(resource) : ''}: ${message}`), []);
        if (objects.some((it) => it.apiVersion.includes('istio.io/'))) assert.deepEqual(await missed(istioctl, files), []);
        return `${objects.length} objects`;
      });
    }

    const cases = ruleCases(RULES);
    await t.check('what istioctl analyze finds in our samples and in changed ones is found here', async () => {
      const problems: string[] = [];
      let found = 0;
      const one = async ({ name, text }: RuleCase): Promise<void> => {
        const file = path.join(folder, `${name}.yaml`);
        fs.writeFileSync(file, text);
        const lost = await missed(istioctl, [file]);
        problems.push(...lost.map((it) => `${name}: ${it}`));
        found += (await istioctl.analyze([file])).length;
      };
      for (let at = 0; at < cases.length; at += BATCH) await Promise.all(cases.slice(at, at + BATCH).map(one));
      assert.ok(cases.length >= 300, `${cases.length} cases only`);
      assert.ok(found > 50, `istioctl found ${found} things only`);
      assert.deepEqual(problems, []);
      return `${cases.length} cases, ${found} messages of istioctl`;
    });
  },
};
