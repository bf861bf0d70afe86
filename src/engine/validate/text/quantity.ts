const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

const EXPONENTS: Readonly<Record<string, readonly [base: bigint, exponent: number]>> = {
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
  Ki: [2n, 10],
  Mi: [2n, 20],
  Gi: [2n, 30],
  Ti: [2n, 40],
  Pi: [2n, 50],
  Ei: [2n, 60],
};

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
  const [base, exponent] = EXPONENTS[suffix] ?? [10n, suffix === '' ? 0 : Math.max(-99, Math.min(99, Number(suffix.slice(1))))];
  let value = BigInt((whole || '0') + fraction);
  let divisor = 10n ** BigInt(fraction.length);
  if (exponent >= 0) value *= base ** BigInt(exponent);
  else divisor *= base ** BigInt(-exponent);
  value *= 10n ** BigInt(SCALE);
  const rounded = (value + divisor - 1n) / divisor;
  return sign === '-' ? -rounded : rounded;
}
