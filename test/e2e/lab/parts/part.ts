import * as fs from 'fs';
import * as path from 'path';
import { cacheDir } from '../cache';
import { findProgram } from '../command';

/** What a part reports while it is made. */
export interface BuildLog {
  /** File for the full output of the tools. */
  readonly file: string;
  /** One line for the person who watches. */
  say(line: string): void;
  /** What goes on right now; shown from time to time only. */
  progress(state: string): void;
}

/** A tool of the machine that a part is made with. */
export type Maker = 'go' | 'apt-get' | 'python3';

/** A real program (or a few of one source) that the lab runs. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** What makes it. */
  readonly maker: Maker;
  /** File names of the programs that it provides, in its `bin` folder. */
  readonly programs: readonly string[];
  /** Fills the empty folder `into`: programs in `into/bin`, anything else beside it. */
  build(into: string, log: BuildLog): Promise<void>;
}

/** The folder of a built part. */
export function partDir(part: Part): string {
  return path.join(cacheDir(), `${part.name}-${part.version}`);
}

/** Whether a part was built; a folder is only ever there when it is complete. */
export function isBuilt(part: Part): boolean {
  return fs.existsSync(partDir(part)) && part.programs.every((name) => fs.existsSync(path.join(partDir(part), 'bin', name)));
}

/** Why a part cannot be built on this machine, or undefined when it can. */
export function whyNot(part: Part): string | undefined {
  if (process.platform !== 'linux') return `the lab runs on Linux only, this is ${process.platform}`;
  return findProgram(part.maker) ? undefined : `it is made with ${part.maker}, which is not on this machine`;
}

/** The path of one program of a built part. */
export function program(part: Part, name: string): string {
  if (!part.programs.includes(name)) throw new Error(`part ${part.name} has no program ${name}, only ${part.programs.join(', ')}`);
  const file = path.join(partDir(part), 'bin', name);
  if (!fs.existsSync(file)) throw new Error(`${name} is not built yet; run: npm run lab:build ${part.name}`);
  return file;
}
