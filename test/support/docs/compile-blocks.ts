import * as path from 'path';
import * as ts from 'typescript';
import { CodeBlock, ROOT } from './pages';

/** What the code of pages takes for granted: names of the packages, and the constructs that their prose speaks of. */
const GIVEN = `
declare const app: cdk8s.App;
declare const scope: constructs.Construct;
declare const chart: cdk8s.Chart;
declare const mesh: istio.IstioMesh;
declare const edge: cdk8s.Chart;
declare const web: MeshedService;
declare const api: MeshedService;
declare const cart: MeshedService;
declare const orders: MeshedService;
declare const payments: MeshedService;
declare const shop: MeshedService;
declare const checkout: MeshedService;
declare const reviews: MeshedService;
declare const sessions: MeshedService;
declare const counter: MeshedService;
declare const collector: MeshedService;
`;

/** What is wrong with the TypeScript on pages: every block is a program, in which the names of the packages and usual constructs are known. */
export function faultsOfBlocks(blocks: readonly CodeBlock[]): string[] {
  const sources = new Map(blocks.map((block, index): [string, Source] => [path.join(ROOT, 'docs', `block-${index}.ts`), sourceOf(block)]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    paths: { 'cdk8s-mesh': [path.join(ROOT, 'src/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file)?.text ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const source = sources.get(file);
    return source ? ts.createSourceFile(file, source.text, version) : getSourceFile(file, version, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources].flatMap(([name, { block, before }]) => {
    const file = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((fault) => {
      const line = file.getLineAndCharacterOfPosition(fault.start ?? 0).line - before;
      return `${block.file}:${block.line + line}: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`;
    });
  });
}

interface Source {
  readonly block: CodeBlock;
  readonly text: string;
  /** Lines that stand before the code. */
  readonly before: number;
}

function sourceOf(block: CodeBlock): Source {
  // A block that imports stands for itself; the others are parts of a program.
  if (/^import /m.test(block.code)) return { block, text: block.code, before: 0 };
  const declared = new Set([...block.code.matchAll(/\b(?:const|let|class|function|interface|enum)\s+(\w+)/g)].map(([, name]) => name));
  const given = GIVEN.trim().split('\n').filter((line) => !declared.has(/const (\w+)/.exec(line)![1])).join('\n');
  const used = [...new Set([...`${block.code}\n${given}`.matchAll(/(?<![.\w'"])[A-Za-z]\w*/g)].map(([name]) => name))].filter((name) => !declared.has(name));
  const names = (from: ReadonlySet<string>) => used.filter((name) => from.has(name)).join(', ');
  const head = [
    "import * as cdk8s from 'cdk8s';",
    "import * as constructs from 'constructs';",
    `import { ${names(exportsOf('cdk8s'))} } from 'cdk8s';`,
    `import { ${names(exportsOf('cdk8s-mesh'))} } from 'cdk8s-mesh';`,
    given,
    'export async function program(this: constructs.Construct): Promise<void> {',
  ].join('\n');
  return { block, text: `${head}\n${block.code}\n}\n`, before: head.split('\n').length };
}

const known = new Map<string, ReadonlySet<string>>();

function exportsOf(name: 'cdk8s' | 'cdk8s-mesh'): ReadonlySet<string> {
  const found = known.get(name) ?? exportedNames(name === 'cdk8s' ? require.resolve('cdk8s').replace(/\.js$/, '.d.ts') : path.join(ROOT, 'src/index.ts'));
  known.set(name, found);
  return found;
}

/** Names that a module exports, types included. */
function exportedNames(file: string): Set<string> {
  const program = ts.createProgram([file], { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, skipLibCheck: true, types: ['node'] });
  const checker = program.getTypeChecker();
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file)!);
  return new Set(symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : []);
}
