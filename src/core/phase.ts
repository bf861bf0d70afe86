/** One step of a change that is made in several, each done as a whole or rolled back: an upgrade, a rotation, a migration. */
export interface Phase {
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
