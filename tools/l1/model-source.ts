import { Names, Source } from './config';
import { Crd } from './crd';
import { hoist, KindInput } from './hoist';
import { SourceModel } from './model';
import { nameShapes } from './naming';
import { POD_FIELDS } from './pod-fields';
import { matchesAnywhere, prune } from './prune';
import { selectVersion } from './select-version';

/** The named model of a source. Fails when a shape has no good name. */
export function modelSource(source: Source, crds: Crd[], names: Names): SourceModel {
  const { model, problems } = tryModelSource(source, crds, names);
  if (problems.length > 0) {
    throw new Error(`${source.name}: ${problems.length} naming problems\n${problems.join('\n')}`);
  }
  return model;
}

/** The model of a source and what is wrong with its names: version selection, pruning, hoisting, naming. */
export function tryModelSource(source: Source, crds: Crd[], names: Names): { model: SourceModel; problems: string[] } {
  const configured = new Set(Object.keys(source.kinds));
  const unusedPatterns = new Set(source.prune?.filter((pattern) => pattern !== 'pod-fields'));
  const patterns = (source.prune ?? []).flatMap((pattern) => pattern === 'pod-fields' ? POD_FIELDS.map((field) => `**.${field}`) : [pattern]);
  const inputs = crds.map((crd): KindInput => {
    const kind = crd.spec.names.kind;
    const config = source.kinds[kind];
    if (!configured.delete(kind)) {
      throw new Error(`${source.name}: ${kind} of ${source.file} is not in sources.json`);
    }
    const version = selectVersion(crd, config.version);
    const schema = version.schema?.openAPIV3Schema ?? {};
    for (const pattern of [...unusedPatterns]) {
      if (matchesAnywhere(kind, schema, pattern)) {
        unusedPatterns.delete(pattern);
      }
    }
    return {
      kind: { source: source.name, group: crd.spec.group, kind, version: version.name, scope: crd.spec.scope, see: config.see },
      schema: prune(kind, schema, patterns),
    };
  });
  if (configured.size > 0) {
    throw new Error(`${source.name}: sources.json names kinds that ${source.file} lacks: ${[...configured].join(', ')}`);
  }
  if (unusedPatterns.size > 0) {
    throw new Error(`${source.name}: prune patterns that match nothing: ${[...unusedPatterns].join(', ')}`);
  }
  const model = hoist(source.name, inputs, { members: names.members, split: names.sources[source.name]?.split });
  return { model, problems: nameShapes(model, names) };
}
