import type * as yaml from 'yaml';
import { SourceDocument } from './source';
import { splitYaml, YamlChunk } from './yaml-text';

/** A place in a file. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * Finds a field of an object in the file that it was read from.
 *
 * Reading keeps no positions, because keeping them costs four times the time; only the one document is read again.
 *
 * @param path names of fields and indexes of items, from the object; the deepest existing part of it is found
 * @returns undefined for objects that came from no text
 */
export function positionOf(document: SourceDocument, path: readonly (string | number)[]): Position | undefined {
  return new PositionFinder().find(document, path);
}

/** Finds many fields: what was last read is kept, so that asking file by file and document by document reads each once. */
export class PositionFinder {
  private file?: { readonly key: unknown; readonly text?: string; readonly chunks: ReadonlyMap<number, YamlChunk> };
  private parsed?: { readonly chunk: YamlChunk; readonly document: yaml.Document.Parsed; readonly counter: yaml.LineCounter };

  /** As `positionOf`. */
  find(document: SourceDocument, path: readonly (string | number)[]): Position | undefined {
    const chunk = document.origin.docIndex === undefined ? undefined : this.chunksOf(document).get(document.origin.docIndex);
    if (!chunk) return undefined;
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const lib = require('yaml') as typeof yaml;
    const { document: parsed, counter } = this.parse(lib, chunk);
    const { line, col } = counter.linePos(offsetOf(lib, parsed, [...document.path, ...path]));
    return { line: chunk.startLine + line - 1, column: line === 1 ? col + chunk.startColumn : col };
  }

  /** The lines of the file of a document. */
  lines(document: SourceDocument): readonly string[] | undefined {
    this.chunksOf(document);
    return this.file?.text?.split('\n');
  }

  private chunksOf(document: SourceDocument): ReadonlyMap<number, YamlChunk> {
    const key = document.origin.file ?? document.text;
    if (!this.file || this.file.key !== key) {
      const text = document.text?.();
      this.file = { key, text, chunks: new Map(text === undefined ? [] : splitYaml(text).map((chunk) => [chunk.docIndex, chunk])) };
    }
    return this.file.chunks;
  }

  private parse(lib: typeof yaml, chunk: YamlChunk): NonNullable<PositionFinder['parsed']> {
    if (this.parsed?.chunk !== chunk) {
      const counter = new lib.LineCounter();
      const document = lib.parseDocument(chunk.text, { lineCounter: counter, version: '1.1', uniqueKeys: false, logLevel: 'silent' });
      this.parsed = { chunk, document, counter };
    }
    return this.parsed;
  }
}

function offsetOf(lib: typeof yaml, document: yaml.Document.Parsed, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node) ?? 0;
  for (const part of path) {
    if (lib.isAlias(node)) node = node.resolve(document);
    if (lib.isMap(node)) {
      const pair = node.items.find(item => String(lib.isScalar(item.key) ? item.key.value : item.key) === String(part));
      if (!pair) return offset;
      offset = rangeStart(pair.key) ?? offset;
      node = pair.value;
    } else if (lib.isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = rangeStart(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  return range ? range[0] : undefined;
}
