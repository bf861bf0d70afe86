import { Manifest } from './manifests';
import { schemaFor } from '../../src/engine/schema/load-schema';
import { StructuralSchema } from '../../src/engine/schema/types';

/** The fields of the spec of a kind that none of some manifests sets, as `rules.to.operation`, without list and map levels. */
export function unsetFields(apiVersion: string, kind: string, manifests: readonly Manifest[]): string[] {
  const spec = schemaFor(apiVersion, kind)?.schema.properties?.spec;
  if (!spec) { throw new Error(`no schema of ${kind} in ${apiVersion}`); }
  const all = new Set<string>();
  collectFields(spec, '', all);
  const set = new Set<string>();
  manifests.forEach((manifest) => collectSet(spec, manifest.spec, '', set));
  return [...all].filter((field) => !set.has(field)).sort();
}

function collectFields(schema: StructuralSchema, path: string, into: Set<string>): void {
  if (schema.items) { collectFields(schema.items, path, into); }
  if (typeof schema.additionalProperties === 'object') { collectFields(schema.additionalProperties, path, into); }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const field = path === '' ? name : `${path}.${name}`;
    into.add(field);
    collectFields(child, field, into);
  }
}

function collectSet(schema: StructuralSchema, value: unknown, path: string, into: Set<string>): void {
  if (Array.isArray(value)) {
    value.forEach((item) => collectSet(schema.items ?? {}, item, path, into));
    return;
  }
  if (typeof value !== 'object' || value === null) { return; }
  for (const [name, child] of Object.entries(value)) {
    const { additionalProperties } = schema;
    if (typeof additionalProperties === 'object') {
      collectSet(additionalProperties, child, path, into);
      continue;
    }
    const field = path === '' ? name : `${path}.${name}`;
    into.add(field);
    collectSet(schema.properties?.[name] ?? {}, child, field, into);
  }
}
