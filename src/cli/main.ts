import type * as commander from 'commander';
import { EXIT, Io, processIo, UsageError } from './io';
import { Verb } from './verb';
import { VERBS } from './verbs';
import { faultsOf } from '../private/errors';

const NAME = 'cdk8s-mesh';

/** Runs the program and sets the exit code of the process. */
export function main(argv: readonly string[]): void {
  void run(argv.slice(2), processIo()).then((code) => {
    process.exitCode = code;
  });
}

/**
 * Runs the program.
 *
 * Help and version need no library; whatever a verb needs is loaded when it runs, so that the program starts quickly.
 *
 * @returns the exit code
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  if (args[0] === '--version' || args[0] === '-V') {
    io.out(`${version()}\n`);
    return EXIT.fine;
  }
  return runAmong(VERBS, NAME, args, io);
}

/** Runs one of some verbs, which all begin with the same words. */
async function runAmong(verbs: readonly Verb[], words: string, args: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined) {
    io.err(help(verbs, words));
    return EXIT.failed;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    io.out(help(verbs, words));
    return EXIT.fine;
  }
  const name = first === 'help' ? rest[0] : first;
  const verb = verbs.find((it) => it.name === name);
  if (!verb) {
    io.err(`error: there is no command "${words === NAME ? '' : `${words.slice(NAME.length + 1)} `}${name}"; run ${words} --help for the list\n`);
    return EXIT.failed;
  }
  const own = first === 'help' ? [...rest.slice(1), '--help'] : rest;
  return verb.verbs ? runAmong(verb.verbs, `${words} ${verb.name}`, own, io) : runVerb(verb, `${words} ${verb.name}`, own, io);
}

async function runVerb(verb: Verb, words: string, args: readonly string[], io: Io): Promise<number> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Command, CommanderError } = require('commander') as typeof commander;
  const definition = verb.load!();
  const isDebugging = args.includes('--debug') || isOn(io.env.CDK8S_MESH_DEBUG);
  let code: number = EXIT.fine;
  const command = new Command(words)
    .description(verb.summary)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .option('--debug', 'add timings and traces on standard error (also CDK8S_MESH_DEBUG=1)')
    .action(async () => {
      code = await definition.run(command.args, { ...command.opts(), debug: isDebugging }, io);
    });
  definition.declare(command);
  try {
    await command.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.failed;
    io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof UsageError) && !faultsOf(error)) io.err(isDebugging ? `${error instanceof Error ? error.stack : ''}\n` : 'this is a mistake of ours; --debug shows where it happened\n');
    return EXIT.failed;
  }
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

function help(verbs: readonly Verb[], words: string): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  const lines = verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`).join('\n');
  const about = words === NAME ? ['', 'Composes service meshes, and understands what mesh manifests do, without a cluster.'] : [];
  return [
    `usage: ${words} COMMAND [options]`, ...about, '', 'commands:', lines, '',
    `${words} COMMAND --help tells of one command${words === NAME ? '; --version tells the version' : ''}.`, 'exit codes: 0 fine, 1 findings that count, 2 bad options or nothing to read', '',
  ].join('\n');
}

function version(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('../../package.json') as { version: string }).version;
}
