import * as fs from 'fs';
import * as path from 'path';
import { Command } from 'commander';
import { loadNames, loadSources, REPOSITORY } from './config';
import { Crd } from './crd';
import { breaks, diffCrds, formatDiff } from './diff-crds';
import { fetchCrds } from './fetch-crds';
import { generate } from './generate';
import { loadHistory, record, saveHistory } from './history';
import { isKind } from './model';
import { tryModelSource } from './model-source';
import { stale, write } from './output';
import { cacheFolder, findCrdFolder, NO_CRDS, parseCrds, readCrds } from './read-crds';

const program = new Command('l1').description('makes the L1 classes and the schema data from CRDs');

program.command('write', { isDefault: true })
  .description('generate everything')
  .action(() => {
    const output = generate(crdFolder());
    write(output);
    const lines = [...output].filter(([file]) => file.endsWith('.ts')).reduce((sum, [, content]) => sum + content.split('\n').length, 0);
    console.log(`wrote ${output.size} files, ${lines} lines of TypeScript`);
  });

program.command('check')
  .description('fail when the files are not what the generator makes')
  .action(() => {
    const files = stale(generate(crdFolder()));
    if (files.length > 0) {
      throw new Error(`not what the generator makes; run \`npm run l1\`:\n${files.join('\n')}`);
    }
    console.log('everything is up to date');
  });

program.command('names <source>')
  .description('list the shapes of a source with their uses, and what names.json lacks')
  .action((name: string) => {
    const source = loadSources().find((candidate) => candidate.name === name);
    if (!source) {
      throw new Error(`no source ${name}; there are ${loadSources().map((candidate) => candidate.name).join(', ')}`);
    }
    const { model, problems } = tryModelSource(source, readCrds(crdFolder(), source), loadNames());
    for (const shape of model.shapes) {
      const uses = shape.uses.map((use) => `${isKind(use.owner) ? use.owner.kind : use.owner.name}.${use.member.wire}`);
      console.log(`${shape.name} <- ${uses.join(' ')} {${shape.form === 'enum' ? shape.values.join('|') : shape.members.map((member) => member.wire).join(',')}}`);
    }
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
  });

program.command('diff <old> <new>')
  .description('compare two releases of CRDs (files or folders); fails when something is removed')
  .option('--record <source>', 'note what is new in since.json')
  .option('--release <version>', 'the version of the new release, for --record')
  .action((before: string, after: string, options: { record?: string; release?: string }) => {
    const diff = diffCrds(crdsAt(before), crdsAt(after));
    console.log(formatDiff(diff));
    if (options.record) {
      if (!options.release) {
        throw new Error('--record needs --release, the version that the new files belong to');
      }
      const history = loadHistory();
      const releases = history[options.record];
      if (!releases) {
        throw new Error(`since.json has no ${options.record}: begin with { "oldest": "<the older release>", "kinds": {} }`);
      }
      record(releases, diff, options.release);
      saveHistory(history);
    } else if (breaks(diff)) {
      process.exitCode = 1;
    }
  });

program.command('crds')
  .description('download the CRDs of all sources into .cache/crds')
  .action(async () => {
    const moved = await fetchCrds(loadSources(), cacheFolder());
    console.log(`wrote ${cacheFolder()}`);
    if (moved.length > 0) {
      throw new Error(`upstream has moved on: ${moved.join(', ')}; compare with \`npm run l1 -- diff\`, then record the new digests in sources.json`);
    }
  });

function crdFolder(): string {
  const folder = findCrdFolder();
  if (!folder) {
    throw new Error(NO_CRDS);
  }
  return folder;
}

function crdsAt(place: string): Crd[] {
  const files = fs.statSync(place).isDirectory()
    ? fs.readdirSync(place).filter((name) => /\.ya?ml$/.test(name)).sort().map((name) => path.join(place, name))
    : [place];
  return files.flatMap((file) => {
    const text = fs.readFileSync(file, 'utf8');
    return text.includes('CustomResourceDefinition') ? parseCrds(text, path.relative(REPOSITORY, file)) : [];
  });
}

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
