import type { Command } from 'commander';
import { Io } from './io';

/** What can be done on the command line; each verb has a file of its own, which is only loaded to run it. */
export interface Verb {
  readonly name: string;
  /** One line, for the list of verbs. */
  readonly summary: string;
  /** Loads the verb; a verb with verbs of its own has nothing to load. */
  readonly load?: () => VerbDefinition;
  /** What can be done with it, such as `pki init`. */
  readonly verbs?: readonly Verb[];
}

/** How a verb is declared and run. */
export interface VerbDefinition {
  /** Declares arguments, options and examples. */
  declare(command: Command): void;
  /** Does the work; gives the exit code. */
  run(args: readonly string[], options: { readonly [name: string]: unknown }, io: Io): number | Promise<number>;
}
