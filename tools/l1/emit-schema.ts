import { Source } from './config';
import { Crd, CrdVersion, Schema } from './crd';

/** Where the schema data is: beside src and lib, so that both find it at the same relative path. */
export const SCHEMA_FOLDER = 'data/schema';

/** The CRDs of a source. */
export interface SourceCrds {
  readonly source: Source;
  readonly crds: Crd[];
}

/** A schema in the data: child schemas that occur more than once are numbers, positions in `shared`. */
type PackedSchema = number | Record<string, unknown>;

interface PackedVersion {
  served: boolean;
  storage?: true;
  deprecated?: true;
  status?: true;
  scale?: object;
  selectableFields?: string[];
  schema: PackedSchema;
}

/** The data files: one per API group and an index of all kinds. */
export function emitSchemas(all: SourceCrds[]): Map<string, string> {
  const files = new Map<string, string>();
  const index: Record<string, Record<string, object>> = {};
  for (const group of [...new Set(all.flatMap(({ crds }) => crds.map((crd) => crd.spec.group)))].sort()) {
    const { data, kinds } = packGroup(group, all);
    files.set(`${SCHEMA_FOLDER}/${group}.generated.json`, data);
    index[group] = kinds;
  }
  files.set(`${SCHEMA_FOLDER}/index.generated.json`, JSON.stringify(index) + '\n');
  return files;
}

function packGroup(group: string, all: SourceCrds[]): { data: string; kinds: Record<string, object> } {
  const members = all.flatMap(({ source, crds }) => crds.filter((crd) => crd.spec.group === group).map((crd) => ({ source, crd })));
  const packer = new Packer(members.flatMap(({ crd }) => crd.spec.versions.map((version) => schemaOf(version))));
  const kinds: Record<string, any> = {};
  const index: Record<string, object> = {};
  for (const { source, crd } of members.filter((member) => !member.source.channelOf)) {
    const { kind, plural, singular, shortNames, categories } = crd.spec.names;
    const scope = crd.spec.scope;
    const names = { plural, singular, shortNames, categories };
    kinds[kind] = { source: source.name, version: source.version, scope, ...names, versions: packVersions(crd, packer) };
    index[kind] = { plural, scope, versions: crd.spec.versions.map((version) => version.name) };
  }
  for (const { source, crd } of members.filter((member) => member.source.channelOf)) {
    kinds[crd.spec.names.kind].channels = { [source.channel!]: packVersions(crd, packer) };
  }
  return { data: JSON.stringify({ group, kinds, shared: packer.shared }) + '\n', kinds: index };
}

function packVersions(crd: Crd, packer: Packer): Record<string, PackedVersion> {
  return Object.fromEntries(crd.spec.versions.map((version) => [version.name, {
    served: version.served,
    storage: version.storage || undefined,
    deprecated: version.deprecated || undefined,
    status: version.subresources?.status ? true : undefined,
    scale: version.subresources?.scale,
    selectableFields: version.selectableFields?.map((field) => field.jsonPath),
    schema: packer.pack(schemaOf(version)),
  } as PackedVersion]));
}

function schemaOf(version: CrdVersion): Schema {
  return version.schema?.openAPIV3Schema ?? { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true };
}

/** Schemas that are shorter than this stay in place: a number saves little, and a reader of the data sees more. */
const SHORTEST_SHARED = 20;

/** Stores every repeated subtree once. */
export class Packer {
  public readonly shared: PackedSchema[] = [];
  /** Equal subtrees have the same number. */
  private readonly identities = new Map<string, number>();
  private readonly known = new Map<Schema, number>();
  private readonly counts: number[] = [];
  private readonly lengths: number[] = [];
  private readonly positions = new Map<number, number>();

  constructor(roots: Schema[]) {
    roots.forEach((root) => this.identify(root));
    const counted = new Set<number>();
    const count = (schema: Schema) => {
      const identity = this.identify(schema);
      this.counts[identity]++;
      if (!counted.has(identity)) {
        counted.add(identity);
        mapChildren(schema, count);
      }
    };
    roots.forEach(count);
  }

  public pack(schema: Schema): PackedSchema {
    const identity = this.identify(schema);
    if (this.counts[identity] < 2 || this.lengths[identity] < SHORTEST_SHARED) {
      return mapChildren(schema, (child) => this.pack(child));
    }
    let position = this.positions.get(identity);
    if (position === undefined) {
      const packed = mapChildren(schema, (child) => this.pack(child));
      position = this.shared.push(packed) - 1; // after its children, so that a reader resolves in one pass
      this.positions.set(identity, position);
    }
    return position;
  }

  private identify(schema: Schema): number {
    let identity = this.known.get(schema);
    if (identity === undefined) {
      const text = JSON.stringify(mapChildren(schema, (child) => this.identify(child)));
      identity = this.identities.get(text) ?? this.identities.size;
      this.identities.set(text, identity);
      this.known.set(schema, identity);
      this.counts[identity] ??= 0;
      this.lengths[identity] = text.length;
    }
    return identity;
  }
}

const CHILD_MAPS = ['properties'];
const CHILD_LISTS = ['allOf', 'anyOf', 'oneOf'];
const CHILDREN = ['additionalProperties', 'items', 'not'];

/** A copy with sorted keys, without prose, and with every child schema replaced. */
function mapChildren(schema: Schema, replace: (child: Schema) => unknown): Record<string, unknown> {
  const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(schema).sort()) {
    const value = schema[key];
    if (key === 'description' || key === 'externalDocs' || key === 'example') {
      continue;
    }
    if (CHILD_MAPS.includes(key)) {
      const children = value as Record<string, Schema>;
      copy[key] = Object.fromEntries(Object.keys(children).sort().map((name) => [name, replace(children[name])]));
    } else if (CHILD_LISTS.includes(key)) {
      copy[key] = (value as Schema[]).map(replace);
    } else if (CHILDREN.includes(key) && isSchema(value)) {
      copy[key] = replace(value);
    } else {
      copy[key] = value;
    }
  }
  return copy;
}
