import { fullMatch } from '../../engine/match/regex';
import { ValueMatchKind } from '../header-match';

/** What one text must be like: the part that matchers of headers and query parameters share. */
export interface Condition {
  readonly kind: ValueMatchKind;
  readonly text: string;
}

/** Whether a text satisfies a condition. */
export function satisfies(text: string, condition: Condition): boolean {
  switch (condition.kind) {
    case ValueMatchKind.EXACT: return text === condition.text;
    case ValueMatchKind.PREFIX: return text.startsWith(condition.text);
    case ValueMatchKind.REGEX: return fullMatch(condition.text)?.(text) ?? false;
    case ValueMatchKind.PRESENT: return true;
  }
}

/** Whether every text that satisfies `a` is known to satisfy `b`. */
export function implies(a: Condition, b: Condition): boolean {
  if (b.kind === ValueMatchKind.PRESENT || (a.kind === b.kind && a.text === b.text)) { return true; }
  if (a.kind === ValueMatchKind.EXACT) { return satisfies(a.text, b); }
  return a.kind === ValueMatchKind.PREFIX && b.kind === ValueMatchKind.PREFIX && a.text.startsWith(b.text);
}

/** Whether no text is known to satisfy both. */
export function excludes(a: Condition, b: Condition): boolean {
  if (a.kind === ValueMatchKind.EXACT) { return !satisfies(a.text, b); }
  if (b.kind === ValueMatchKind.EXACT) { return !satisfies(b.text, a); }
  return a.kind === ValueMatchKind.PREFIX && b.kind === ValueMatchKind.PREFIX && !a.text.startsWith(b.text) && !b.text.startsWith(a.text);
}
