import { StructuralSchema } from '../../../src/engine/schema/types';

/** The fields of a schema that an object does not set, as `spec.http.retries`. What is below a missing field is not listed. */
export function missingFields(schema: StructuralSchema, object: unknown, path = ''): string[] {
  if (Array.isArray(object)) {
    // a list sets what any of its items sets
    const perItem = object.map((item) => missingFields(schema.items ?? {}, item, path));
    return (perItem[0] ?? []).filter((field) => perItem.every((missing) => missing.some((other) => field === other || field.startsWith(`${other}.`))));
  }
  if (typeof object !== 'object' || object === null) {
    return [];
  }
  const values = object as Record<string, unknown>;
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object') {
    return Object.values(values).flatMap((value) => missingFields(additionalProperties, value, path));
  }
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const childPath = path ? `${path}.${name}` : name;
    return name in values ? missingFields(child, values[name], childPath) : [childPath];
  });
}
