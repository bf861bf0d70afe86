import { loadNames, loadSources, Source } from './config';
import { emitModule, jsiirc } from './emit-module';
import { emitSchemas } from './emit-schema';
import { emitSince, sinceData } from './emit-since';
import { loadHistory } from './history';
import { mergeSources } from './merge-sources';
import { modelSource } from './model-source';
import { notesFrom } from './notes';
import { readCrds } from './read-crds';

/** Everything that the generator writes: path in the repository to content. */
export function generate(folder: string): Map<string, string> {
  const sources = loadSources();
  const names = loadNames();
  const all = sources.map((source) => ({ source, crds: readCrds(folder, source) }));
  const since = sinceData(all, loadHistory());
  const notes = notesFrom(since, Object.fromEntries(sources.map((source) => [source.name, source.title])));
  const output = new Map([...emitSchemas(all), ...emitSince(since)]);
  for (const [submodule, own] of bySubmodule(sources)) {
    const models = own.map((source) => modelSource(source, all.find((candidate) => candidate.source === source)!.crds, names));
    mergeSources(models);
    output.set(`src/${submodule}/.jsiirc.json`, jsiirc([submodule]));
    for (const [file, content] of emitModule(submodule, own, models, notes)) {
      output.set(`src/${submodule}/crd/${file}`, content);
    }
  }
  return output;
}

function bySubmodule(sources: Source[]): Map<string, Source[]> {
  const submodules = new Map<string, Source[]>();
  for (const source of sources.filter((candidate) => candidate.submodule)) {
    submodules.set(source.submodule!, [...submodules.get(source.submodule!) ?? [], source]);
  }
  return submodules;
}
