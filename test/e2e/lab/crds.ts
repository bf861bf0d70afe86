import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { ApiClient, Manifest } from './api-client';
import { waitFor } from './lab-process';
import { OTHER_CRDS } from './other-crds';

/** The file that another one contains entirely. */
const CONTAINED = 'gateway-api-standard';
const BUNDLE_VERSION = 'gateway.networking.k8s.io/bundle-version';

/** Folder with the CRDs: `L1_CRDS`, or `shared/crds` beside the repository. */
export function crdsDir(): string {
  return process.env.L1_CRDS ?? path.resolve(__dirname, '../../../../shared/crds');
}

/** Names of all CRD files (without `.yaml`) that can be installed together. */
export function crdFiles(): string[] {
  const files = fs.readdirSync(crdsDir()).filter((name) => name.endsWith('.yaml')).map((name) => path.basename(name, '.yaml'));
  return files.filter((name) => name !== CONTAINED).sort();
}

/** The CRDs of the named files. */
export function readCrds(files: readonly string[]): Manifest[] {
  const documents = files.flatMap((name) => yaml.loadAll(fs.readFileSync(path.join(crdsDir(), `${name}.yaml`), 'utf8')) as (Manifest | null)[]);
  return documents.filter((it): it is Manifest => it?.kind === 'CustomResourceDefinition').map(released);
}

/** CRDs between two releases have no version, and istiod reads no kinds whose version it takes for too old. */
function released(crd: Manifest): Manifest {
  const { annotations } = crd.metadata;
  if (annotations?.[BUNDLE_VERSION] !== 'v0.0.0-dev') return crd;
  return { ...crd, metadata: { ...crd.metadata, annotations: { ...annotations, [BUNDLE_VERSION]: 'v1.6.0' } } };
}

/** Creates the CRDs of the named files and those that no file has, several at a time, and waits until the server serves all of them. */
export async function installCrds(client: ApiClient, files: readonly string[]): Promise<number> {
  const crds = [...readCrds(files), ...OTHER_CRDS];
  const queue = [...crds];
  const worker = async () => {
    for (let crd = queue.shift(); crd; crd = queue.shift()) {
      await client.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await waitFor(`${crds.length} CRDs to be established`, async () => {
    const all = await client.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
    const ready = new Set(all.filter(isEstablished).map((it) => it.metadata.name));
    return crds.every((crd) => ready.has(crd.metadata.name));
  }, { seconds: 180, everyMs: 500 });
  // Established comes a moment before served.
  const versions = new Set(crds.flatMap((crd) => crd.spec.versions.filter((it: any) => it.served).map((it: any) => `${crd.spec.group}/${it.name}`)));
  for (const apiVersion of versions) {
    const kinds = crds.filter((crd) => apiVersion.startsWith(`${crd.spec.group}/`)).filter((crd) =>
      crd.spec.versions.some((it: any) => it.served && apiVersion.endsWith(`/${it.name}`)));
    await waitFor(`${apiVersion} to be served`, async () => {
      const list = await client.request('GET', `/apis/${apiVersion}`);
      return kinds.every((crd) => list.resources.some((it: any) => it.kind === crd.spec.names.kind));
    }, { seconds: 60 });
  }
  client.forgetKinds();
  return crds.length;
}

function isEstablished(crd: Manifest): boolean {
  return (crd.status?.conditions ?? []).some((it: any) => it.type === 'Established' && it.status === 'True');
}
