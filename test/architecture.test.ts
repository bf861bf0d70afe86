import { checkCasts, checkLength, checkMemberNames } from './support/architecture/house-rules';
import { importsOf } from './support/architecture/imports';
import { checkLayers, checkMeshes } from './support/architecture/layers';
import { SourceFile, sourceFiles } from './support/architecture/source-file';
import { checkSubmodules, submodulesOf } from './support/architecture/submodule-cycles';

const library = sourceFiles(['src']);
const written = sourceFiles(['src', 'tools', 'test', 'examples'], ['.ts', '.js', '.mjs', '.py', '.java', '.go']);

/** A small library in memory. */
function sample(files: { readonly [path: string]: string }): SourceFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

describe('layers', () => {
  test('no file imports from above or from beside it', () => {
    expect(library.length).toBeGreaterThan(50);
    expect(checkLayers(library)).toEqual([]);
  });

  test('an upward import is found, in whatever form it is written', () => {
    const forms = ["import { a } from '../patterns';", "import type { A } from '../patterns/a';", "export * from '../patterns';",
      "const a = require('../patterns/a');", "const a = import('../patterns');", "type A = import('../patterns/a').A;", "import a = require('../patterns');"];
    const files = forms.map((text, index) => ({ path: `src/core/form${index}.ts`, text }));
    expect(checkLayers(files)).toEqual(forms.map((_, index) => `src/core/form${index}.ts:1: core imports patterns, which is not below it`));
  });

  test.each([
    ['a sideways import', 'src/engine/a.ts', "import '../l1/b';", 'engine imports l1, which is not below it'],
    ['a folder without layer', 'src/new/a.ts', '', 'folder new has no layer'],
    ['an import of the entry', 'src/istio/a.ts', "import { Port } from '..';", 'imports the entry of the library'],
    ['cdk8s in the engine', 'src/engine/a.ts', "import { App } from 'cdk8s';", 'engine imports cdk8s'],
    ['the engine in the open part of the kernel', 'src/core/a.ts', "import '../engine/x';", 'only core/private may use it'],
    ['a generated resource that uses the kernel', 'src/istio/crd/a.ts', "import '../../core/port';", 'it stands on l1 alone'],
    ['a test helper in the library', 'src/core/a.ts', "import '../../test/support/x';", 'which is not shipped'],
  ])('%s is found', (_, path, text, problem) => {
    expect(checkLayers([{ path, text }])).toEqual([expect.stringContaining(problem)]);
  });

  test('a downward import is fine', () => {
    expect(checkLayers(sample({
      'src/istio/a.ts': "import { Port } from '../core/port'; import { route } from '../gatewayapi'; import * as crd from './crd'; import 'cdk8s';",
      'src/core/private/b.ts': "import '../../engine/x';",
    }))).toEqual([]);
  });
});

describe('meshes', () => {
  test('no mesh knows another', () => {
    expect(checkMeshes(library)).toEqual([]);
  });

  test('a mesh that imports another is found', () => {
    expect(checkMeshes(sample({ 'src/linkerd/a.ts': "import { x } from '../istio/private/x';" }))).toEqual([expect.stringContaining('mesh linkerd imports mesh istio')]);
  });
});

describe('namespaces of the library', () => {
  test('they form no cycle, and the root imports none of the others', () => {
    expect(submodulesOf(library)).toContain('src/istio/crd');
    expect(checkSubmodules(library)).toEqual([]);
  });

  test('a cycle of submodules is found, over any number of them', () => {
    expect(checkSubmodules(sample({
      'src/index.ts': "export * as a from './a'; export * as b from './b'; export * as c from './c';",
      'src/a/index.ts': "import '../b';",
      'src/b/x.ts': "import '../c/y';",
      'src/c/y.ts': "import type { A } from '../a';",
    }))).toEqual(['cycle of namespaces: src/a -> src/b -> src/c -> src/a (src/a/index.ts:1, src/b/x.ts:1, src/c/y.ts:1)']);
  });

  test('a nested submodule that imports its parent is found', () => {
    expect(checkSubmodules(sample({
      'src/index.ts': "export * as a from './a';",
      'src/a/index.ts': "export * as crd from './crd'; export * from './x';",
      'src/a/x.ts': "import { B } from './crd';",
      'src/a/crd/index.ts': "import { X } from '../x';",
    }))).toEqual([expect.stringContaining('cycle of namespaces: src/a -> src/a/crd -> src/a')]);
  });

  test('a submodule that the root imports is found, also in its index when it is not only exported', () => {
    const problems = checkSubmodules(sample({
      'src/index.ts': "export * from './core'; export * as a from './a'; export { A } from './a/x';",
      'src/core/index.ts': "import { A } from '../a/x';",
      'src/a/x.ts': 'export class A {}',
    }));
    expect(problems).toEqual([
      'src/index.ts:1: the root namespace imports submodule src/a',
      'src/core/index.ts:1: the root namespace imports submodule src/a',
    ]);
  });

  test('submodules that import the root are fine', () => {
    expect(checkSubmodules(sample({
      'src/index.ts': "export * from './core'; export * as a from './a';",
      'src/core/index.ts': '',
      'src/a/index.ts': "export * as crd from './crd'; import '../core';",
      'src/a/crd/index.ts': '',
    }))).toEqual([]);
  });

  test('no two members of a type have one name in Java', () => {
    expect(checkMemberNames(library)).toEqual([]);
    expect(checkMemberNames(sample({ 'src/a.ts': 'export interface A {\n  readonly proxyURL?: string;\n  readonly proxyUrl?: string;\n}' })))
      .toEqual(['src/a.ts:1: members proxyURL and proxyUrl of A have one name in Java']);
  });
});

describe('files', () => {
  test('no file that people wrote is longer than 400 lines without a reason', () => {
    expect(checkLength(written)).toEqual([]);
  });

  test('a long file is found, unless it is generated or says why', () => {
    const lines = (count: number) => 'x();\n'.repeat(count);
    expect(checkLength(sample({
      'src/a.ts': lines(401),
      'src/b.ts': lines(400),
      'src/c.generated.ts': lines(999),
      'tools/d.js': `// long: one table that is read from top to bottom\n${lines(500)}`,
      'test/e.ts': `// long:\n${lines(500)}`,
      'test/f.ts': `${lines(500)}// long: too late\n`,
    }))).toEqual([expect.stringMatching(/^src\/a\.ts: 401 lines/), expect.stringMatching(/^test\/e\.ts: 501 lines/), expect.stringMatching(/^test\/f\.ts: 501 lines/)]);
  });

  test('nothing is cast to any where its shape is known', () => {
    expect(checkCasts(written.filter(({ path }) => path.endsWith('.ts')))).toEqual([]);
  });

  test('a cast to any is found, but not the words', () => {
    expect(checkCasts(sample({
      'src/core/a.ts': 'const x = y as any;',
      'src/core/b.ts': 'const x = <any>y;',
      'src/core/c.ts': "// as any\nconst x = 'as any'; const z: any = 1;",
      'src/core/private/d.ts': 'const x = y as any;',
      'src/l1/e.ts': 'const x = y as any;',
    }))).toEqual(['src/core/a.ts:1: as any; say the type, or unknown', 'src/core/b.ts:1: as any; say the type, or unknown']);
  });
});

test('imports are read with their line and resolved to a path', () => {
  expect(importsOf({ path: 'src/a/b.ts', text: "import { x } from 'x';\n\nimport '../c/index';\nexport { y } from './d.js';" })).toEqual([
    { from: 'src/a/b.ts', module: 'x', line: 1 },
    { from: 'src/a/b.ts', to: 'src/c', line: 3 },
    { from: 'src/a/b.ts', to: 'src/a/d', line: 4 },
  ]);
});
