import * as path from 'node:path';
import * as ts from 'typescript';
import { SourceFile } from './source-file';

/** One import of one file, whether of values or of types only. */
export interface Import {
  /** The file that imports. */
  readonly from: string;
  /** The file or folder that is imported, without `.ts` and `/index`; undefined for a package. */
  readonly to?: string;
  /** The package that is imported; undefined for a file of ours. */
  readonly module?: string;
  /** Line of the import, from 1. */
  readonly line: number;
}

/** The syntax tree of a file. */
export function parse(file: SourceFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
}

/** Every node of a tree. */
export function nodes(tree: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Line of a node, from 1. */
export function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

/** Everything that a file imports: import and export declarations, `import x = require()`, `require()`, `import()` and types by `import('…')`. */
export function importsOf(file: SourceFile): Import[] {
  return nodes(parse(file)).flatMap((node) => {
    const name = importedBy(node);
    return name === undefined ? [] : [{ from: file.path, line: lineOf(node), ...target(file.path, name) }];
  });
}

function importedBy(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) { return textOf(node.moduleSpecifier); }
  if (ts.isExternalModuleReference(node)) { return textOf(node.expression); }
  if (ts.isImportTypeNode(node)) { return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined; }
  const loads = ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require');
  return loads ? textOf(node.arguments[0]) : undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function target(from: string, name: string): Pick<Import, 'to' | 'module'> {
  if (!name.startsWith('.')) { return { module: name }; }
  return { to: path.posix.join(path.posix.dirname(from), name).replace(/\.js$/, '').replace(/\/index$/, '').replace(/\/$/, '') };
}
