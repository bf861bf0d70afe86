import { compareText } from './compare-text';

export { compareText };

/** Orders values by the text that `key` gives for each. */
export function byText<T>(key: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => compareText(key(a), key(b));
}
