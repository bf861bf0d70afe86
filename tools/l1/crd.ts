/** The parts of a CustomResourceDefinition that the generator reads. */

/** A node of a structural schema (OpenAPI v3 with the `x-kubernetes-*` extensions). */
export interface Schema {
  'type'?: string;
  'format'?: string;
  'properties'?: Record<string, Schema>;
  'required'?: string[];
  'items'?: Schema;
  'additionalProperties'?: boolean | Schema;
  'enum'?: unknown[];
  'pattern'?: string;
  'minimum'?: number;
  'maximum'?: number;
  'exclusiveMinimum'?: boolean;
  'exclusiveMaximum'?: boolean;
  'minLength'?: number;
  'maxLength'?: number;
  'minItems'?: number;
  'maxItems'?: number;
  'minProperties'?: number;
  'maxProperties'?: number;
  'default'?: unknown;
  'nullable'?: boolean;
  'description'?: string;
  'oneOf'?: Schema[];
  'anyOf'?: Schema[];
  'allOf'?: Schema[];
  'not'?: Schema;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-validations'?: CelRule[];
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  [extension: string]: unknown;
}

/** A CEL rule of a schema node. */
export interface CelRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

/** One version of a custom resource. */
export interface CrdVersion {
  name: string;
  served: boolean;
  storage: boolean;
  deprecated?: boolean;
  schema?: { openAPIV3Schema: Schema };
  subresources?: { status?: object; scale?: object };
  selectableFields?: { jsonPath: string }[];
}

/** A CustomResourceDefinition manifest. */
export interface Crd {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    group: string;
    scope: 'Namespaced' | 'Cluster';
    names: { kind: string; plural: string; singular?: string; listKind?: string; shortNames?: string[]; categories?: string[] };
    versions: CrdVersion[];
  };
}
