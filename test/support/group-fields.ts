import { kindSchema, schemaIndex } from '../../src/engine/schema/load-schema';
import { StructuralSchema } from '../../src/engine/schema/types';

/** Names of all fields of all kinds of an API group, each once. */
export function fieldsOf(group: string): string[] {
  const names = new Set<string>();
  for (const kind of Object.keys(schemaIndex()[group])) {
    Object.values(kindSchema(group, kind)!.versions).forEach(({ schema }) => collect(schema, names));
  }
  return [...names].sort();
}

function collect(schema: StructuralSchema, into: Set<string>): void {
  if (schema.items) { collect(schema.items, into); }
  if (typeof schema.additionalProperties === 'object') { collect(schema.additionalProperties, into); }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    into.add(name);
    collect(child, into);
  }
}
