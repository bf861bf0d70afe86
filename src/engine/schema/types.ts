/**
 * The structural schema of a custom resource: what a Kubernetes API server validates, prunes and defaults by.
 *
 * Keywords have the names and the meaning of `apiextensions.k8s.io/v1`. Prose is left out; nothing else is.
 * Equal subtrees are one object: never modify a schema.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export interface StructuralSchema {
  /** Absent for int-or-string and for fully open values. */
  readonly 'type'?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly 'format'?: string;
  readonly 'title'?: string;
  /** Whether `null` is a value. */
  readonly 'nullable'?: boolean;
  readonly 'default'?: unknown;
  readonly 'enum'?: readonly unknown[];

  readonly 'properties'?: Readonly<Record<string, StructuralSchema>>;
  readonly 'additionalProperties'?: boolean | StructuralSchema;
  readonly 'required'?: readonly string[];
  readonly 'minProperties'?: number;
  readonly 'maxProperties'?: number;

  readonly 'items'?: StructuralSchema;
  readonly 'minItems'?: number;
  readonly 'maxItems'?: number;
  readonly 'uniqueItems'?: boolean;

  /** Go (RE2) syntax, not anchored. */
  readonly 'pattern'?: string;
  /** In Unicode code points. */
  readonly 'minLength'?: number;
  readonly 'maxLength'?: number;

  readonly 'minimum'?: number;
  readonly 'maximum'?: number;
  readonly 'exclusiveMinimum'?: boolean;
  readonly 'exclusiveMaximum'?: boolean;
  readonly 'multipleOf'?: number;

  readonly 'allOf'?: readonly StructuralSchema[];
  readonly 'anyOf'?: readonly StructuralSchema[];
  readonly 'oneOf'?: readonly StructuralSchema[];
  readonly 'not'?: StructuralSchema;

  /** A number or a string, whatever `type` says. */
  readonly 'x-kubernetes-int-or-string'?: boolean;
  /** Fields that the schema does not know stay; otherwise the API server drops them (or refuses them in strict mode). */
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  /** The value is a whole Kubernetes object, with apiVersion, kind and metadata. */
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  /** `atomic` (the default), `set` (no equal scalars) or `map` (unique by the map keys). */
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
}

/** A CEL rule; `self` is the value that carries it, `oldSelf` the one before an update. */
export interface CelRule {
  readonly rule: string;
  readonly message?: string;
  /** A CEL expression that gives the message. */
  readonly messageExpression?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
  /** The field to report, as a JSON path below the value. */
  readonly fieldPath?: string;
  /** Whether a rule that reads `oldSelf` also runs at creation; it then sees an optional. */
  readonly optionalOldSelf?: boolean;
}

/** One version of a kind. */
export interface VersionSchema {
  /** Whether the API server accepts and returns this version. */
  readonly served: boolean;
  /** Whether objects are stored in this version. */
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  /** Whether status is a subresource, which an ordinary write cannot change. */
  readonly status?: boolean;
  readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath?: string };
  /** Fields that field selectors can name. */
  readonly selectableFields?: readonly string[];
  /** The schema of the whole object, with `spec`, `status` and the rest. */
  readonly schema: StructuralSchema;
}

/** A release channel of the Gateway API. */
export type Channel = 'standard' | 'experimental';

/** All versions of a kind. */
export interface KindSchema {
  /** The project that defines the kind, as in `tools/l1/sources.json`. */
  readonly source: string;
  /** The version of the project that the data was made from. */
  readonly version: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly plural: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** By API version. For the Gateway API: of the experimental channel. */
  readonly versions: Readonly<Record<string, VersionSchema>>;
  /** The versions of other channels; a kind that a channel lacks has no entry. */
  readonly channels?: Readonly<Partial<Record<Channel, Readonly<Record<string, VersionSchema>>>>>;
}

/** All kinds of an API group. */
export interface GroupSchema {
  readonly group: string;
  readonly kinds: Readonly<Record<string, KindSchema>>;
}

/** A kind in the index, which is small and loaded without any schema. */
export interface IndexedKind {
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** API versions in the order of the definition, unserved ones too. */
  readonly versions: readonly string[];
}
