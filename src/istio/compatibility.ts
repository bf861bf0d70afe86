import { IConstruct } from 'constructs';
import { CompatibilityFinding } from './compatibility-finding';
import { findIncompatibilities } from './private/upgrade/find-incompatibilities';

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
