import { Names } from './config';

/** The singular of the last word of a camelCase list name. Fails instead of guessing a mangled word. */
export function singular(name: string, names: Pick<Names, 'invariant' | 'irregular'>): string {
  const start = /(?:[A-Z]?[a-z0-9]+|[A-Z0-9]+s?)$/.exec(name)?.index ?? 0;
  const word = name.slice(start);
  const lower = word.toLowerCase();
  const irregular = names.irregular[lower];
  if (irregular) {
    return name.slice(0, start) + matchCase(irregular, word);
  }
  if (names.invariant.includes(lower) || !lower.endsWith('s')) {
    return name;
  }
  const result = regular(lower);
  if (isMangled(result)) {
    throw new Error(`the singular of ${name} would be ${name.slice(0, start)}${result}: list ${lower} in names.json as invariant or irregular`);
  }
  return name.slice(0, start) + word.slice(0, result.length).replace(/.$/, (last) => result.endsWith('y') && last === 'i' ? 'y' : last);
}

function regular(word: string): string {
  if (word.endsWith('ies')) {
    return word.slice(0, -3) + 'y';
  }
  if (/(?:sses|shes|ches|xes|zes)$/.test(word)) {
    return word.slice(0, -2);
  }
  if (/(?:ss|us|is)$/.test(word)) {
    return word;
  }
  return word.slice(0, -1);
}

/** Words without a vowel (`tl`) or with an ending that only a cut makes (`egres`, `statu`). */
export function isMangled(word: string): boolean {
  return !/[aeiouy]/i.test(word) || /(?:gres|dres|cces|clas|proces|statu|alia|canva|consensu)$/i.test(word);
}

function matchCase(word: string, like: string): string {
  return /^[A-Z]/.test(like) ? word[0].toUpperCase() + word.slice(1) : word;
}
