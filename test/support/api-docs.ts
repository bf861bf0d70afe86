import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

/** The hand-written files whose exports are those of the package. */
export function publicFiles(index: string): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const statement of parse(file, fs.readFileSync(file, 'utf8')).statements) {
      if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
      const target = path.resolve(path.dirname(file), statement.moduleSpecifier.text);
      const found = [`${target}.ts`, path.join(target, 'index.ts')].find((candidate) => fs.existsSync(candidate));
      if (found) visit(found);
    }
  };
  visit(index);
  return [...seen].filter((file) => !file.endsWith('.generated.ts'));
}

/** What the docstrings of a file's exports lack: a summary, or the default of an optional property. */
export function lacksOf(name: string, text: string): string[] {
  return parse(name, text).statements.flatMap((statement) => {
    if (!ts.isClassDeclaration(statement) && !ts.isInterfaceDeclaration(statement) && !ts.isEnumDeclaration(statement)) return [];
    if (!has(statement, ts.SyntaxKind.ExportKeyword) || tagOf(statement, 'internal') !== undefined) return [];
    const type = statement.name!.text;
    return [
      ...(isDescribed(statement) ? [] : [`${name}: ${type} has no summary`]),
      ...[...statement.members].flatMap((member) => lacksOfMember(member, ts.isInterfaceDeclaration(statement)).map((lack) => `${name}: ${type}.${lack}`)),
    ];
  });
}

function lacksOfMember(member: ts.ClassElement | ts.TypeElement | ts.EnumMember, isInterface: boolean): string[] {
  const name = member.name?.getText();
  const hidden = has(member, ts.SyntaxKind.PrivateKeyword) || has(member, ts.SyntaxKind.ProtectedKeyword) || tagOf(member, 'internal') !== undefined;
  if (name === undefined || name.startsWith('_') || hidden) return [];
  const byDefault = tagOf(member, 'default');
  return [
    ...(isDescribed(member) ? [] : [`${name} has no summary`]),
    ...(isInterface && 'questionToken' in member && member.questionToken && byDefault === undefined ? [`${name} is optional and has no @default`] : []),
    ...(byDefault !== undefined && ['', 'undefined'].includes(byDefault.trim()) ? [`${name} has a @default that says nothing`] : []),
  ];
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
}

function isDescribed(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).some((doc) => ts.isJSDoc(doc) && (ts.getTextOfJSDocComment(doc.comment) ?? '').trim() !== '');
}

function tagOf(node: ts.Node, tag: string): string | undefined {
  const found = ts.getJSDocTags(node).find((candidate) => candidate.tagName.text === tag);
  return found && (ts.getTextOfJSDocComment(found.comment) ?? '');
}

function parse(name: string, text: string): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}
