import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { EXAMPLE_RUNNER, ExampleRun } from '../support/examples';
import { Manifest } from './lab/api-client';
import { run } from './lab/command';
import { LabRun } from './lab/lab-run';

const ROOT = path.resolve(__dirname, '../..');

/** What an example wrote. */
export interface ExampleOutput {
  /** Its YAML files. */
  readonly files: readonly string[];
  readonly objects: readonly Manifest[];
}

const outputs = new Map<string, Promise<ExampleOutput>>();
let owner: LabRun | undefined;

/** Runs an example, once a process, however many parts of the suite ask. */
export async function outputOf(example: ExampleRun): Promise<ExampleOutput> {
  const known = outputs.get(example.title) ?? runExample(example);
  outputs.set(example.title, known);
  return known;
}

async function runExample({ name, args }: ExampleRun): Promise<ExampleOutput> {
  // Its folder goes when the process does.
  owner ??= new LabRun();
  const dir = owner.folder(`examples/${outputs.size}`);
  await run(process.execPath, [EXAMPLE_RUNNER, name, '--out', dir, ...args], { cwd: ROOT });
  const files = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file)).sort().map((file) => path.join(dir, file));
  return { files, objects: files.flatMap(readManifests) };
}

function readManifests(file: string): Manifest[] {
  return (yaml.loadAll(fs.readFileSync(file, 'utf8')) as (Manifest | null)[]).filter((it): it is Manifest => it !== null && it !== undefined);
}
