import { Io } from '../../src/cli/io';
import { run } from '../../src/cli/main';

/** What a command did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program as the command line does, without a terminal. */
export async function commandLine(args: readonly string[], given: { readonly env?: Io['env']; readonly stdin?: string } = {}): Promise<Outcome> {
  let [out, err] = ['', ''];
  const code = await run(args, {
    env: given.env ?? {},
    isOutTerminal: false,
    isErrTerminal: false,
    out: (text) => { out += text; },
    err: (text) => { err += text; },
    stdin: () => given.stdin ?? '',
  });
  return { code, out, err };
}
