/** A JSON object of unknown shape. */
export type JsonObject = { readonly [key: string]: unknown };

/** An object without fields, given where a field is missing or of another type. */
export const EMPTY: JsonObject = Object.freeze({});

const NO_ITEMS: readonly unknown[] = Object.freeze([]);
const NO_STRINGS: StringMap = Object.freeze({});

/** Labels, annotations and other maps of text. */
export type StringMap = { readonly [key: string]: string };

/** Whether a value is a JSON object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value when it is an object, else an empty one: manifests are read, never trusted. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : EMPTY;
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** The objects of a list; items of another type are left out. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  const items = listOf(value);
  return items.every(isObject) ? items as readonly JsonObject[] : items.filter(isObject);
}

/** The value when it is text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value when it is a finite number, or text that spells one (an int-or-string field). */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return undefined;
}

/** The value when it is a boolean. */
export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** The texts of a list; items of another type are left out. */
export function textsOf(value: unknown): readonly string[] {
  const items = listOf(value);
  return items.every(item => typeof item === 'string') ? items as readonly string[] : items.filter(item => typeof item === 'string');
}

/** A map of text; numbers and booleans, which the API server would refuse, are read as their text. */
export function stringMapOf(value: unknown): StringMap {
  if (!isObject(value)) return NO_STRINGS;
  let clean = true;
  for (const key of Object.keys(value)) {
    if (typeof value[key] !== 'string') clean = false;
  }
  if (clean) return value as StringMap;
  const result: Record<string, string> = {};
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') result[key] = String(item);
  }
  return result;
}

/** A field of an object by a user-given name, never one inherited from a prototype. */
export function own<T>(map: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(map, key) ? map[key] : undefined;
}
