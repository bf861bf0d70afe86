import { validateDocument } from '../../../src/engine/validate/validate-document';

type Json = any;

/** A change of an object: the path of a field with dots, and its new value; undefined removes it. */
export type Change = readonly [path: string, value: unknown];

/** A copy of an object with some fields changed. */
export function changed(object: Json, ...changes: readonly Change[]): Json {
  const copy = structuredClone(object);
  for (const [path, value] of changes) {
    const names = path.split('.').map((it) => it.replace(/~/g, '.'));
    const last = names.pop()!;
    const holder = names.reduce((at: Json, name) => at[name] ??= {}, copy);
    if (value === undefined) delete holder[last];
    else holder[last] = structuredClone(value);
  }
  return copy;
}

/** What is wrong with an object, as `field reason`; warnings and notes with their severity in front. */
export function complaintsOf(object: Json): string[] {
  return validateDocument(object).violations.map(({ severity, field, reason }) => `${severity === 'error' ? '' : `${severity} `}${field} ${reason.replace('FieldValue', '')}`);
}

/** The sentences that say what is wrong, and what would be right. */
export function sentencesOf(object: Json): string[] {
  return validateDocument(object).violations.map(({ message, allowed }) => allowed === undefined ? message : `${message}; ${allowed}`);
}
