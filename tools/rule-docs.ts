import * as fs from 'fs';
import * as path from 'path';
import { rulePages } from './rules/pages';

/** Writes the pages of the rules: `npx ts-node --transpile-only --project tools/tsconfig.json tools/rule-docs.ts`. */
const FOLDER = path.resolve(__dirname, '../docs/rules');

fs.mkdirSync(FOLDER, { recursive: true });
const pages = rulePages(fs.existsSync(path.join(FOLDER, 'README.md')) ? fs.readFileSync(path.join(FOLDER, 'README.md'), 'utf8') : '');
for (const file of fs.readdirSync(FOLDER)) if (!pages.has(file)) fs.rmSync(path.join(FOLDER, file));
for (const [file, text] of pages) fs.writeFileSync(path.join(FOLDER, file), text);
console.log(`wrote ${pages.size} pages`);
