import { randomBytes } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';

const UNFINISHED = '.unfinished';

/** Text of a file; undefined when it does not exist. */
export function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) { return undefined; }
    throw error;
  }
}

/** A file to write. */
export interface NewFile {
  readonly file: string;
  readonly text: string;
}

/**
 * Writes files so that everybody sees of each either what was there before or all of the new text, also after a power failure: the texts go
 * to the disk under other names, which then take the places of the old ones. Many at once, since waiting for the disk is what takes time.
 */
export function writeAtomically(files: readonly NewFile[], mode: number = 0o644): void {
  const folders = new Set(files.map(({ file }) => path.dirname(file)));
  folders.forEach((folder) => fs.mkdirSync(folder, { recursive: true, mode: mode === 0o600 ? 0o700 : 0o777 }));
  const written = files.map(({ file, text }) => {
    const unfinished = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}${UNFINISHED}`);
    fs.writeFileSync(unfinished, text, { flag: 'wx', mode });
    return { file, unfinished };
  });
  written.forEach(({ unfinished }) => sync(unfinished, 'r+'));
  written.forEach(({ file, unfinished }) => fs.renameSync(unfinished, file));
  // Windows cannot open folders; there a rename is on the disk when it returns.
  if (process.platform !== 'win32') { folders.forEach((folder) => sync(folder, 'r')); }
}

/** Removes what writers left behind that were stopped half-way. Only for whoever is alone in the folder. */
export function removeUnfinished(folder: string): void {
  for (const name of namesIn(folder)) {
    if (name.endsWith(UNFINISHED)) { fs.rmSync(path.join(folder, name), { force: true }); }
  }
}

/** Names in a folder, in a fixed order; none when it does not exist. */
export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) { return []; }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Waits until a file or folder is on the disk. */
function sync(name: string, flags: string): void {
  const handle = fs.openSync(name, flags);
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
