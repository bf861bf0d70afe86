import * as crypto from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { REPOSITORY, Source } from './config';
import { Crd } from './crd';

/** The folder of CRD files: `L1_CRDS`, else `../shared/crds`, else `.cache/crds`; undefined when there is none. */
export function findCrdFolder(): string | undefined {
  const configured = process.env.L1_CRDS;
  if (configured) {
    return path.resolve(configured);
  }
  return [path.join(REPOSITORY, '../shared/crds'), cacheFolder()].find((folder) => fs.existsSync(folder));
}

/** Where `npm run crds` puts what it fetches. */
export function cacheFolder(): string {
  return path.join(REPOSITORY, '.cache/crds');
}

/** What to tell a user who has no CRD files. */
export const NO_CRDS = 'no CRD files: set L1_CRDS to a folder that holds the files named in tools/l1/sources.json, '
  + 'or run `npm run crds` where there is internet access';

/** The CRDs of a source, in the order of the file. Fails when their content is not the recorded one. */
export function readCrds(folder: string, source: Source): Crd[] {
  const file = path.join(folder, source.file);
  if (!fs.existsSync(file)) {
    throw new Error(`${source.name}: ${source.file} is not in the CRD folder ${folder}`);
  }
  const crds = parseCrds(fs.readFileSync(file, 'utf8'), source.file);
  const sha256 = canonicalDigest(crds);
  if (sha256 !== source.sha256) {
    throw new Error(`${source.file} has the digest ${sha256}, but sources.json records ${source.sha256}; `
      + 'look at `npm run l1 -- diff OLD NEW`, then record the new one');
  }
  return crds;
}

/**
 * SHA-256 of what the CRDs specify. Order, YAML style, labels and descriptions do not count, so that a file from upstream and one
 * without prose have the same digest.
 */
export function canonicalDigest(crds: Crd[]): string {
  const sorted = [...crds].sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1);
  return crypto.createHash('sha256').update(JSON.stringify(sorted.map((crd) => canonical(crd.spec)))).digest('hex');
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(canonical);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).filter(([key, child]) => !(key === 'description' && typeof child === 'string'));
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1).map(([key, child]) => [key, canonical(child)]));
}

/** The CRDs of a YAML text, which may hold other objects too. */
export function parseCrds(text: string, file: string): Crd[] {
  const crds = (yaml.loadAll(text) as Crd[]).filter((document) => document?.kind === 'CustomResourceDefinition');
  if (crds.length === 0) {
    throw new Error(`${file} has no CustomResourceDefinition`);
  }
  return crds;
}
