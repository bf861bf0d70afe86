import type * as re2 from 're2js';

/** Says whether a text matches. */
export type TextTest = (text: string) => boolean;

const CACHE_LIMIT = 20_000;
const cache = new Map<string, TextTest | undefined>();
let library: typeof re2 | undefined;

/**
 * A regular expression of Envoy: RE2 syntax, and the whole text must match.
 *
 * @returns undefined for a pattern that RE2 refuses
 */
export function fullMatch(pattern: string): TextTest | undefined {
  if (cache.has(pattern)) return cache.get(pattern);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const test = compile(pattern);
  cache.set(pattern, test);
  return test;
}

function compile(pattern: string): TextTest | undefined {
  // Loaded on first use: most estates use no regular expression.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  library ??= require('re2js') as typeof re2;
  try {
    const compiled = library.RE2JS.compile(pattern);
    return text => compiled.matches(text);
  } catch {
    return undefined;
  }
}

/** Quotes a text so that RE2 matches it literally. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
