import * as fs from 'fs';
import * as path from 'path';
import { loadNames, loadSources, REPOSITORY } from './config';
import { generate } from './generate';
import { isKind } from './model';
import { tryModelSource } from './model-source';
import { findCrdFolder, NO_CRDS, readCrds } from './read-crds';

function crdFolder(): string {
  const folder = findCrdFolder();
  if (!folder) {
    throw new Error(NO_CRDS);
  }
  return folder;
}

function write(): void {
  const output = generate(crdFolder());
  for (const [file, content] of output) {
    const target = path.join(REPOSITORY, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
  }
  console.log(`wrote ${output.size} files, ${[...output.values()].reduce((lines, content) => lines + content.split('\n').length, 0)} lines`);
}

function check(): void {
  const output = generate(crdFolder());
  const differing = [...output].filter(([file, content]) => {
    const target = path.join(REPOSITORY, file);
    return !fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== content;
  });
  if (differing.length > 0) {
    throw new Error(`not what the generator makes; run \`npm run l1\`:\n${differing.map(([file]) => file).join('\n')}`);
  }
  console.log(`${output.size} files are up to date`);
}

/** Lists the shapes of a source with their names and uses, and what is missing in names.json. */
function names(): void {
  const source = loadSources().find((candidate) => candidate.name === process.argv[3]);
  if (!source) {
    throw new Error(`names needs one of ${loadSources().map((candidate) => candidate.name).join(', ')}`);
  }
  const { model, problems } = tryModelSource(source, readCrds(crdFolder(), source), loadNames());
  for (const shape of model.shapes) {
    const uses = shape.uses.map((use) => `${isKind(use.owner) ? use.owner.kind : use.owner.name}.${use.member.wire}`);
    console.log(`${shape.name} <- ${uses.join(' ')} {${shape.form === 'enum' ? shape.values.join('|') : shape.members.map((member) => member.wire).join(',')}}`);
  }
  console.log(problems.join('\n'));
}

const commands: Record<string, () => void> = { write, check, names };
try {
  const command = commands[process.argv[2] ?? 'write'];
  if (!command) {
    throw new Error(`unknown command ${process.argv[2]}; there are ${Object.keys(commands).join(', ')}`);
  }
  command();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
