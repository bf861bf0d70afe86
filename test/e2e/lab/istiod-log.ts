import * as fs from 'fs';

/**
 * Follows istiod's log, the only place where it tells which changes it has taken in and in which push they went out.
 *
 * It writes `push triggered configs=[Kind/namespace/name …]` for every change before it queues it, `Push debounce stable[…]` when it
 * takes the queued ones together, and then `XDS: Pushing … Version:<time>/<number>`.
 */
export class IstiodLog {
  private offset = 0;
  private rest = '';
  /** The changes (`Kind/namespace/name`) of each event that no push has taken up. */
  private queued: string[][] = [];
  private taken = new Set<string>();
  /** The number of the push that last took up a change, by change. */
  private readonly pushes = new Map<string, number>();
  private last = 0;
  private lastChange = 0;

  constructor(private readonly file: string) {}

  /** Reads what was written since the last look. */
  look(): void {
    const handle = fs.openSync(this.file, 'r');
    try {
      const size = fs.fstatSync(handle).size;
      if (size === this.offset) return;
      const buffer = Buffer.alloc(size - this.offset);
      fs.readSync(handle, buffer, 0, buffer.length, this.offset);
      this.offset = size;
      const lines = (this.rest + buffer.toString('utf8')).split('\n');
      this.rest = lines.pop() ?? '';
      lines.forEach((line) => this.take(line));
    } finally {
      fs.closeSync(handle);
    }
  }

  /** Forgets the changes so far: only later ones count. */
  forget(): void {
    this.look();
    this.pushes.clear();
    this.queued = [];
  }

  /** Whether istiod has noticed a change since `forget()`. */
  noticed(change: string): boolean {
    return this.taken.has(change) || this.queued.some((event) => event.includes(change)) || this.pushes.has(change);
  }

  /** Whether all noticed changes went out in a push. */
  get idle(): boolean {
    return this.queued.length === 0 && this.taken.size === 0;
  }

  /** The number of the last push. */
  get lastPush(): number {
    return this.last;
  }

  /** Milliseconds since istiod noticed anything. */
  get quietMs(): number {
    return Date.now() - this.lastChange;
  }

  private take(line: string): void {
    const triggered = /push triggered configs=\[([^\]]*)\]/.exec(line);
    if (triggered) {
      this.lastChange = Date.now();
      this.queued.push(triggered[1].split(' '));
      return;
    }
    const together = /Push debounce stable\[\d+\] (\d+) for /.exec(line);
    if (together) {
      // An event is logged a moment before it is queued: one that came too late for this push waits for the next.
      this.queued.splice(0, Number(together[1])).flat().forEach((it) => this.taken.add(it));
      return;
    }
    const version = /XDS: Pushing .* Version:\S*\/(\d+)/.exec(line);
    if (version) {
      this.last = Number(version[1]);
      this.taken.forEach((it) => this.pushes.set(it, this.last));
      this.taken.clear();
    }
  }
}
