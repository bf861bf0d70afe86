import * as assert from 'assert/strict';
import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { EXAMPLE_RUNNER, exampleRuns } from '../../support/examples';
import { Manifest, nameOf } from '../lab/api-client';
import { run } from '../lab/command';
import { etcd, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

const ROOT = path.resolve(__dirname, '../../..');

/** What every example writes must be what a cluster takes, ordinary Kubernetes kinds included. */
export const part: SuitePart = {
  name: 'examples',
  needs: [etcd, kubeApiserver],
  needsCrds: true,
  run: async (t) => {
    const { client } = await t.apiServer();
    for (const [index, { title, name, args }] of exampleRuns().entries()) {
      await t.check(`the API server accepts all that the example ${title} writes`, async () => {
        const out = t.lab.folder(`examples/${index}`);
        await run(process.execPath, [EXAMPLE_RUNNER, name, '--out', out, ...args], { cwd: ROOT });
        const objects = readManifests(out);
        assert.ok(objects.length > 0, 'it wrote no object');
        const verdicts = await Promise.all(objects.map(async (object) => ({ object, verdict: await client.dryRun(object) })));
        const refused = verdicts.filter(({ verdict }) => !verdict.ok).map(({ object, verdict }) => `${nameOf(object)}: ${verdict.message}`);
        assert.deepEqual(refused, []);
        return `${objects.length} objects`;
      });
    }
  },
};

/** All objects in the YAML files of a folder and its folders. */
function readManifests(dir: string): Manifest[] {
  const files = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name)).sort();
  return files.flatMap((name) => yaml.loadAll(fs.readFileSync(path.join(dir, name), 'utf8')) as (Manifest | null)[])
    .filter((it): it is Manifest => it !== null && it !== undefined);
}
