import * as fs from 'fs';

/** Where a program reads from and writes to. */
export interface Io {
  readonly env: { readonly [name: string]: string | undefined };
  /** Whether people look at the results, and at everything else. */
  readonly isOutTerminal: boolean;
  readonly isErrTerminal: boolean;
  /** Results. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
  /** Reads all of standard input. */
  stdin(): string;
}

/** Exit codes: fine; there are findings that count; the command could not do its work. */
export const EXIT = { fine: 0, findings: 1, failed: 2 } as const;

/** An error of the user's, told without a stack trace. */
export class UsageError extends Error {}

/** The process's own streams. */
export function processIo(): Io {
  // A reader that has seen enough, such as `head`, closes the pipe.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: () => fs.readFileSync(0, 'utf8'),
    env: process.env,
    isOutTerminal: process.stdout.isTTY === true,
    isErrTerminal: process.stderr.isTTY === true,
  };
}
