import * as crypto from 'crypto';
import { Schema } from './crd';
import { isNameable } from './enum-member';
import { memberName } from './member-name';
import { KindModel, Member, Place, Shape, shapeOf, SourceModel, TypeRef } from './model';

/** A kind before its members are known. */
export interface KindInput {
  readonly kind: Omit<KindModel, 'members'>;
  readonly schema: Schema;
}

export interface HoistOptions {
  /** Member names that are not the camelCase of the wire name. */
  readonly members?: Record<string, string>;
  /** Paths whose shape stays apart from equal ones: path to any tag. */
  readonly split?: Record<string, string>;
}

/** Turns the trees of a source into a graph in which equal structs and equal enums are one shape. */
export function hoist(source: string, inputs: KindInput[], options: HoistOptions = {}): SourceModel {
  const shapes = new Map<string, Shape>();
  const unusedSplits = new Set(Object.keys(options.split ?? {}));

  const kinds = inputs.map(({ kind, schema }) => {
    const model: KindModel = { ...kind, members: [] };
    model.members = membersOf(schema, model, kind.kind);
    return model;
  });

  function membersOf(schema: Schema, kind: KindModel, path: string): Member[] {
    const properties = schema.properties ?? {};
    return Object.entries(properties).flatMap(([wire, child]) => {
      const name = memberName(wire, options.members);
      if (name !== wire && name in properties) {
        return []; // a deprecated spelling of its sibling: it passes through untyped
      }
      const place = { kind, path: `${path}.${wire}`, schema: child };
      return [{ wire, name, required: schema.required?.includes(wire) ?? false, type: typeOf(place), places: [place] }];
    });
  }

  function typeOf(place: Place): TypeRef {
    const { schema, kind, path } = place;
    if (schema['x-kubernetes-int-or-string']) {
      return { kind: 'intOrString' };
    }
    if (schema['x-kubernetes-embedded-resource']) {
      return openMap;
    }
    if (schema.enum && schema.type === 'string' && isNameable(schema.enum)) {
      return shape('enum', place, [], schema.enum);
    }
    if (schema.properties && Object.keys(schema.properties).length > 0) {
      return shape('struct', place, membersOf(schema, kind, path), []);
    }
    switch (schema.type) {
      case 'array': return { kind: 'list', of: typeOf({ ...place, schema: schema.items ?? {} }) };
      case 'object': return typeof schema.additionalProperties === 'object'
        ? { kind: 'map', of: typeOf({ ...place, schema: schema.additionalProperties }) }
        : openMap;
      case 'string': return { kind: 'string' };
      case 'integer':
      case 'number': return { kind: 'number' };
      case 'boolean': return { kind: 'boolean' };
      default: return { kind: 'any' };
    }
  }

  function shape(form: Shape['form'], place: Place, members: Member[], values: string[]): TypeRef {
    const tag = options.split?.[place.path] ?? '';
    unusedSplits.delete(place.path);
    const id = digest([form, tag, ...values, ...members.map((member) => `${member.wire} ${member.required} ${typeKey(member.type)}`).sort()]);
    const known = shapes.get(id);
    if (!known) {
      const created: Shape = { id, form, members, values, places: [place], uses: [] };
      shapes.set(id, created);
      return { kind: 'shape', shape: created };
    }
    known.places.push(place);
    for (const member of members) {
      known.members.find((candidate) => candidate.wire === member.wire)!.places.push(...member.places);
    }
    return { kind: 'shape', shape: known };
  }

  if (unusedSplits.size > 0) {
    throw new Error(`${source}: names.json splits paths that have no shape: ${[...unusedSplits].join(', ')}`);
  }
  const all = [...shapes.values()];
  for (const owner of [...kinds, ...all]) {
    for (const member of owner.members) {
      shapeOf(member.type)?.uses.push({ owner, member });
    }
  }
  return { source, kinds, shapes: all };
}

const openMap: TypeRef = { kind: 'map', of: { kind: 'any' } };

function typeKey(type: TypeRef): string {
  return type.kind === 'shape' ? type.shape.id : type.kind === 'list' || type.kind === 'map' ? `${type.kind}<${typeKey(type.of)}>` : type.kind;
}

function digest(parts: string[]): string {
  return crypto.createHash('sha1').update(JSON.stringify(parts)).digest('hex');
}
