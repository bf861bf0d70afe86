import { ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';

/** How a long-running program is started. */
export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to this process' environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Network namespace to run in. */
  readonly namespace?: string;
  /** Group to run as. */
  readonly gid?: number;
}

/** A program that runs until it is ended. */
export class LabProcess {
  readonly name: string;
  readonly logFile: string;
  private readonly child: ChildProcess;
  private exit?: string;

  constructor(name: string, logFile: string, program: string, args: readonly string[], options: ProcessOptions = {}) {
    this.name = name;
    this.logFile = logFile;
    // The kernel ends the program when this process dies, even by SIGKILL.
    const wrapper = ['setpriv', '--pdeathsig', 'KILL', ...(options.gid ? ['--regid', String(options.gid), '--keep-groups'] : []), '--'];
    const command = [...(options.namespace ? ['ip', 'netns', 'exec', options.namespace] : []), ...wrapper, program, ...args];
    const log = fs.openSync(logFile, 'a');
    this.child = spawn(command[0], command.slice(1), {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    fs.closeSync(log);
    this.child.on('error', (error) => {
      this.exit = error.message;
    });
    this.child.on('exit', (code, signal) => {
      this.exit = `ended with ${signal ?? code}`;
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** How the program ended, or undefined while it runs. */
  get ending(): string | undefined {
    return this.exit;
  }

  /** Ends the whole process group at once. */
  kill(): void {
    if (this.child.pid === undefined) return;
    try {
      // The group outlives its leader when a child of the program still runs.
      process.kill(-this.child.pid, 'SIGKILL');
    } catch { /* gone already */ }
  }

  /** The last lines of the program's output. */
  logTail(lines: number): string {
    return fs.readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }
}

/** How long to wait for something. */
export interface WaitOptions {
  readonly seconds?: number;
  /** Time between two looks, in milliseconds. */
  readonly everyMs?: number;
  /** Processes without which waiting is in vain. */
  readonly needs?: readonly LabProcess[];
}

/**
 * Asks `probe` again and again until it returns something (not undefined, not false), and returns that.
 *
 * Fails when the time is over or a needed process has ended, with what the probe said last and the end of the logs.
 */
export async function waitFor<T>(what: string, probe: () => Promise<T | undefined | false>, options: WaitOptions = {}): Promise<T> {
  const end = Date.now() + (options.seconds ?? 60) * 1000;
  let last = 'nothing yet';
  const fail = (why: string, culprit?: LabProcess): never => {
    const log = culprit ? `\n--- end of ${culprit.logFile}\n${culprit.logTail(25)}` : '';
    throw new Error(`waited for ${what}: ${why}; the last look gave: ${last}${log}`);
  };
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    const dead = options.needs?.find((it) => it.ending);
    if (dead) fail(`${dead.name} ${dead.ending}`, dead);
    if (Date.now() > end) fail(`not within ${options.seconds ?? 60} s`);
    await new Promise((done) => setTimeout(done, options.everyMs ?? 100));
  }
}
