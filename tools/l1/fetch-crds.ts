import * as fs from 'fs';
import * as path from 'path';
import { dump } from 'js-yaml';
import { Source } from './config';
import { Crd } from './crd';
import { canonicalDigest, parseCrds } from './read-crds';

/** Downloads the CRDs of every source into a folder. Returns the sources whose content is not the recorded one. */
export async function fetchCrds(sources: Source[], folder: string, download: (url: string) => Promise<string> = get): Promise<string[]> {
  const moved: string[] = [];
  const files = new Map<string, string>();
  for (const source of sources) {
    const crds: Crd[] = [];
    for (const url of source.upstream) {
      const text = await download(url);
      crds.push(...parseCrds(source.helm ? withoutTemplates(text) : text, url));
    }
    const wanted = crds.filter((crd) => !source.submodule || crd.spec.names.kind in source.kinds);
    files.set(source.file, wanted.map((crd) => dump(crd, { lineWidth: -1, noRefs: true })).join('---\n'));
    if (canonicalDigest(wanted) !== source.sha256) {
      moved.push(source.name);
    }
  }
  // all or nothing: half a folder would look like a whole one
  fs.mkdirSync(folder, { recursive: true });
  files.forEach((content, file) => fs.writeFileSync(path.join(folder, file), content));
  return moved;
}

/** Helm templates as YAML: the lines that only steer the template go, values become a word. */
export function withoutTemplates(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*\{\{.*\}\}\s*$/.test(line))
    .map((line) => line.replace(/\{\{.*?\}\}/g, 'templated'))
    .join('\n');
}

async function get(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const cause = (error as Error & { cause?: Error }).cause?.message ?? (error as Error).message;
    throw new Error(`cannot download ${url} (${cause}): without internet access, set L1_CRDS to a folder that holds the files of tools/l1/sources.json`);
  }
  if (!response.ok) {
    throw new Error(`cannot download ${url}: HTTP ${response.status}`);
  }
  return response.text();
}
