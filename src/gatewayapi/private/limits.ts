import { fail } from '../../private/errors';

/** Throws when there are more of something than the API takes. */
export function atMost(limit: number, amount: number | undefined, what: string, path: string, fix: string = 'use fewer'): void {
  if (amount !== undefined && amount > limit) {
    fail('MESH-E038', `${amount} ${what}, and the API takes ${limit}`, fix, path);
  }
}

/** Throws when a name stands twice in a list. */
export function distinct(what: string, names: readonly string[], path: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    fail('MESH-E034', `${what} "${twice}" is named twice`, 'name it once', path);
  }
}
