import * as fs from 'fs';
import * as path from 'path';

const ROOT = path.join(__dirname, '../..');
const PAGE = fs.readFileSync(path.join(ROOT, 'docs/istio/pitfalls.md'), 'utf8');

/** The tests that a row names: file, and titles from the outside in. */
function testsIn(cell: string): { readonly file: string; readonly titles: readonly string[] }[] {
  return cell.split('<br>').map((entry) => {
    const [, file, titles] = /^`([^`]+)` (.+)$/.exec(entry.trim())!;
    return { file, titles: titles.split(' › ') };
  });
}

const ROWS = PAGE.split('\n').filter((line) => /^\| \d+ \|/.test(line)).map((line) => line.slice(2, -2).split(' | '));

describe('the page of mistakes', () => {
  test('has a row for each of them', () => {
    expect(ROWS.map(([number]) => Number(number))).toEqual([1, 5, 6, 10, 11, 12, 13, 14, 15, 16, 18, 19, 30, 31, 32, 33, 41, 42, 43, 44, 45, 46, 47]);
    ROWS.forEach((row) => expect(row).toHaveLength(4));
  });

  test.each(ROWS.map((row): [string, string] => [row[1], row[3]]))('names tests that there are: %s', (_, cell) => {
    for (const { file, titles } of testsIn(cell)) {
      const source = fs.readFileSync(path.join(ROOT, file), 'utf8');
      titles.forEach((title) => expect({ file, title, found: source.includes(`'${title}'`) }).toEqual({ file, title, found: true }));
    }
  });

  test('names codes that there are', () => {
    const codes = fs.readFileSync(path.join(ROOT, 'src/private/error-codes.ts'), 'utf8');
    [...new Set(PAGE.match(/MESH-E\d{3}/g))].forEach((code) => expect(codes).toContain(`'${code}'`));
  });
});
