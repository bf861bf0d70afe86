import * as fs from 'fs';
import * as path from 'path';
import { rulePages } from '../../../tools/rules/pages';

const FOLDER = path.resolve(__dirname, '../../../docs/rules');
const read = (file: string): string => fs.readFileSync(path.join(FOLDER, file), 'utf8');

describe('the pages of the rules', () => {
  const pages = rulePages(read('README.md'));

  test('there is one for each rule and no other', () => {
    expect(fs.readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort());
  });

  test('they are what the rules say; tools/rule-docs.ts writes them', () => {
    expect([...pages].filter(([file, text]) => read(file) !== text).map(([file]) => file)).toEqual([]);
  });
});
