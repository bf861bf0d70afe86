/** A single character, and what may be escaped to stand for itself. */
const PUNCTUATION = String.raw`[-!"#$%&'*+,./:;<=>?@^_\x60|~()[\]{}\\ ]`;
const CLASS_CHARACTER = String.raw`(?:[A-Za-z0-9_ !"#$%&'()*+,./:;<=>?@{|}~^-]|\\[dw]|\\${PUNCTUATION})`;
/** No `]` in front, which would be a character of the class in Go, and no `[`, which may begin `[:alpha:]` there. */
const CLASS = String.raw`\[\^?${CLASS_CHARACTER}+\]`;
const ATOM = String.raw`(?:[A-Za-z0-9_ !"#%&',/:;<=>@~-]|\.|\\[dw]|\\${PUNCTUATION}|${CLASS})`;
const TOKEN = new RegExp(String.raw`(?<atom>${ATOM})|(?<open>\((?:\?:)?)|(?<close>\))|(?<repeat>[*+?]|\{(?<min>\d{1,3})(?<comma>,(?:\d{1,3})?)?\})|(?<other>[|^$])`, 'y');

interface Group {
  /** The text of its first token, when it must be there in every repetition. */
  first?: string;
  /** The other tokens. */
  readonly rest: string[];
  repeatsInside: boolean;
  hasChoice: boolean;
}

/** Steps that a match may take at most. */
const STEPS = 1e7;
const LONGEST = 256;

/**
 * The length of the longest ASCII text for which JavaScript's `RegExp` gives the same answer as RE2 without taking long;
 * 0 for a pattern that must be left to RE2.
 *
 * A pattern is accepted if it consists of constructs that mean the same in both, and if no repetition that has another
 * one inside can match a text in more than one way; that is so if each round begins with a character that is nowhere
 * else in it. The repetitions that remain multiply the steps by the length of the text at most.
 */
export function lengthForJavaScript(pattern: string): number {
  const repetitions = safeRepetitions(pattern);
  return repetitions === undefined ? 0 : Math.min(LONGEST, Math.floor(STEPS ** (1 / Math.max(1, repetitions))));
}

/** How many repetitions a pattern has; undefined when it is not safe. */
function safeRepetitions(pattern: string): number | undefined {
  const groups: Group[] = [newGroup()];
  let last: { text: string; group?: Group } | undefined;
  let repetitions = 0;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < pattern.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(pattern)?.groups;
    if (!token) return undefined;
    const top = groups[groups.length - 1];
    if (token.open) {
      groups.push(newGroup());
      last = undefined;
    } else if (token.close) {
      if (groups.length === 1) return undefined;
      groups.pop();
      const above = groups[groups.length - 1];
      above.repeatsInside ||= top.repeatsInside;
      above.rest.push(...top.first === undefined ? [] : [top.first], ...top.rest);
      last = { text: ')', group: top };
    } else if (token.repeat) {
      if (!last) return undefined;
      const isMany = token.repeat === '*' || token.repeat === '+' || token.comma !== undefined || Number(token.min ?? 1) > 1;
      if (isMany && last.group && (last.group.repeatsInside || last.group.hasChoice) && !isUnambiguous(last.group)) return undefined;
      if (!last.group && top.first !== undefined && top.rest.length === 0) forgetFirst(top);
      if (isMany) repetitions++;
      top.repeatsInside ||= isMany;
      last = undefined;
    } else if (token.atom) {
      if (top.first === undefined && top.rest.length === 0) top.first = token.atom;
      else top.rest.push(token.atom);
      last = { text: token.atom };
    } else {
      if (token.other === '|') top.hasChoice = true;
      last = undefined;
    }
  }
  return groups.length === 1 ? repetitions : undefined;
}

function newGroup(): Group {
  return { rest: [], repeatsInside: false, hasChoice: false };
}

function forgetFirst(group: Group): void {
  group.rest.push(group.first!);
  group.first = undefined;
}

function isUnambiguous(group: Group): boolean {
  const first = group.first;
  if (first === undefined || group.hasChoice) return false;
  const literal = /^\\?(.)$/.exec(first)?.[1];
  if (literal === undefined || first === '.' || /^\\[dw]$/.test(first)) return false;
  return group.rest.every((token) => token !== '.' && !new RegExp(`^${token}$`).test(literal));
}
