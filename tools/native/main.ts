import * as fs from 'fs';
import * as path from 'path';
import { DiscoveredKind, OpenApi, packKinds } from './convert';
import { ApiServer } from '../../test/e2e/lab/api-server';
import { LabRun } from '../../test/e2e/lab/lab-run';

const TARGET = path.join(__dirname, '../../data/native/kinds.generated.json');

/** Records the types of built-in kinds from a real API server. */
async function main(): Promise<void> {
  const wanted = JSON.parse(fs.readFileSync(path.join(__dirname, 'kinds.json'), 'utf8')) as Record<string, string[]>;
  const run = new LabRun();
  try {
    const { client } = await ApiServer.start(run, { crds: [] });
    const kinds: DiscoveredKind[] = [];
    const documents = new Map<string, OpenApi>();
    for (const [apiVersion, names] of Object.entries(wanted)) {
      const place = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
      documents.set(apiVersion, await client.request('GET', `/openapi/v3/${place}`) as OpenApi);
      const { resources } = await client.request('GET', `/${place}`) as { resources: { name: string; kind: string; namespaced: boolean }[] };
      for (const kind of names) {
        const resource = resources.find((it) => it.kind === kind && !it.name.includes('/'));
        if (!resource) throw new Error(`the server has no ${apiVersion} ${kind}`);
        kinds.push({ apiVersion, kind, plural: resource.name, namespaced: resource.namespaced });
      }
    }
    const { gitVersion } = await client.request('GET', '/version') as { gitVersion: string };
    fs.mkdirSync(path.dirname(TARGET), { recursive: true });
    fs.writeFileSync(TARGET, packKinds(gitVersion, kinds, documents));
    console.log(`recorded ${kinds.length} kinds of ${gitVersion}, ${fs.statSync(TARGET).size} bytes`);
    client.close();
  } finally {
    run.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
