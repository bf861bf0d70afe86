import * as assert from 'assert/strict';
import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { Manifest, nameOf } from '../lab/api-client';
import { run } from '../lab/command';
import { etcd, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

const ROOT = path.resolve(__dirname, '../../..');
const EXAMPLES = path.join(ROOT, 'examples');
const RUNNER = path.join(ROOT, 'tools/run-example.js');

/** What every example writes must be what a cluster takes, ordinary Kubernetes kinds included. */
export const part: SuitePart = {
  name: 'examples',
  needs: [etcd, kubeApiserver],
  needsCrds: true,
  missing: () => {
    if (!fs.existsSync(RUNNER)) return 'there is no tools/run-example.js';
    return exampleNames().length > 0 ? undefined : 'there is no examples/<name>/main.ts';
  },
  run: async (t) => {
    const { client } = await t.apiServer();
    for (const name of exampleNames()) {
      await t.check(`the API server accepts all that the example ${name} writes`, async () => {
        const out = t.lab.folder(`examples/${name}`);
        await run(process.execPath, [RUNNER, name, '--out', out], { cwd: ROOT });
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

function exampleNames(): string[] {
  if (!fs.existsSync(EXAMPLES)) return [];
  return fs.readdirSync(EXAMPLES).filter((name) => fs.existsSync(path.join(EXAMPLES, name, 'main.ts'))).sort();
}

/** All objects in the YAML files of a folder and its folders. */
function readManifests(dir: string): Manifest[] {
  const files = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name)).sort();
  return files.flatMap((name) => yaml.loadAll(fs.readFileSync(path.join(dir, name), 'utf8')) as (Manifest | null)[])
    .filter((it): it is Manifest => it !== null && it !== undefined);
}
