import { exclusions } from './exclusions';
import { sampleString } from './sample-string';
import { StructuralSchema } from '../../../src/engine/schema/types';

/** `minimal`: only what is required. `full`: all that can be together. */
export type Extent = 'minimal' | 'full';

/** What replaces the generated value at a path; `OMIT` leaves the field out. */
export type Override = (generate: () => any, extent: Extent) => any;

export const OMIT = Symbol('omit');

/** Finds the override for a member, by a path such as `HTTPRoute.spec.rules.matches`. */
export type Overrides = (path: string) => Override | undefined;

/** How to generate. */
export interface SampleOptions {
  readonly extent: Extent;
  /** Which of the alternatives to take, where fields exclude each other. */
  readonly variant: number;
  readonly overrides: Overrides;
}

/** A value that the schema accepts, as far as a generic generator can tell. */
export function sampleValue(schema: StructuralSchema, path: string, options: SampleOptions): any {
  const generate = () => generateValue(schema, path, options);
  const override = options.overrides(path);
  return override ? override(generate, options.extent) : generate();
}

function generateValue(schema: StructuralSchema, path: string, options: SampleOptions): any {
  if (schema['x-kubernetes-int-or-string']) {
    return schema.pattern === undefined ? 1 : '1';
  }
  if (schema['x-kubernetes-embedded-resource']) {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'example' } };
  }
  if (schema.enum) {
    return schema.enum.find((value) => value !== '' && !/^(UN(SPECIFIED|DEFINED|SET)|INVALID)/.test(String(value))) ?? schema.enum[0];
  }
  switch (schema.type) {
    case 'string': return sampleString(schema);
    case 'boolean': return true;
    case 'integer':
    case 'number': return sampleNumber(schema);
    case 'array': return sampleList(schema, path, options);
    case 'object': return sampleObject(schema, path, options);
    default: return { any: 'value' };
  }
}

function sampleNumber(schema: StructuralSchema): number {
  const low = schema.minimum === undefined ? -Infinity : schema.exclusiveMinimum ? schema.minimum + 1 : schema.minimum;
  const high = schema.maximum === undefined ? Infinity : schema.exclusiveMaximum ? schema.maximum - 1 : schema.maximum;
  return Math.min(Math.max(1, low), high);
}

function sampleList(schema: StructuralSchema, path: string, options: SampleOptions): any[] {
  const length = Math.max(schema.minItems ?? 0, options.extent === 'full' ? 1 : 0);
  return Array.from({ length }, () => generateValue(schema.items ?? {}, path, options));
}

function sampleObject(schema: StructuralSchema, path: string, options: SampleOptions): any {
  const { additionalProperties } = schema;
  if (!schema.properties && typeof additionalProperties === 'object') {
    const wanted = options.extent === 'full' || (schema.minProperties ?? 0) > 0;
    return wanted ? { [sampleKey(schema)]: generateValue(additionalProperties, path, options) } : {};
  }
  if (!schema.properties) {
    return options.extent === 'full' && schema['x-kubernetes-preserve-unknown-fields'] ? { any: 'value' } : {};
  }
  const { required, excluded, below } = exclusions(schema, options.extent, options.variant);
  const result: Record<string, any> = {};
  for (const [name, child] of Object.entries(schema.properties)) {
    const isRequired = required.has(name);
    const childPath = `${path}.${name}`;
    if (excluded.has(name) || (options.extent === 'minimal' && !isRequired && !options.overrides(childPath))) {
      continue;
    }
    const narrowed = below.has(name) ? { ...child, allOf: [...child.allOf ?? [], ...below.get(name)!] } : child;
    const value = sampleValue(narrowed, childPath, options);
    if (value !== OMIT) {
      result[name] = value;
    }
  }
  return result;
}

/** Keys that rules restrict: ports are numbers. */
function sampleKey(schema: StructuralSchema): string {
  return schema['x-kubernetes-validations']?.some(({ rule }) => rule.includes('int(key)')) ? '8080' : 'example';
}
