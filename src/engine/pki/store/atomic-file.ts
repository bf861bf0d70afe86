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

/**
 * Writes a file so that everybody sees either what was there before or all of the new text, also after a power failure: the text goes to
 * the disk under another name, which then takes the place of the old one.
 */
export function writeAtomically(file: string, text: string, mode: number = 0o644): void {
  const folder = path.dirname(file);
  fs.mkdirSync(folder, { recursive: true, mode: mode === 0o600 ? 0o700 : 0o777 });
  const unfinished = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}${UNFINISHED}`);
  const handle = fs.openSync(unfinished, 'wx', mode);
  try {
    fs.writeFileSync(handle, text);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(unfinished, file);
  syncFolder(folder);
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

function syncFolder(folder: string): void {
  // Windows cannot open folders; there a rename is on the disk when it returns.
  if (process.platform === 'win32') { return; }
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
