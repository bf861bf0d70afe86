import * as ts from 'typescript';
import { lineOf, nodes, parse } from './imports';
import { SourceFile, isHandWritten } from './source-file';

const MOST_LINES = 400;
/** A file may be longer for a reason, which stands among its first lines. */
const REASON = /^(?:\/\/|#|\*|\/\*\*?)\s*long: \S.*$/m;
const CASTS_ALLOWED = ['src/l1/', 'src/core/private/'];

/** Files that people wrote and that are too long to be read at a sitting. */
export function checkLength(files: readonly SourceFile[]): string[] {
  return files.filter(isHandWritten).flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n');
    const stated = REASON.test(lines.slice(0, 5).map((line) => line.trim()).join('\n'));
    if (lines.length <= MOST_LINES || stated) { return []; }
    return [`${path}: ${lines.length} lines; split it, or say why not in a comment "long: <reason>" at its top`];
  });
}

/** Casts to `any`, outside of the few places that deal with objects of unknown shape. */
export function checkCasts(files: readonly SourceFile[]): string[] {
  const checked = files.filter((file) => isHandWritten(file) && !CASTS_ALLOWED.some((folder) => file.path.startsWith(folder)));
  return checked.flatMap((file) =>
    nodes(parse(file)).filter((node) => isCastToAny(node))
      .map((node) => `${file.path}:${lineOf(node)}: as any; say the type, or unknown`));
}

/** Members of one type whose names become one name in Java, as `proxyURL` and `proxyUrl` do. The jsii compiler does not notice. */
export function checkMemberNames(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => nodes(parse(file)).filter(hasMembers).flatMap((type) => {
    const names = new Set(type.members.flatMap((member) => member.name && ts.isIdentifier(member.name) ? [member.name.text] : []));
    const seen = new Map<string, string>();
    return [...names].flatMap((name) => {
      const twin = seen.get(name.toLowerCase());
      seen.set(name.toLowerCase(), name);
      return twin === undefined ? [] : [`${file.path}:${lineOf(type)}: members ${twin} and ${name} of ${type.name?.text} have one name in Java`];
    });
  }));
}

function hasMembers(node: ts.Node): node is ts.InterfaceDeclaration | ts.ClassDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node);
}

function isCastToAny(node: ts.Node): boolean {
  return (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) && node.type.kind === ts.SyntaxKind.AnyKeyword;
}
