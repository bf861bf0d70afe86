import type * as yaml from 'js-yaml';
import { isObject } from './json';
import { expandList, Problem, ReadResult } from './source';
import { kubernetesSchema } from './yaml-schema';

/** Values that aliases may expand to before a document counts as an attack. */
const MAX_EXPANDED_VALUES = 2_000_000;

/** One document of a multi-document text. */
export interface YamlChunk {
  readonly text: string;
  /** From 0. */
  readonly docIndex: number;
  /** Line of the chunk's first character, from 1. */
  readonly startLine: number;
  /** Characters before the chunk on that line: those of a `---` that content follows. */
  readonly startColumn: number;
}

/** How a text is named and fetched again. */
export interface TextSource {
  readonly file?: string;
  readonly cluster?: string;
  /** The text for later position look-ups; by default the text given now is kept. */
  readonly text?: () => string | undefined;
}

/**
 * Splits a multi-document text at its `---` lines.
 *
 * The split comes before parsing so that one broken document cannot hide the others.
 * Chunks that hold nothing but comments or directives have no document of their own.
 */
export function splitYaml(source: string): YamlChunk[] {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const chunks: YamlChunk[] = [];
  let start = 0;
  let startLine = 1;
  let startColumn = 0;
  const add = (end: number): void => {
    const chunk = text.slice(start, end);
    if (hasContent(chunk)) chunks.push({ text: chunk, docIndex: chunks.length, startLine, startColumn });
  };
  const separator = /^---(?=[ \t\r\n]|$)/gm;
  let line = 1;
  let counted = 0;
  for (let match = separator.exec(text); match; match = separator.exec(text)) {
    line += countLines(text, counted, match.index);
    counted = match.index;
    add(match.index);
    const blank = /^---[ \t]*\r?\n/.exec(text.slice(match.index, match.index + 80));
    start = match.index + (blank ? blank[0].length : 3);
    startLine = line + (blank ? 1 : 0);
    startColumn = blank ? 0 : 3;
  }
  add(text.length);
  return chunks;
}

let parser: ((text: string) => unknown) | undefined;
let library: typeof yaml | undefined;

/** Parses one document; throws js-yaml's exception on a syntax error. */
export function parseYaml(text: string): unknown {
  if (!parser) {
    // Loaded on first use: most runs read no YAML text at all.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    library = require('js-yaml') as typeof yaml;
    const lib = library;
    const schema = kubernetesSchema(lib);
    parser = source => lib.load(source, { schema, maxAliases: 10_000 });
  }
  return parser(text);
}

/** Reads every Kubernetes object of a YAML or JSON text. */
export function readText(text: string, source: TextSource = {}): ReadResult {
  const result: ReadResult = { documents: [], problems: [] };
  const later = source.text ?? (() => text);
  for (const chunk of splitYaml(text)) readChunk(chunk, source, later, result);
  return result;
}

function readChunk(chunk: YamlChunk, source: TextSource, text: () => string | undefined, result: ReadResult): void {
  const where = { file: source.file, docIndex: chunk.docIndex };
  let value: unknown;
  try {
    value = parseChunk(chunk.text);
  } catch (error) {
    result.problems.push({ ...where, ...describe(error, chunk) });
    return;
  }
  if (value === null || value === undefined) return;
  if (/[&*]/.test(chunk.text) && expandedValues(value) > MAX_EXPANDED_VALUES) {
    const message = 'the aliases of the document refer to themselves or expand to more values than are accepted';
    result.problems.push({ ...where, line: chunk.startLine, code: 'alias-expansion', message });
    return;
  }
  const objects = Array.isArray(value) ? value : [value];
  objects.forEach((object: unknown, index) => {
    if (!isObject(object)) {
      const message = `the document holds ${typeof object === 'string' ? 'text' : 'a value'} where a Kubernetes object is expected`;
      result.problems.push({ ...where, line: chunk.startLine, code: 'not-an-object', message });
      return;
    }
    const base = Array.isArray(value) ? [index] : [];
    const origin = { file: source.file, docIndex: chunk.docIndex, startLine: chunk.startLine };
    for (const { item, path } of expandList(object)) {
      result.documents.push({ object: item, origin, path: [...base, ...path], cluster: source.cluster, text });
    }
  });
}

function parseChunk(text: string): unknown {
  const first = /^\s*([{[])/.exec(text);
  if (first) {
    try {
      const value: unknown = JSON.parse(text);
      rejectDuplicates(text);
      return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return parseYaml(text);
}

/** JSON.parse keeps the last of two equal keys in silence; YAML's parser refuses them, and reads all JSON. */
function rejectDuplicates(text: string): void {
  try {
    parseYaml(text);
  } catch (error) {
    if (/duplicated? mapping key/.test(String(error))) throw error;
  }
}

function describe(error: unknown, chunk: YamlChunk): Pick<Problem, 'code' | 'message' | 'line' | 'column'> {
  if (library && error instanceof library.YAMLException) {
    const mark = error.mark;
    const code = /duplicated? mapping key/.test(error.reason) ? 'duplicate-key' : 'syntax';
    const line = mark ? chunk.startLine + mark.line : chunk.startLine;
    return { code, message: error.reason, line, column: mark ? mark.column + 1 : undefined };
  }
  return { code: 'syntax', message: error instanceof Error ? error.message : String(error), line: chunk.startLine };
}

/** Counts the values of a document with every alias written out; Infinity when an alias contains itself. */
function expandedValues(root: unknown): number {
  const sizes = new Map<object, number>();
  const visit = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    sizes.set(value, Infinity);
    let size = 1;
    for (const item of Array.isArray(value) ? value as unknown[] : Object.values(value)) size += visit(item);
    sizes.set(value, size);
    return size;
  };
  return visit(root);
}

function hasContent(text: string): boolean {
  return /^(?![ \t]*(?:#.*|%.*|\.\.\.[ \t]*)?\r?$).*\S/m.test(text);
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) count++;
  return count;
}
