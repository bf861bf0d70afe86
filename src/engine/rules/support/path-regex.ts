/**
 * Why no path can match a regular expression that must span all of it; undefined when one may.
 *
 * It only tells what a first letter and a literal question mark prove: paths begin with a slash and have no query.
 */
export function cannotMatchPath(regex: string): string | undefined {
  if (/(^|[^\\])(\\\\)*\\\?(?![*?{])/.test(regex) && !regex.includes('|')) return 'a path has no question mark';
  return alternatives(regex).every(beginsWrongly) ? 'a path begins with a slash' : undefined;
}

/** Whether the first thing that an expression wants is a letter or digit, which must be there. */
function beginsWrongly(regex: string): boolean {
  let rest = regex;
  for (let strip = true; strip;) {
    const shorter = rest.replace(/^(\^|\(\?[a-z]+\))/, '');
    strip = shorter !== rest;
    rest = shorter;
  }
  const group = /^\((?:\?:|\?P?<\w+>)?/.exec(rest);
  if (group) {
    const end = closing(rest);
    if (end === undefined || /^[*?{]/.test(rest.slice(end + 1))) return false;
    return alternatives(rest.slice(group[0].length, end)).every(beginsWrongly);
  }
  return /^[A-Za-z0-9_-](?![*?{])/.test(rest);
}

/** The alternatives of an expression that stand outside of groups and classes. */
function alternatives(regex: string): string[] {
  const parts = [''];
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < regex.length; at++) {
    const char = regex[at];
    if (char === '\\') {
      parts[parts.length - 1] += char + (regex[++at] ?? '');
      continue;
    }
    if (inClass) {inClass = char !== ']';} else if (char === '[') {inClass = true;} else if (char === '(') {depth++;} else if (char === ')') {depth--;} else if (char === '|' && depth === 0) {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += char;
  }
  return parts;
}

/** Index of the bracket that closes the first one. */
function closing(regex: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < regex.length; at++) {
    if (regex[at] === '\\') at++;
    else if (regex[at] === '(') depth++;
    else if (regex[at] === ')' && --depth === 0) return at;
  }
  return undefined;
}
