import * as path from 'node:path';
import * as ts from 'typescript';
import { importsOf, nodes, parse } from './imports';
import { SourceFile } from './source-file';

const ROOT = '(root)';
const ENTRY = 'src/index.ts';

/**
 * Cycles between the namespaces that the library exports, and imports of a submodule by the root namespace. Python and Go refuse both;
 * the jsii compiler notices neither.
 */
export function checkSubmodules(files: readonly SourceFile[]): string[] {
  const submodules = submodulesOf(files);
  const owner = (file: string): string => submodules.filter((name) => file === name || file.startsWith(`${name}/`)).sort((a, b) => b.length - a.length)[0] ?? ROOT;
  const edges = new Map<string, Map<string, string>>();
  const problems: string[] = [];
  for (const file of files) {
    // Programs are no part of any namespace, and an index names what stands above it in order to export it.
    if (!file.path.startsWith('src/') || file.path.startsWith('src/cli/')) { continue; }
    const namespaces = new Set(namespaceExports(file));
    for (const { to, line } of importsOf(file)) {
      const [from, target] = [owner(file.path), to === undefined ? ROOT : owner(to)];
      if (to === undefined || from === target || (namespaces.has(to) && isIndexOf(file.path, from))) { continue; }
      if (from === ROOT) { problems.push(`${file.path}:${line}: the root namespace imports submodule ${target}`); }
      edges.set(from, (edges.get(from) ?? new Map<string, string>()).set(target, `${file.path}:${line}`));
    }
  }
  return [...problems, ...cycles(edges)];
}

/** Folders of the submodules that the entry exports, at every depth. */
export function submodulesOf(files: readonly SourceFile[]): string[] {
  const find = (index: string): string[] => {
    const file = files.find((candidate) => candidate.path === index);
    return file ? namespaceExports(file).flatMap((folder) => [folder, ...find(`${folder}/index.ts`)]) : [];
  };
  return find(ENTRY);
}

/** What a file exports as `export * as name from`. */
function namespaceExports(file: SourceFile): string[] {
  return nodes(parse(file)).flatMap((node) => ts.isExportDeclaration(node) && node.exportClause && ts.isNamespaceExport(node.exportClause)
    ? [path.posix.join(path.posix.dirname(file.path), (node.moduleSpecifier as ts.StringLiteral).text)] : []);
}

function isIndexOf(file: string, owner: string): boolean {
  return file === (owner === ROOT ? ENTRY : `${owner}/index.ts`);
}

/** One line for each cycle found; a namespace is visited once, so the cost is linear. */
function cycles(edges: ReadonlyMap<string, ReadonlyMap<string, string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      const loop = [...trail.slice(start), name];
      const places = loop.slice(1).map((next, index) => edges.get(loop[index])?.get(next));
      found.push(`cycle of namespaces: ${loop.join(' -> ')} (${places.join(', ')})`);
      return;
    }
    if (done.has(name)) { return; }
    for (const next of [...edges.get(name)?.keys() ?? []].sort()) { visit(next, [...trail, name]); }
    done.add(name);
  };
  [...edges.keys()].sort().forEach((name) => visit(name, []));
  return found;
}
