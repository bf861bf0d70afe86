import type * as re2 from 're2js';
import { lengthForJavaScript } from './regex-subset';

/** Says whether a text has a match of a pattern anywhere. */
export type PatternTest = (text: string) => boolean;

const cache = new Map<string, PatternTest>();
let library: typeof re2 | undefined;

/**
 * A regular expression in Go's syntax (RE2), not anchored.
 *
 * JavaScript's own engine answers where it provably agrees: it is faster, and needs no library to be loaded.
 * Throws on a pattern that RE2 refuses.
 */
export function searchPattern(pattern: string): PatternTest {
  let test = cache.get(pattern);
  if (!test) {
    const longest = lengthForJavaScript(pattern);
    test = longest > 0 ? inJavaScript(pattern, longest) : inRe2(pattern);
    cache.set(pattern, test);
  }
  return test;
}

function inJavaScript(pattern: string, longest: number): PatternTest {
  const regExp = new RegExp(pattern);
  let slow: PatternTest | undefined;
  return (text) => {
    if (text.length <= longest && isAscii(text)) return regExp.test(text);
    slow ??= inRe2(pattern);
    return slow(text);
  };
}

function inRe2(pattern: string): PatternTest {
  // Loaded on first use: most texts need only what JavaScript knows.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  library ??= require('re2js') as typeof re2;
  const compiled = library.RE2JS.compile(pattern);
  return (text) => compiled.test(text);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return false;
  }
  return true;
}
