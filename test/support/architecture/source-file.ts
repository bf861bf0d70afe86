import * as fs from 'node:fs';
import * as path from 'node:path';

/** A file of the repository, as the checks of this folder take it; the path has forward slashes and begins at the repository. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The repository. */
export const REPOSITORY = path.join(__dirname, '..', '..', '..');

const SKIPPED = new Set(['node_modules', '.cache', 'dist']);

/** All files of some folders of the repository whose name ends in one of the given ways, in order of their path. */
export function sourceFiles(folders: readonly string[], endings: readonly string[] = ['.ts']): SourceFile[] {
  return folders.flatMap((folder) => list(folder))
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .sort()
    .map((file) => ({ path: file, text: fs.readFileSync(path.join(REPOSITORY, file), 'utf8') }));
}

/** Whether people write the file. */
export function isHandWritten(file: SourceFile): boolean {
  return !/\.generated\.\w+$/.test(file.path);
}

function list(folder: string): string[] {
  return fs.readdirSync(path.join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) { return SKIPPED.has(entry.name) ? [] : list(name); }
    return [name];
  });
}
