import * as fs from 'node:fs';
import * as path from 'node:path';
import { Problem, ReadResult, SourceDocument } from './source';
import { readText } from './yaml-text';
import { compareText } from '../../private/compare-text';

/** Bytes of the largest file that is read. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

const MANIFEST = /\.(ya?ml|json)$/i;

/** How paths are read. */
export interface ReadPathsOptions {
  /**
   * Text of standard input, read for the path `-`.
   * @default - `-` is an unreadable path
   */
  readonly stdin?: string;
  /**
   * Cluster that the objects are for.
   * @default - the only one
   */
  readonly cluster?: string;
}

/**
 * Reads the Kubernetes objects of files, folders (their `.yaml`, `.yml` and `.json` files, deeply) and `-`.
 *
 * Whatever cannot be read becomes a problem; the rest is read.
 */
export function readPaths(paths: readonly string[], options: ReadPathsOptions = {}): ReadResult {
  const result: ReadResult = { documents: [], problems: [] };
  const seen = new Set<string>();
  for (const name of paths) {
    if (name === '-') {
      if (options.stdin === undefined) result.problems.push({ code: 'unreadable', message: 'standard input was not given', file: '-' });
      else append(result, readText(options.stdin, { file: '-', cluster: options.cluster }));
    } else {
      readPath(name, true, seen, options, result);
    }
  }
  return result;
}

function readPath(name: string, named: boolean, seen: Set<string>, options: ReadPathsOptions, result: ReadResult): void {
  try {
    const stat = fs.statSync(name);
    if (stat.isDirectory()) readFolder(name, seen, options, result);
    else if (stat.isFile() && (named || MANIFEST.test(name))) readFile(name, stat.size, options, result);
  } catch (error) {
    result.problems.push(unreadable(name, error));
  }
}

function readFolder(name: string, seen: Set<string>, options: ReadPathsOptions, result: ReadResult): void {
  const real = fs.realpathSync(name);
  if (seen.has(real)) {
    result.problems.push({ code: 'symlink-loop', message: 'the folder was read already under another name', file: name });
    return;
  }
  seen.add(real);
  const entries = fs.readdirSync(name).sort(compareText);
  for (const entry of entries) {
    if (entry !== '.git' && entry !== 'node_modules') readPath(path.join(name, entry), false, seen, options, result);
  }
}

function readFile(name: string, size: number, options: ReadPathsOptions, result: ReadResult): void {
  if (size > MAX_FILE_BYTES) {
    const message = `the file has ${size} bytes, more than the ${MAX_FILE_BYTES} that are read`;
    result.problems.push({ code: 'too-large', message, file: name });
    return;
  }
  const bytes = fs.readFileSync(name);
  if (bytes.subarray(0, 8192).includes(0)) {
    result.problems.push({ code: 'binary', message: 'the file is not text', file: name });
    return;
  }
  append(result, readText(bytes.toString('utf8'), { file: name, cluster: options.cluster, text: () => textOf(name) }));
}

/** Reads a file again to find a position; it may have gone or changed since. */
function textOf(name: string): string | undefined {
  try {
    return fs.readFileSync(name, 'utf8');
  } catch {
    return undefined;
  }
}

function append(result: ReadResult, more: { documents: SourceDocument[]; problems: Problem[] }): void {
  for (const document of more.documents) result.documents.push(document);
  for (const problem of more.problems) result.problems.push(problem);
}

function unreadable(name: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: { [code: string]: string } = {
    EACCES: 'permission denied', ELOOP: 'too many symbolic links', ENOENT: 'no such file or folder', ENAMETOOLONG: 'the name is too long',
  };
  const reason = code && reasons[code] ? reasons[code] : error instanceof Error ? error.message : String(error);
  return { code: code === 'ELOOP' ? 'symlink-loop' : 'unreadable', message: reason, file: name };
}
