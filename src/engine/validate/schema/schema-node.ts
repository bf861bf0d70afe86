import { CelRule, StructuralSchema } from '../../schema/types';
import { TextFormat, textFormat } from '../text/formats';
import { PatternTest, searchPattern } from '../text/pattern';

/** Types of JSON values; Go tells integers from other numbers. */
export type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/**
 * A schema in the form in which values are checked against it: every keyword looked at once, and what lies below summed up, so that whole
 * subtrees can be passed over.
 */
export class SchemaNode {
  /** The node of a schema; equal subtrees are one object, and so have one node. */
  static of(schema: StructuralSchema): SchemaNode {
    let node = SchemaNode.known.get(schema);
    if (!node) {
      node = new SchemaNode(schema);
      SchemaNode.known.set(schema, node);
    }
    return node;
  }

  private static readonly known = new WeakMap<StructuralSchema, SchemaNode>();

  /** Empty: any type. */
  readonly types: readonly JsonType[];
  readonly isNullable: boolean;
  readonly isIntOrString: boolean;
  readonly keepsUnknown: boolean;
  readonly isEmbedded: boolean;
  readonly default: unknown;
  readonly enum?: readonly unknown[];
  /** A format that the API server takes notice of. */
  readonly format?: string;
  readonly textFormat?: TextFormat;
  readonly properties?: ReadonlyMap<string, SchemaNode>;
  readonly required: readonly string[];
  /** What a map holds; true for anything. */
  readonly additional?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly allOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly oneOf: readonly SchemaNode[];
  readonly not?: SchemaNode;
  readonly rules: readonly CelRule[];
  readonly listType?: 'set' | 'map';
  readonly mapKeys: readonly string[];
  readonly limits: StructuralSchema;

  /** Whether a default is declared here or below. */
  readonly hasDefaults: boolean;
  /** Whether a list below, or this one, forbids equal items. */
  readonly hasUniqueLists: boolean;
  /** Whether this is, or has below it, a whole object with metadata of its own. */
  readonly hasEmbedded: boolean;
  /** Whether CEL rules are declared here or below. */
  readonly hasRules: boolean;

  private compiledPattern?: PatternTest;

  private constructor(schema: StructuralSchema) {
    this.isIntOrString = schema['x-kubernetes-int-or-string'] === true;
    this.types = this.isIntOrString ? ['integer', 'string'] : schema.type ? [schema.type] : [];
    this.isNullable = schema.nullable === true;
    this.keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
    this.isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
    this.default = schema.default;
    this.enum = schema.enum && schema.enum.length > 0 ? schema.enum : undefined;
    this.format = heededFormat(schema.format, this.types);
    this.textFormat = this.format === undefined ? undefined : textFormat(this.format);
    this.properties = schema.properties && new Map(Object.entries(schema.properties).map(([name, child]) => [name, SchemaNode.of(child)]));
    this.required = schema.required ?? [];
    const additional = schema.additionalProperties;
    this.additional = typeof additional === 'object' ? SchemaNode.of(additional) : additional;
    this.items = schema.items && SchemaNode.of(schema.items);
    this.allOf = (schema.allOf ?? []).map((it) => SchemaNode.of(it));
    this.anyOf = (schema.anyOf ?? []).map((it) => SchemaNode.of(it));
    this.oneOf = (schema.oneOf ?? []).map((it) => SchemaNode.of(it));
    this.not = schema.not && SchemaNode.of(schema.not);
    this.rules = schema['x-kubernetes-validations'] ?? [];
    const listType = schema['x-kubernetes-list-type'];
    this.listType = listType === 'atomic' ? undefined : listType;
    this.mapKeys = schema['x-kubernetes-list-map-keys'] ?? [];
    this.limits = schema;

    const below = [...this.properties?.values() ?? [], ...this.items ? [this.items] : [], ...typeof this.additional === 'object' ? [this.additional] : []];
    this.hasDefaults = this.default !== undefined || below.some((it) => it.hasDefaults);
    this.hasUniqueLists = this.listType !== undefined || below.some((it) => it.hasUniqueLists);
    this.hasEmbedded = this.isEmbedded || below.some((it) => it.hasEmbedded);
    this.hasRules = this.rules.length > 0 || [...below, ...this.allOf].some((it) => it.hasRules);
  }

  /** The schema of a field or of a map's entry; undefined when there is none. */
  child(name: string): SchemaNode | undefined {
    return this.properties?.get(name) ?? (typeof this.additional === 'object' ? this.additional : undefined);
  }

  /** Whether a text has a match of the pattern. */
  matchesPattern(text: string): boolean {
    this.compiledPattern ??= searchPattern(this.limits.pattern!);
    return this.compiledPattern(text);
  }
}

/** The API server ignores formats that it does not know, and those of other types. */
function heededFormat(format: string | undefined, types: readonly JsonType[]): string | undefined {
  if (format === undefined) return undefined;
  switch (types.length === 1 ? types[0] : '') {
    case '':
    case 'string': return textFormat(format) ? format : undefined;
    case 'integer': return format === 'int32' || format === 'int64' ? format : undefined;
    case 'number': return format === 'float' || format === 'double' ? format : undefined;
    default: return undefined;
  }
}

/** The type of a JSON value. Whole numbers that Go reads as integers are integers. */
export function typeOf(value: unknown): JsonType {
  switch (typeof value) {
    case 'string': return 'string';
    case 'boolean': return 'boolean';
    case 'number': return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
    default: return value === null || value === undefined ? 'null' : Array.isArray(value) ? 'array' : 'object';
  }
}
