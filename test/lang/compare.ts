import * as fs from 'node:fs';
import * as path from 'node:path';

/** How the files of two folders differ, byte for byte; empty when they do not. */
export function differences(expected: string, actual: string): string[] {
  const names = [...new Set([...files(expected), ...files(actual)])].sort();
  if (names.length === 0) { return ['neither of the two wrote a file']; }
  return names.flatMap((name) => difference(name, read(path.join(expected, name)), read(path.join(actual, name))) ?? []);
}

function difference(name: string, expected: Buffer | undefined, actual: Buffer | undefined): string | undefined {
  if (!expected) { return `${name}: should not be there`; }
  if (!actual) { return `${name}: is missing`; }
  if (expected.equals(actual)) { return undefined; }
  const [wanted, got] = [expected.toString('utf8').split('\n'), actual.toString('utf8').split('\n')];
  const line = wanted.findIndex((text, index) => text !== got[index]);
  const at = line < 0 ? wanted.length : line;
  return `${name}: line ${at + 1} should be ${JSON.stringify(wanted[at])}, is ${JSON.stringify(got[at])}`;
}

function files(folder: string): string[] {
  if (!fs.existsSync(folder)) { return []; }
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

function read(file: string): Buffer | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file) : undefined;
}
