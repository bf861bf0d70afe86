import * as fs from 'fs';
import * as path from 'path';
import { lacksOf, publicFiles } from './support/api-docs';

const SOURCES = path.resolve(__dirname, '../src');

describe('the docstrings of what the package exports', () => {
  test('all have a summary, and say the default of whatever is optional', () => {
    const files = publicFiles(path.join(SOURCES, 'index.ts'));
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap((file) => lacksOf(path.relative(SOURCES, file), fs.readFileSync(file, 'utf8')))).toEqual([]);
  });

  test.each([
    ['export class A {}', ['x.ts: A has no summary']],
    ['/** A. */\nexport class A { public b(): void {} private c = 1; }', ['x.ts: A.b has no summary']],
    ['/** A. */\nexport interface A {\n/** B. */ readonly b?: string }', ['x.ts: A.b is optional and has no @default']],
    ['/** A. */\nexport interface A {\n/**\n * B.\n *\n * @default undefined\n */ readonly b?: string }', ['x.ts: A.b has a @default that says nothing']],
    ['/** A. */\nexport enum A { B = "b" }', ['x.ts: A.B has no summary']],
    ['/** @default 1 */\nexport interface A {}', ['x.ts: A has no summary']],
    ['interface A { readonly b?: string }', []],
    ['/** A. */\nexport class A {\n/** @internal */ public _b(): void {} }', []],
  ])('are missed in %j', (text, lacks) => expect(lacksOf('x.ts', text)).toEqual(lacks));
});
