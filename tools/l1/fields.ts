import { Crd, Schema } from './crd';

/** Not compared: every object has them, or a controller writes them. */
const NOT_FIELDS = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/**
 * What a kind knows, over all served versions: `spec.http.retries.backoff` for a field, `spec.resolution=DNS` for an enum value.
 * Lists and maps have no segment of their own.
 */
export function fieldsOf(crd: Crd): Set<string> {
  const fields = new Set<string>();
  for (const version of crd.spec.versions.filter((candidate) => candidate.served)) {
    const schema = version.schema?.openAPIV3Schema ?? {};
    const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !NOT_FIELDS.has(name));
    walk({ ...schema, properties: Object.fromEntries(properties) }, '', fields);
  }
  return fields;
}

/** The keys of `all` whose parent is not in it: a new subtree is one entry. */
export function topmost(all: Iterable<string>): string[] {
  const keys = new Set(all);
  return [...keys].filter((key) => !ancestors(key).some((parent) => keys.has(parent))).sort();
}

/** `a.b=C` has the ancestors `a` and `a.b`. */
export function ancestors(key: string): string[] {
  const separators = [...key.matchAll(/[.=]/g)].map((match) => match.index);
  const value = key.indexOf('=');
  return separators.filter((at) => value < 0 || at <= value).map((at) => key.slice(0, at));
}

function walk(schema: Schema, path: string, fields: Set<string>): void {
  for (const value of schema.type === 'string' ? schema.enum ?? [] : []) {
    fields.add(`${path}=${value}`);
  }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const childPath = path ? `${path}.${name}` : name;
    fields.add(childPath);
    walk(child, childPath, fields);
  }
  if (schema.items) {
    walk(schema.items, path, fields);
  }
  if (typeof schema.additionalProperties === 'object') {
    walk(schema.additionalProperties, path, fields);
  }
}
