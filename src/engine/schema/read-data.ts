import * as fs from 'fs';
import * as path from 'path';

/** Beside `src` and `lib`, at the same distance from both. */
const FOLDER = path.join(__dirname, '../../../data/schema');

/** One file of the schema data, which `npm run l1` makes. */
export function readData<T>(name: string): T {
  return JSON.parse(fs.readFileSync(path.join(FOLDER, `${name}.generated.json`), 'utf8')) as T;
}
