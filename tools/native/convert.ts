import { Schema } from '../l1/crd';
import { Packer } from '../l1/emit-schema';

/** The parts of an OpenAPI v3 document that are read. */
export interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, OpenApiSchema>> };
}

interface OpenApiSchema {
  readonly 'type'?: string;
  readonly 'format'?: string;
  readonly 'enum'?: readonly unknown[];
  readonly 'properties'?: Readonly<Record<string, OpenApiSchema>>;
  readonly 'additionalProperties'?: OpenApiSchema;
  readonly 'items'?: OpenApiSchema;
  readonly 'allOf'?: readonly OpenApiSchema[];
  readonly '$ref'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}

/** A kind as an API server's discovery tells of it. */
export interface DiscoveredKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

const PREFIX = 'io.k8s.apimachinery.pkg.';
/** Types that read themselves from JSON. */
const SPECIAL: Readonly<Record<string, Schema>> = {
  [`${PREFIX}api.resource.Quantity`]: { type: 'string', format: 'quantity' },
  [`${PREFIX}util.intstr.IntOrString`]: { 'x-kubernetes-int-or-string': true },
  [`${PREFIX}apis.meta.v1.FieldsV1`]: {},
  [`${PREFIX}runtime.RawExtension`]: {},
};

/** The data file: `{ server, kinds: { apiVersion: { kind: { plural, scope, schema } } }, shared }`. */
export function packKinds(server: string, kinds: readonly DiscoveredKind[], documents: ReadonlyMap<string, OpenApi>): string {
  const schemas = kinds.map((it) => schemaOf(documents.get(it.apiVersion)!, it));
  const packer = new Packer(schemas);
  const data: Record<string, Record<string, object>> = {};
  kinds.forEach(({ apiVersion, kind, plural, namespaced }, index) => {
    (data[apiVersion] ??= {})[kind] = { plural, scope: namespaced ? 'Namespaced' : 'Cluster', schema: packer.pack(schemas[index]) };
  });
  return JSON.stringify({ server, kinds: data, shared: packer.shared }) + '\n';
}

function schemaOf(document: OpenApi, { apiVersion, kind }: DiscoveredKind): Schema {
  const known = new Map<string, Schema>();
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const found = Object.values(document.components.schemas).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some((it) => it.group === group && it.version === version && it.kind === kind));
  if (!found) throw new Error(`no schema of ${apiVersion} ${kind}`);
  const whole = convert(found, document, known);
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...own } = whole.properties ?? {};
  return { ...whole, properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: {}, ...own, ...own.status && { status: {} } } };
}

function convert(schema: OpenApiSchema, document: OpenApi, known: Map<string, Schema>): Schema {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference) {
    const name = reference.slice('#/components/schemas/'.length);
    let converted = SPECIAL[name] ?? known.get(name);
    if (!converted) {
      converted = convert(document.components.schemas[name], document, known);
      known.set(name, converted);
    }
    return converted;
  }
  const { type, format, enum: values, properties, additionalProperties, items } = schema;
  return {
    ...type && { type },
    ...format && { format },
    ...values && { enum: [...values] },
    ...properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, convert(child, document, known)])) },
    ...additionalProperties && { additionalProperties: convert(additionalProperties, document, known) },
    ...items && { items: convert(items, document, known) },
  };
}
