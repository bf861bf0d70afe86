import * as fs from 'fs';
import * as path from 'path';

export const ROOT = path.resolve(__dirname, '../../..');

/** A page of the documentation. */
export interface Page {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly text: string;
}

/** A block of code on a page. */
export interface CodeBlock {
  readonly file: string;
  /** Line of the page on which the code begins. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

/** Every page: those at the top, under docs, and beside examples and tests. */
export function pages(): Page[] {
  const below = ['docs', 'examples', 'test', 'bench'].filter((folder) => fs.existsSync(path.join(ROOT, folder)))
    .flatMap((folder) => fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)));
  const top = fs.readdirSync(ROOT).filter((file) => file !== 'API.md');
  return [...top, ...below].filter((file) => file.endsWith('.md') && !file.includes('node_modules')).sort()
    .map((file) => ({ file, text: fs.readFileSync(path.join(ROOT, file), 'utf8') }));
}

/** The code on a page, block by block. */
export function codeBlocks({ file, text }: Page): CodeBlock[] {
  const lines = text.split('\n');
  const blocks: CodeBlock[] = [];
  let open: { readonly language: string; readonly start: number; readonly indent: number } | undefined;
  lines.forEach((line, index) => {
    const fence = /^( *)```([\w-]*)/.exec(line);
    if (!fence) return;
    if (!open) {
      open = { language: fence[2], start: index + 1, indent: fence[1].length };
    } else {
      const { language, start, indent } = open;
      blocks.push({ file, line: start + 1, language, code: lines.slice(start, index).map((it) => it.slice(indent)).join('\n') });
      open = undefined;
    }
  });
  return blocks;
}

/** Links on a page that lead to nothing in the repository; those to other places are not followed. */
export function brokenLinks({ file, text }: Page): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [place, anchor] = target.split('#');
    const found = place === '' ? path.join(ROOT, file) : path.resolve(ROOT, path.dirname(file), place);
    if (!fs.existsSync(found)) return [`${file}: ${target} leads nowhere`];
    if (anchor === undefined || !found.endsWith('.md')) return [];
    return anchorsOf(fs.readFileSync(found, 'utf8')).has(anchor) ? [] : [`${file}: ${target} names a heading that is not there`];
  });
}

/** Anchors of the headings of a page, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/```[\s\S]*?```/g, '').split('\n').flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? []);
  return new Set(headings.map((heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-')));
}
