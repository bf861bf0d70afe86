import { SchemaNode } from './schema-node';
import { isObject, JsonObject } from '../../model/json';
import { FieldPath } from '../field-path';
import { Violations } from '../violation';

/** Fields that every object has, whatever its schema says. */
const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** A field that a schema does not have. */
export type UnknownField = (path: FieldPath, name: string, known: SchemaNode | undefined) => void;

/**
 * What the API server makes of a value before it checks it: unknown fields and meaningless nulls go, defaults come.
 *
 * The value itself stays as it is; what does not change is not copied.
 */
export class Preparation {
  constructor(private readonly unknown: UnknownField) {}

  /** A whole object. */
  object(value: JsonObject, schema: SchemaNode): JsonObject {
    return this.map(value, schema, FieldPath.ROOT, true) as JsonObject;
  }

  private value(value: unknown, schema: SchemaNode | undefined, path: FieldPath): unknown {
    if (Array.isArray(value)) return this.list(value, schema, path);
    return isObject(value) ? this.map(value, schema, path, schema?.isEmbedded ?? false) : value;
  }

  private list(value: readonly unknown[], schema: SchemaNode | undefined, path: FieldPath): unknown {
    let copy: unknown[] | undefined;
    // Lists in data that a schema keeps as it is have no schema of their own.
    const items = schema?.items;
    if (schema?.keepsUnknown && !items) return value;
    for (let i = 0; i < value.length; i++) {
      const before = value[i];
      const after = isNullWithDefault(before, items) ? items!.default : this.value(before, items, path.index(i));
      if (after !== before) (copy ??= [...value])[i] = after;
    }
    return copy ?? value;
  }

  private map(value: JsonObject, schema: SchemaNode | undefined, path: FieldPath, isWhole: boolean): unknown {
    let copy: { [name: string]: unknown } | undefined;
    for (const name of Object.keys(value)) {
      const before = value[name];
      const child = schema?.child(name);
      if (before === undefined) {
        delete (copy ??= { ...value })[name];
      } else if (!child) {
        if (isWhole && META_FIELDS.has(name)) continue;
        if (schema && (schema.keepsUnknown || schema.additional === true)) continue;
        this.unknown(path, name, schema);
        delete (copy ??= { ...value })[name];
      } else if (before === null && !child.isNullable) {
        copy ??= { ...value };
        if (child.default === undefined) delete copy[name];
        else copy[name] = this.value(child.default, child, path);
      } else {
        if (isWhole && META_FIELDS.has(name)) continue;
        const after = this.value(before, child, path.field(name));
        if (after !== before) (copy ??= { ...value })[name] = after;
      }
    }
    return schema?.hasDefaults ? this.withDefaults(copy ?? value, schema, path) : copy ?? value;
  }

  private withDefaults(value: JsonObject, schema: SchemaNode, path: FieldPath): JsonObject {
    let copy: { [name: string]: unknown } | undefined;
    for (const [name, child] of schema.properties ?? []) {
      if (child.default === undefined || Object.hasOwn(value, name)) continue;
      (copy ??= { ...value })[name] = this.value(child.default, child, path.field(name));
    }
    return copy ?? value;
  }
}

function isNullWithDefault(value: unknown, schema: SchemaNode | undefined): boolean {
  return value === null && schema !== undefined && !schema.isNullable && schema.default !== undefined;
}

/** Tells of unknown fields as violations, with the known one that was probably meant. */
export function unknownFieldsAsViolations(violations: Violations): UnknownField {
  return (path, name, schema) => {
    const names = [...schema?.properties?.keys() ?? []];
    const meant = nearest(name, names);
    const allowed = names.length > 0 && names.length <= 12 ? `one of ${names.join(', ')}` : undefined;
    violations.add('FieldUnknown', path.field(name), meant ? `unknown field; did you mean ${meant}?` : 'unknown field', { allowed });
  };
}

/** The known name that differs least from what was written; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const candidates = known.map((it) => ({ it, distance: distance(name.toLowerCase(), it.toLowerCase(), limit) }));
  const best = candidates.reduce<{ it?: string; distance: number }>((least, it) => it.distance < least.distance ? it : least, { distance: limit + 1 });
  return best.it;
}

/** Levenshtein's distance; anything above the limit counts as one more than it. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || a.length > 64) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return Math.min(row[b.length], limit + 1);
}
