import { Shape, SourceModel, TypeRef } from './model';

/**
 * Makes one type of the equal shapes that several sources of a submodule call by the same name, such as LabelSelector.
 * Fails when shapes of one name differ.
 */
export function mergeSources(models: SourceModel[]): void {
  const kept = new Map<string, { shape: Shape; source: string }>();
  const classes = new Map<string, string>();
  for (const { source, kinds } of models) {
    for (const { kind } of kinds) {
      const other = classes.get(kind) ?? classes.get(kind.replace(/Props$/, ''));
      if (other) {
        throw new Error(`${source} and ${other} both have the kind ${kind}: they need different submodules`);
      }
      classes.set(kind, source).set(`${kind}Props`, source);
    }
  }
  for (const model of models) {
    const replaced = new Map<Shape, Shape>();
    for (const shape of model.shapes) {
      const owner = classes.get(shape.name!);
      if (owner && owner !== model.source) {
        throw new Error(`${model.source} calls a shape ${shape.name}, which is a class of ${owner} in the same submodule`);
      }
      const first = kept.get(shape.name!);
      if (!first) {
        kept.set(shape.name!, { shape, source: model.source });
        continue;
      }
      if (first.shape.id !== shape.id) {
        throw new Error(`${first.source} and ${model.source} call different shapes ${shape.name} `
          + `(${first.shape.places[0].path} and ${shape.places[0].path}); rename one in names.json`);
      }
      join(first.shape, shape);
      replaced.set(shape, first.shape);
    }
    redirect(model, replaced);
  }
}

function join(first: Shape, other: Shape): void {
  first.places.push(...other.places);
  first.uses.push(...other.uses);
  for (const member of other.members) {
    first.members.find((candidate) => candidate.wire === member.wire)!.places.push(...member.places);
  }
}

function redirect(model: SourceModel, replaced: Map<Shape, Shape>): void {
  const follow = (type: TypeRef): TypeRef => {
    switch (type.kind) {
      case 'shape': return { kind: 'shape', shape: replaced.get(type.shape) ?? type.shape };
      case 'list':
      case 'map': return { kind: type.kind, of: follow(type.of) };
      default: return type;
    }
  };
  for (const owner of [...model.kinds, ...model.shapes]) {
    owner.members = owner.members.map((member) => ({ ...member, type: follow(member.type) }));
  }
}
