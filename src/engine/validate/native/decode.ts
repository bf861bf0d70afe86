import { isObject } from '../../model/json';
import { FieldPath } from '../field-path';
import { UnknownField } from '../schema/prepare';
import { SchemaNode, typeOf } from '../schema/schema-node';
import { isBase64, isDate, parseBoundedDuration } from '../text/formats';
import { quantityProblem } from '../text/quantity';
import { shown, Violations } from '../violation';

/**
 * Reads a value into the types of a built-in kind as Go does: nulls mean nothing, numbers must fit their type, and nothing else is checked.
 *
 * @returns the value without its nulls; what does not change is not copied
 */
export class Decoding {
  constructor(private readonly violations: Violations, private readonly unknown: UnknownField) {}

  value(value: unknown, schema: SchemaNode, path: FieldPath): unknown {
    if (schema.isIntOrString) return this.intOrString(value, path);
    const special = schema.limits.format;
    if (special === 'quantity') return this.quantity(value, path);
    switch (schema.types[0]) {
      case 'object': return this.map(value, schema, path);
      case 'array': return this.list(value, schema, path);
      case 'string': return this.text(value, special, path);
      case 'integer': return this.integer(value, special === 'int32' ? 2 ** 31 : 2 ** 63, path);
      case 'number':
      case 'boolean': return this.expect(value, schema.types[0], path);
      default: return value;
    }
  }

  private map(value: unknown, schema: SchemaNode, path: FieldPath): unknown {
    if (!isObject(value)) return this.expect(value, 'object', path);
    let copy: { [name: string]: unknown } | undefined;
    for (const name of Object.keys(value)) {
      const before = value[name];
      const child = schema.child(name);
      if (!child) {
        if (schema.properties && !schema.keepsUnknown) this.unknown(path, name, schema);
        continue;
      }
      const isField = schema.properties?.has(name) ?? false;
      const after = before === null || before === undefined ? isField ? undefined : zeroOf(child) : this.value(before, child, isField ? path.field(name) : path.key(name));
      if (after === before) continue;
      copy ??= { ...value };
      if (after === undefined) delete copy[name];
      else copy[name] = after;
    }
    return copy ?? value;
  }

  private list(value: unknown, schema: SchemaNode, path: FieldPath): unknown {
    if (!Array.isArray(value)) return this.expect(value, 'array', path);
    let copy: unknown[] | undefined;
    const items = value as unknown[];
    items.forEach((before, index) => {
      const after = !schema.items ? before : before === null ? zeroOf(schema.items) : this.value(before, schema.items, path.index(index));
      if (after !== before) (copy ??= [...items])[index] = after;
    });
    return copy ?? items;
  }

  private text(value: unknown, format: string | undefined, path: FieldPath): unknown {
    if (typeof value !== 'string') return format === 'byte' && isBytes(value) ? value : this.expect(value, 'string', path);
    if (format === 'date-time' && !isTime(value)) this.refuse(path, `${shown(value)} is no time`, 'a time such as 2006-01-02T15:04:05Z');
    if (format === 'byte' && value !== '' && !isBase64(value.replace(/[\r\n]/g, ''))) this.refuse(path, `${shown(value)} is not base64`, 'base64');
    if (format === 'duration' && parseBoundedDuration(value) === undefined) this.refuse(path, `${shown(value)} is no duration`, 'a duration such as 1h30m');
    return value;
  }

  private integer(value: unknown, limit: number, path: FieldPath): unknown {
    if (typeof value !== 'number' || !Number.isInteger(value)) return this.expect(value, 'integer', path);
    if (value >= limit || value < -limit) this.refuse(path, `${value} does not fit into ${limit > 2 ** 31 ? 64 : 32} bits`, `from ${-limit} to ${limit - 1}`);
    return value;
  }

  private intOrString(value: unknown, path: FieldPath): unknown {
    return typeof value === 'string' ? value : this.integer(value, 2 ** 31, path);
  }

  private quantity(value: unknown, path: FieldPath): unknown {
    const problem = typeof value === 'string' || typeof value === 'number' ? quantityProblem(String(value)) : 'must be a text or a number';
    if (problem) this.refuse(path, problem, 'a quantity such as 500m, 2 or 1Gi');
    return value;
  }

  private expect(value: unknown, type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean', path: FieldPath): unknown {
    const actual = typeOf(value);
    if (actual !== type && !(type === 'number' && actual === 'integer')) {
      this.violations.add('FieldValueTypeInvalid', path, `must be of type ${type}, not ${actual}`);
    }
    return value;
  }

  private refuse(path: FieldPath, message: string, allowed: string): void {
    this.violations.add('FieldValueTypeInvalid', path, message, { allowed });
  }
}

/** Go reads bytes from a list of numbers, too. */
function isBytes(value: unknown): boolean {
  return Array.isArray(value) && value.every((it) => it === null || (Number.isInteger(it) && Number(it) >= 0 && Number(it) <= 255));
}

/** What Go makes of a null in a list or a map. */
function zeroOf(schema: SchemaNode): unknown {
  if (schema.isIntOrString) return 0;
  switch (schema.types[0]) {
    case 'object': return {};
    case 'array': return [];
    case 'string': return '';
    case 'boolean': return false;
    case 'integer':
    case 'number': return 0;
    default: return null;
  }
}

/** A time as RFC 3339 writes it. */
function isTime(text: string): boolean {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)([.,]\d+)?(Z|[+-](\d\d):(\d\d))$/.exec(text);
  return !!match && isDate(match[1]) && match[2] < '24' && match[3] < '60' && match[4] < '60' && (match[7] ?? '00') <= '24' && (match[8] ?? '00') < '60';
}

