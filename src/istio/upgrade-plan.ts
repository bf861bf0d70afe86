import { IRevisionTag } from './revision-tag';

/** Namespaces whose pods move to the next control plane together. Begin with those where least can go wrong. */
export interface UpgradeWave {
  /**
   * The revision tag that these namespaces name, and no others.
   *
   * @default - none: only right for an upgrade in place
   */
  readonly tag?: IRevisionTag;

  /** The namespaces, in the order in which their pods are restarted. */
  readonly namespaces: string[];
}
