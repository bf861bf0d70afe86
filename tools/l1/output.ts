import * as fs from 'fs';
import * as path from 'path';
import { REPOSITORY } from './config';
import { SCHEMA_FOLDER } from './emit-schema';

/** Writes the files and removes those that an earlier run made and this one does not. */
export function write(output: Map<string, string>): void {
  for (const [file, content] of output) {
    const target = path.join(REPOSITORY, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
  }
  for (const file of orphans(output)) {
    fs.rmSync(path.join(REPOSITORY, file));
  }
}

/** The files that are missing, different, or no longer made. */
export function stale(output: Map<string, string>): string[] {
  const differing = [...output].filter(([file, content]) => {
    const target = path.join(REPOSITORY, file);
    return !fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== content;
  });
  return [...differing.map(([file]) => file), ...orphans(output)].sort();
}

function orphans(output: Map<string, string>): string[] {
  const folders = [SCHEMA_FOLDER, ...fs.readdirSync(path.join(REPOSITORY, 'src')).map((name) => `src/${name}/crd`)];
  return folders
    .filter((folder) => fs.existsSync(path.join(REPOSITORY, folder)))
    .flatMap((folder) => fs.readdirSync(path.join(REPOSITORY, folder)).map((name) => `${folder}/${name}`))
    .filter((file) => /\.generated\.(ts|json)$/.test(file) && !output.has(file));
}
