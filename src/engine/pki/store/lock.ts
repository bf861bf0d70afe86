import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { namesIn, readText } from './atomic-file';
import { fail } from '../../../private/errors';

const WAIT_MS = 60_000;
const STEP_MS = 25;
/** Nobody needs longer to remove the lock of a process that died. */
const BREAKER_MS = 10_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Runs a step while no other process runs one under the same lock. Waits for its turn; a lock whose process died is removed. */
export function withLock<T>(file: string, step: () => T, waitMs: number = WAIT_MS): T {
  acquire(file, waitMs);
  try {
    removeLeftovers(file);
    return step();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function acquire(file: string, waitMs: number): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const end = Date.now() + waitMs;
  while (!tryTake(file)) {
    if (isStale(file)) { removeStale(file); }
    if (Date.now() > end && fs.existsSync(file)) {
      const holder = holderOf(file);
      fail('MESH-E053', `the certificate store is in use${holder ? ` by process ${holder.pid} on ${holder.host}` : ''}`,
        `wait until it has ended; if there is no such process, delete ${file}`);
    }
    sleep(STEP_MS);
  }
}

/** Takes a lock when it is free. The file appears with its contents in one step. */
function tryTake(file: string): boolean {
  const own = `${file}.${process.pid}`;
  const holder: Holder = { pid: process.pid, host: os.hostname() };
  fs.writeFileSync(own, JSON.stringify(holder));
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    // Not there any more: whoever holds the lock took it for one that a dead process left behind.
    if (!['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) { throw error; }
    return false;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/** Removes what processes left behind that were killed while they tried to take the lock. Only for whoever holds it. */
function removeLeftovers(file: string): void {
  const folder = path.dirname(file);
  const breaker = breakerOf(file);
  const leftovers = namesIn(folder).filter((name) => name.startsWith(`${path.basename(file)}.`)).map((name) => path.join(folder, name));
  leftovers.filter((name) => name !== breaker || isStale(breaker)).forEach((name) => fs.rmSync(name, { force: true }));
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readText(file) ?? '') as Holder;
  } catch {
    return undefined;
  }
}

/** Whether the process that holds the lock has died. Of processes on other machines nobody can tell. */
function isStale(file: string): boolean {
  const holder = holderOf(file);
  if (!holder || holder.host !== os.hostname()) { return false; }
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Removes a lock whose process died. Only one process may do so at a time, or it would remove the lock that another has just taken. */
function removeStale(file: string): void {
  const breaker = breakerOf(file);
  if (!tryTake(breaker)) {
    const since = fs.statSync(breaker, { throwIfNoEntry: false })?.mtimeMs;
    if (isStale(breaker) || (since !== undefined && Date.now() - since > BREAKER_MS)) { fs.rmSync(breaker, { force: true }); }
    return;
  }
  try {
    if (isStale(file)) { fs.rmSync(file, { force: true }); }
  } finally {
    fs.rmSync(breaker, { force: true });
  }
}

function breakerOf(file: string): string {
  return `${file}.breaker`;
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
