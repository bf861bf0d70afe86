import { spawn } from 'child_process';
import * as fs from 'fs';

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process' environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Every line of output, as it comes. */
  readonly onLine?: (line: string) => void;
  /** File that receives all output too. */
  readonly logFile?: string;
  /** Exit codes that are no failure beside 0. */
  readonly alsoFine?: readonly number[];
  /** Text for standard input (otherwise it is closed). */
  readonly input?: string;
}

/** Runs a program to its end and returns its standard output; fails with the last lines of its output. */
export async function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const log = options.logFile ? fs.createWriteStream(options.logFile, { flags: 'a' }) : undefined;
    let out = '';
    let all = '';
    let rest = '';
    const take = (text: string) => {
      log?.write(text);
      all = (all + text).slice(-8000);
      if (!options.onLine) return;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach((line) => options.onLine!(line));
    };
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      take(text);
    });
    child.stderr!.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      log?.end();
      if (code === 0 || (code !== null && options.alsoFine?.includes(code))) resolve(out);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}:\n${all.split('\n').slice(-25).join('\n')}`));
    });
    if (options.input !== undefined) child.stdin!.end(options.input);
  });
}

/** Whether a program is on the PATH (or in the sbin folders, which an ordinary user's PATH lacks). */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.filter((folder) => folder).map((folder) => `${folder}/${name}`).find((file) => fs.existsSync(file));
}
