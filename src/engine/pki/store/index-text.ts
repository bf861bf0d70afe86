import type { IndexSignature, StoreIndex } from './store-index';
import { compareText } from '../../../private/compare-text';

/** Lists that are written one item a line, so that changes of two people can be merged. */
const LISTS: ReadonlySet<string> = new Set(['certificates', 'sealed', 'sealing', 'lists']);

/** What stands between an index and its signature. */
const SIGNATURE = ',\n  "signature": ';

/** JSON with the members of every object in order of their names and without white space: the same text for the same content. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) { return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`; }
  if (typeof value !== 'object' || value === null) { return JSON.stringify(value); }
  const members = Object.entries(value).filter(([, content]) => content !== undefined).sort(([a], [b]) => compareText(a, b));
  return `{${members.map(([name, content]) => `${JSON.stringify(name)}:${canonicalJson(content)}`).join(',')}}`;
}

/** The text of an index, which is signed: a line for each certificate, in a fixed order. */
export function printIndex(index: StoreIndex): string {
  const members = Object.entries(index).filter(([, content]) => content !== undefined);
  const lines = members.map(([name, content]) => {
    const text = LISTS.has(name) && (content as unknown[]).length > 0
      ? `[\n${(content as unknown[]).map((item) => `    ${canonicalJson(item)}`).join(',\n')}\n  ]`
      : canonicalJson(content);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}`;
}

/** The text of a file: an index with its signature as the last member. */
export function withSignature(text: string, signature: IndexSignature): string {
  return `${text}${SIGNATURE}${canonicalJson(signature)}\n}\n`;
}

/** What the text of a file holds. */
export interface ParsedIndex {
  readonly index: StoreIndex;
  readonly signature: IndexSignature;
  /** What was signed. */
  readonly text: string;
}

/** Reads the text of a file; undefined when it is no index, whole or in part. */
export function parseIndex(file: string): ParsedIndex | undefined {
  // Version control may have changed the ends of the lines.
  const plain = file.replace(/\r\n/g, '\n');
  const parsed = parseJson(plain);
  if (!isObject(parsed) || parsed.format !== 1) { return undefined; }
  if (![parsed.settings, parsed.rotation, parsed.signature].every(isObject)) { return undefined; }
  const { signature, ...index } = parsed;
  const listed = [...LISTS].every((name) => Array.isArray(index[name]) && (index[name] as unknown[]).every(isObject));
  if (!listed || !(index.certificates as unknown[]).every(isRecord)) { return undefined; }
  return { index: index as unknown as StoreIndex, signature: signature as unknown as IndexSignature, text: plain.slice(0, plain.lastIndexOf(SIGNATURE)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecord(value: unknown): boolean {
  return isObject(value) && isObject(value.request)
    && ['name', 'notBefore', 'notAfter', 'certificate'].every((field) => typeof value[field] === 'string')
    // The name of a key becomes that of a file.
    && ['serial', 'issuer', 'keyId'].every((field) => /^[0-9a-f]+$/.test(String(value[field])));
}
