import { IConstruct } from 'constructs';
import { findIncompatibilities } from './private/upgrade/find-incompatibilities';

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

/** What a comparison starts from, and goes along with. */
export interface CompatibilityOptions {
  /**
   * Version of Istio that runs now. What changed without any field changing is only known with it.
   *
   * @default - only fields, kinds and API versions are looked at
   */
  readonly currentVersion?: string;

  /**
   * Version of the Gateway API's definitions in the cluster, such as `1.4`.
   *
   * @default - objects of the Gateway API are not looked at
   */
  readonly gatewayApiVersion?: string;
}

/**
 * Tells whether an app can be used with a version of Istio, without a cluster: from what is known about the releases in which kinds, fields
 * and values appeared and went.
 *
 * @see https://istio.io/latest/docs/releases/supported-releases/
 *
 * @example
 *
 * for (const finding of istio.Compatibility.check(this, '1.29')) { console.log(finding.text); }
 */
export class Compatibility {
  /**
   * Everything in an app that a version of Istio lacks, dropped, changed, or wants to drop, in the order of the constructs.
   *
   * What patterns write counts too, so everything must be declared by now. Also settings of meshes are looked at.
   *
   * @param scope the app, or a part of it
   * @param targetVersion version of Istio, such as `1.31.1` or `1.31`
   */
  public static check(scope: IConstruct, targetVersion: string, options: CompatibilityOptions = {}): CompatibilityFinding[] {
    return findIncompatibilities(scope, targetVersion, options);
  }

  private constructor() {}
}
