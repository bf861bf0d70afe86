import { fail } from '../../private/errors';

/** An object of a description. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a value is an object, and no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a value stands for: what its `$ref` points to, through as many references as there are, or itself.
 *
 * @param root the whole description
 * @param value a value of it
 * @param place where it stands, for errors
 */
export function resolveReference(root: JsonObject, value: unknown, place: string): unknown {
  const seen = new Set<string>();
  let found = value;
  while (isJsonObject(found) && typeof found.$ref === 'string') {
    const reference: string = found.$ref;
    if (seen.has(reference)) { fail('MESH-E071', `references that lead in a circle at ${place}, got "${reference}"`, 'let one of them lead to the object itself'); }
    seen.add(reference);
    found = follow(root, reference, place);
  }
  return found;
}

/** JSON pointers (RFC 6901) within the file. */
function follow(root: JsonObject, reference: string, place: string): unknown {
  if (!reference.startsWith('#')) {
    fail('MESH-E071', `a reference to another file at ${place}, got "${reference}"`, 'put all into one file, for example with "redocly bundle"');
  }
  const steps = decodeURIComponent(reference.slice(1)).split('/').slice(1).map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  let found: unknown = root;
  for (const step of steps) {
    found = isJsonObject(found) && Object.hasOwn(found, step) ? found[step] : Array.isArray(found) ? found[Number(step)] : undefined;
    if (found === undefined) { fail('MESH-E071', `a reference to nothing at ${place}, got "${reference}"`, 'correct the reference, or add what it refers to'); }
  }
  return found;
}
