import * as fs from 'fs';
import * as path from 'path';
import { EXIT, Io, UsageError } from './io';

/** Editors write a file in several steps; what comes within this time is one change. */
const SETTLE_MS = 150;

/** Something that goes on until it is closed. */
export interface Watch {
  close(): void;
}

/** Calls back after changes below some paths. */
export function watchPaths(paths: readonly string[], onChange: () => void): Watch {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  };
  const watchers = paths.map((name) => watchOne(name, changed));
  return {
    close: () => {
      clearTimeout(timer);
      watchers.forEach((watcher) => watcher.close());
    },
  };
}

/** A file is watched by its folder: editors put a new file in the place of the old one. */
function watchOne(name: string, changed: () => void): fs.FSWatcher {
  if (fs.statSync(name).isDirectory()) return fs.watch(name, { recursive: true }, changed);
  return fs.watch(path.dirname(name), (_, file) => {
    if (file === path.basename(name)) changed();
  });
}

/** Runs once, then watches until the user stops the program; the exit code is that of the first run. */
export async function untilStopped(watch: () => Watch, first: () => number): Promise<number> {
  const code = first();
  const watching = watch();
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  watching.close();
  return code;
}

/** Runs a command; with `--watch`, once more after each change of what it reads, until the user stops the program. */
export function repeatedly(paths: readonly string[], given: { readonly [name: string]: unknown }, io: Io, once: () => number): number | Promise<number> {
  if (given.watch !== true) return once();
  if (paths.includes('-')) throw new UsageError('--watch needs files or folders, not standard input');
  return untilStopped(() => watchPaths(paths, () => guarded(once, io)), () => guarded(once, io));
}

/** What is broken now may be mended by the next change. */
function guarded(run: () => number, io: Io): number {
  try {
    return run();
  } catch (error) {
    io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }
}
