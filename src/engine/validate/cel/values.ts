import type { CelError, CelValue } from '@bufbuild/cel';
import { loadCel } from './library';
import { isObject, JsonObject } from '../../model/json';
import { SchemaNode } from '../schema/schema-node';
import { parseLooseDuration } from '../text/formats';

/** Words of CEL that cannot be names of fields. */
const RESERVED: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace',
  'return', 'var', 'void', 'while',
]);

const ESCAPES: Readonly<Record<string, string>> = { '__': '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' };

/** The name of a field as rules write it; undefined when they cannot name it. */
export function escapeName(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`;
  return /^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name) ? name.replace(/__|[-./]/g, (it) => ESCAPES[it]) : undefined;
}

/**
 * Values as rules see them, typed by their schema. What a value was made into is remembered, because rules at several levels of an object
 * look at the same values.
 */
export class CelValues {
  private readonly known = new Map<object, { readonly schema: SchemaNode; readonly value: CelValue | CelError }>();

  of(value: unknown, schema: SchemaNode): CelValue | CelError {
    if (typeof value !== 'object' || value === null) return this.scalar(value, schema);
    const known = this.known.get(value);
    if (known?.schema === schema) return known.value;
    const made = this.compound(value, schema);
    this.known.set(value, { schema, value: made });
    return made;
  }

  /** The root of an object: its name and type are there, whatever the schema says. */
  ofRoot(object: JsonObject, schema: SchemaNode): CelValue {
    const { cel } = loadCel();
    const fields = this.fields(object, schema);
    for (const name of ['apiVersion', 'kind']) {
      if (typeof object[name] === 'string') fields.set(name, object[name]);
    }
    const metadata = isObject(object.metadata) ? object.metadata : {};
    const names = ['name', 'generateName'].flatMap((name): [string, CelValue][] => typeof metadata[name] === 'string' ? [[name, metadata[name]]] : []);
    fields.set('metadata', cel.celMap(new Map(names)));
    return cel.celMap(fields);
  }

  private scalar(value: unknown, schema: SchemaNode): CelValue | CelError {
    const { cel } = loadCel();
    if (value === null || value === undefined) return schema.isNullable ? null : cel.celError('the value is null');
    const type = schema.isIntOrString ? typeof value === 'string' ? 'string' : 'integer' : schema.types[0];
    switch (type) {
      case 'string': return typeof value === 'string' ? this.text(value, schema) : cel.celError('the value is no text');
      case 'integer': return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : cel.celError('the value is no integer');
      case 'number': return typeof value === 'number' ? value : cel.celError('the value is no number');
      case 'boolean': return typeof value === 'boolean' ? value : cel.celError('the value is no boolean');
      default: return cel.celError('the value has no type');
    }
  }

  private text(value: string, schema: SchemaNode): CelValue | CelError {
    const { cel, protobuf, wellKnown } = loadCel();
    switch (schema.format?.replace(/-/g, '')) {
      case 'duration': {
        const ms = parseLooseDuration(value);
        if (ms === undefined) return cel.celError(`"${value}" is no duration`);
        const nanos = BigInt(Math.round(ms * 1e6));
        return cel.run('d', { d: protobuf.create(wellKnown.DurationSchema, { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) }) });
      }
      case 'date':
      case 'datetime': {
        const ms = Date.parse(value);
        return Number.isNaN(ms) ? cel.celError(`"${value}" is no time`) : cel.run('t', { t: wellKnown.timestampFromMs(ms) });
      }
      case 'byte': return new Uint8Array(Buffer.from(value, 'base64'));
      default: return value;
    }
  }

  private compound(value: object, schema: SchemaNode): CelValue | CelError {
    const { cel } = loadCel();
    if (Array.isArray(value)) {
      if (schema.types[0] !== 'array' || !schema.items) return cel.celError('the value is no list');
      const items = value.map((item: unknown) => this.of(item, schema.items!));
      return items.find((item): item is CelError => cel.isCelError(item)) ?? cel.celList(items as CelValue[]);
    }
    if (schema.types[0] !== 'object') return cel.celError('the value is no object');
    const object = value as JsonObject;
    return schema.isEmbedded ? this.ofRoot(object, schema) : cel.celMap(this.fields(object, schema));
  }

  private fields(object: JsonObject, schema: SchemaNode): Map<string, CelValue> {
    const { cel } = loadCel();
    const fields = new Map<string, CelValue>();
    for (const name of Object.keys(object)) {
      const isField = schema.properties?.has(name) ?? false;
      const child = schema.child(name);
      const key = isField || schema.properties ? escapeName(name) : name;
      // A field that is null counts as absent; what a schema does not describe cannot be asked for.
      if (!child || key === undefined || (isField && object[name] === null)) continue;
      const value = this.of(object[name], child);
      if (!cel.isCelError(value)) fields.set(key, value);
    }
    return fields;
  }
}
