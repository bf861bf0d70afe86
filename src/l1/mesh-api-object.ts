import { ApiObject, ApiObjectMetadata, GroupVersionKind, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';

/** The members of a type that the API spells differently: member name (`*` for every key of a map) to `[wire name, what is below]`. */
export interface WireNames {
  readonly [member: string]: readonly [string, WireNames?];
}

interface Props {
  readonly metadata?: ApiObjectMetadata;
  readonly additionalSpec?: { [key: string]: any };
  readonly [member: string]: any;
}

/**
 * Base of all generated custom resources.
 *
 * Fields that the types do not know pass through. Renamed members get their wire name first and JSON patches come last, so that a
 * patch sees exactly what would be applied.
 *
 * @internal
 */
export class MeshApiObject extends ApiObject {
  private readonly finalPatches: JsonPatch[] = [];
  private readonly wireNames?: WireNames;
  private readonly hasAdditionalSpec: boolean;

  constructor(scope: Construct, id: string, gvk: GroupVersionKind, props: object, wireNames?: WireNames) {
    super(scope, id, { ...gvk, ...props });
    this.wireNames = wireNames;
    this.hasAdditionalSpec = (props as Props).additionalSpec !== undefined;
  }

  /**
   * Applies RFC 6902 JSON patches to the finished manifest, whether or not the types know the fields.
   *
   * @param ops operations, applied in order
   */
  public addJsonPatch(...ops: JsonPatch[]): void {
    this.finalPatches.push(...ops);
  }

  /** Renders the manifest. */
  public toJson(): any {
    const rendered = super.toJson();
    const manifest = this.wireNames || this.hasAdditionalSpec ? toWire(rendered, this.wireNames) : rendered;
    if (this.finalPatches.length === 0) {
      return manifest;
    }
    try {
      return JsonPatch.apply(manifest, ...this.finalPatches);
    } catch (error) {
      throw new Error(`Failed serializing construct at path '${this.node.path}' with name '${this.name}': ${error}`);
    }
  }
}

/** The manifest of properties, without a construct. */
export function renderManifest(gvk: GroupVersionKind, props: object, wireNames?: WireNames): any {
  return toWire({ ...gvk, ...props }, wireNames);
}

function toWire(manifest: Props, wireNames?: WireNames): any {
  const { additionalSpec, ...known } = wireNames ? rename(manifest, wireNames) : manifest;
  return additionalSpec === undefined ? known : { ...known, spec: merge(known.spec, additionalSpec) };
}

/** Renames where the table says so; everything else is kept by reference. */
function rename(value: any, table: WireNames): any {
  if (Array.isArray(value)) {
    return value.map((item) => rename(item, table));
  }
  if (!isMap(value)) {
    return value;
  }
  const everyKey = table['*']?.[1];
  return Object.fromEntries(Object.entries(value).map(([member, child]) => {
    const [wire, below] = everyKey ? [member, everyKey] : Object.hasOwn(table, member) ? table[member] : [member];
    return [wire, below ? rename(child, below) : child];
  }));
}

/** Maps are merged, all else replaces; keys come out sorted like cdk8s sorts them. */
function merge(base: any, addition: any): any {
  if (!isMap(base) || !isMap(addition)) {
    return addition;
  }
  const merged: Record<string, any> = { ...base };
  for (const [key, value] of Object.entries(addition)) {
    merged[key] = Object.hasOwn(base, key) ? merge(base[key], value) : value;
  }
  return process.env.CDK8S_DISABLE_SORT ? merged : Object.fromEntries(Object.entries(merged).sort(([a], [b]) => a < b ? -1 : 1));
}

function isMap(value: any): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
