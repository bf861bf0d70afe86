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

const leftmost = new Map<string, TextTest | undefined>();

/**
 * A regular expression of Rust as Linkerd applies it: the leftmost match, with the first alternative that fits, must span the whole text.
 * `a|ab` therefore never matches `ab`.
 *
 * @returns undefined for a pattern that cannot be compiled
 */
export function leftmostMatch(pattern: string): TextTest | undefined {
  if (leftmost.has(pattern)) return leftmost.get(pattern);
  if (leftmost.size >= CACHE_LIMIT) leftmost.clear();
  const compiled = compiledOf(pattern);
  const test: TextTest | undefined = compiled && (text => {
    const matcher = compiled.matcher(text);
    return matcher.find() && matcher.start() === 0 && matcher.end() === text.length;
  });
  leftmost.set(pattern, test);
  return test;
}

function compile(pattern: string): TextTest | undefined {
  const compiled = compiledOf(pattern);
  return compiled && (text => compiled.matches(text));
}

function compiledOf(pattern: string): re2.RE2JS | undefined {
  // Loaded on first use: most estates use no regular expression.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  library ??= require('re2js') as typeof re2;
  try {
    return library.RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

/** Quotes a text so that RE2 matches it literally. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
