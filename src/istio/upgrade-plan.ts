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

/** One step of an upgrade, which is done as a whole or rolled back. */
export interface UpgradePhase {
  /** Name of the phase, such as `control-plane`. */
  readonly phaseName: string;
  /** What it does, in a few words. */
  readonly title: string;
  /** Why it is there, and what to look out for. */
  readonly purpose: string;
  /** File (or folder) among those that are written, which belongs to the phase. */
  readonly output: string;
  /** What to type, in this order. */
  readonly commands: string[];
  /** What to type then: it fails, or shows, when something is wrong. Do not go on before it is right. */
  readonly checkCommands: string[];
  /** How to get back to where the phase began. */
  readonly rollbackCommands: string[];
}
