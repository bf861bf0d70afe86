import { Schema } from './crd';

/** What a member is typed as. */
export type TypeRef =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'any' | 'intOrString' }
  | { readonly kind: 'list' | 'map'; readonly of: TypeRef }
  | { readonly kind: 'shape'; readonly shape: Shape };

/** A member of a struct, with the schema of each place that the struct was found at. */
export interface Member {
  readonly wire: string;
  readonly name: string;
  readonly required: boolean;
  readonly type: TypeRef;
  readonly places: Place[];
}

/** A node of a CRD: `HTTPRoute.spec.rules.matches`. */
export interface Place {
  readonly kind: KindModel;
  readonly path: string;
  readonly schema: Schema;
}

/** A struct or an enum; equal ones of a source are one shape. */
export interface Shape {
  readonly id: string;
  readonly form: 'struct' | 'enum';
  members: Member[];
  readonly values: string[];
  readonly places: Place[];
  readonly uses: Use[];
  /** Set by naming. */
  name?: string;
}

/** A member that refers to a shape. */
export interface Use {
  readonly owner: Shape | KindModel;
  readonly member: Member;
}

/** A kind that gets a class. */
export interface KindModel {
  readonly source: string;
  readonly group: string;
  readonly kind: string;
  readonly version: string;
  readonly scope: string;
  readonly see: string;
  members: Member[];
}

/** All kinds of one source with their shapes. */
export interface SourceModel {
  readonly source: string;
  readonly kinds: KindModel[];
  readonly shapes: Shape[];
}

/** The shape inside of lists and maps. */
export function shapeOf(type: TypeRef): Shape | undefined {
  return type.kind === 'shape' ? type.shape : type.kind === 'list' || type.kind === 'map' ? shapeOf(type.of) : undefined;
}

export function isKind(owner: Shape | KindModel): owner is KindModel {
  return 'version' in owner;
}
