/** Kubernetes takes a sign or a point without digits for zero. */
const QUANTITY = /^(?!$)([+-]?)(\d*(?:\.\d*)?)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

/** What the suffixes multiply by. */
const FACTORS = new Map<string, readonly [base: bigint, exponent: number]>();
['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].forEach((suffix, index) => FACTORS.set(suffix, [10n, 3 * index - 9]));
['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].forEach((suffix, index) => FACTORS.set(suffix, [2n, 10 * index + 10]));

/** Digits behind the point that a quantity keeps. */
const SCALE = 9;

/** Says why a text is no quantity such as `500m` or `1Gi`; undefined when it is one. */
export function quantityProblem(text: string): string | undefined {
  return QUANTITY.test(text) ? undefined : `"${text}" is no quantity`;
}

/**
 * The value of a quantity in billionths, which is the precision that Kubernetes keeps; rounded up, away from zero.
 *
 * @returns undefined when the text is no quantity
 */
export function parseQuantity(text: string): bigint | undefined {
  const match = QUANTITY.exec(text);
  if (!match) return undefined;
  const [, sign, number, suffix = ''] = match;
  const [whole, fraction = ''] = number.split('.');
  const [base, exponent] = FACTORS.get(suffix) ?? [10n, Math.max(-99, Math.min(99, Number(suffix.slice(1))))];
  let value = BigInt(`0${whole}${fraction}`);
  let divisor = 10n ** BigInt(fraction.length);
  if (exponent >= 0) value *= base ** BigInt(exponent);
  else divisor *= base ** BigInt(-exponent);
  value *= 10n ** BigInt(SCALE);
  const rounded = (value + divisor - 1n) / divisor;
  return sign === '-' ? -rounded : rounded;
}
