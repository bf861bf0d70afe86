/** What a version of Istio does with something that an app uses. */
export enum CompatibilityChange {
  /** It does not have it yet. */
  LACKS = 'lacks',
  /** It does not have it any more. */
  REMOVED = 'removed',
  /** It has it, and a later one will not. */
  DEPRECATED = 'deprecated',
  /** It has it, and does something else with it. */
  CHANGED = 'changed',
  /** No known version has it. */
  UNKNOWN = 'unknown',
}

/** Something in an app that a version of Istio treats differently. */
export interface CompatibilityFinding {
  /** What the version does with it. */
  readonly change: CompatibilityChange;
  /** Path of the construct that it stands in. */
  readonly constructPath: string;
  /** Kind of the object; `MeshConfig` for the settings of a mesh. */
  readonly kind: string;

  /**
   * Name of the object, after its namespace and a slash where it has one.
   *
   * @default - the settings of a mesh
   */
  readonly objectName?: string;

  /**
   * Path of the field, without positions in lists and keys of maps; an enum value follows `=`.
   *
   * @default - the object as a whole
   */
  readonly field?: string;

  /**
   * The release that brought, dropped or changed it.
   *
   * @default - not known
   */
  readonly release?: string;

  /** What to do about it. */
  readonly advice: string;

  /** Whether the app does not do what it says with that version. */
  readonly breaking: boolean;

  /** The finding in one line. */
  readonly text: string;
}
