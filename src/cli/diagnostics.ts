import { performance } from 'perf_hooks';
import { Io } from './io';

const PROGRESS_AFTER_MS = 500;
const PROGRESS_EVERY_MS = 100;

/** What a run tells of itself: progress on a terminal, and timings when asked for. */
export class Diagnostics {
  private readonly start = performance.now();
  private lap = this.start;
  private told = this.start + PROGRESS_AFTER_MS - PROGRESS_EVERY_MS;
  private isShowing = false;

  constructor(private readonly io: Io, readonly isDebugging: boolean) {}

  /** Says how long a step took, for those who debug. */
  step(name: string): void {
    const now = performance.now();
    this.clear();
    if (this.isDebugging) this.io.err(`debug: ${name} ${(now - this.lap).toFixed(0)} ms (${(now - this.start).toFixed(0)} ms in all, ${memory()} MB)\n`);
    this.lap = now;
  }

  /** Shows how far a step has come, when it takes long and somebody looks. */
  progress(what: string, done: number, of: number): void {
    if (!this.io.isErrTerminal) return;
    const now = performance.now();
    if (now - this.told < PROGRESS_EVERY_MS) return;
    this.told = now;
    this.isShowing = true;
    this.io.err(`\r\u001b[K${what} ${done} of ${of}`);
  }

  private clear(): void {
    if (this.isShowing) this.io.err('\r\u001b[K');
    this.isShowing = false;
  }
}

function memory(): string {
  return (process.memoryUsage().rss / 1024 / 1024).toFixed(0);
}
