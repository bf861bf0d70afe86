import { compareText } from './compare-text';

/** A map of plain data. */
export type Plain = { readonly [key: string]: unknown };

/** Whether a value is a map of plain data, not a list and not an instance of a class. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** The same data without undefined fields, with the keys of all maps in order: maps come from other languages in any order. */
export function sorted<T>(value: T): T {
  return sortKeys(value) as T;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(sortKeys); }
  if (!isPlain(value)) { return value; }
  return Object.fromEntries(Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, field]) => [key, sortKeys(field)]));
}

/** Puts fields over others: maps are merged, lists and scalars replace, undefined changes nothing. */
export function mergePlain(base: Plain, addition: Plain | undefined): Plain {
  const merged: { [key: string]: unknown } = { ...base };
  for (const [key, value] of Object.entries(addition ?? {})) {
    const known = Object.hasOwn(merged, key) ? merged[key] : undefined;
    if (value !== undefined) { merged[key] = isPlain(known) && isPlain(value) ? mergePlain(known, value) : value; }
  }
  return merged;
}

/** The map without undefined fields and without maps that are empty then; undefined when nothing is left. */
export function compact<T extends object>(value: T): T | undefined {
  const fields = Object.entries(value)
    .map(([key, field]): [string, unknown] => [key, isPlain(field) ? compact(field) : field])
    .filter(([, field]) => field !== undefined);
  return fields.length > 0 ? Object.fromEntries(fields) as T : undefined;
}
