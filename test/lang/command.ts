import { spawnSync } from 'node:child_process';

/** Where and how a command runs. */
export interface CommandOptions {
  /** Folder to run in. */
  readonly cwd: string;
  /** Environment variables besides our own. */
  readonly env?: { readonly [name: string]: string };
}

const LINES_OF_A_FAILURE = 60;

/** Runs a command to its end and returns what it wrote; throws with the end of that when it fails. */
export function run(command: string, args: readonly string[], { cwd, env }: CommandOptions): string {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', ...env },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) {
    const end = `${stdout ?? ''}\n${stderr ?? ''}`.trim().split('\n').slice(-LINES_OF_A_FAILURE).join('\n');
    throw new Error(`${[command, ...args].join(' ')}: ${error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`)}\n${end}`);
  }
  return stdout;
}

/** Whether a command runs and succeeds. */
export function succeeds(command: string, args: readonly string[], options: CommandOptions): boolean {
  try {
    run(command, args, options);
    return true;
  } catch {
    return false;
  }
}
