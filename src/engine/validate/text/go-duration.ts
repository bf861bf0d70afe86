const NANOS: Readonly<Record<string, bigint>> = {
  ns: 1n, us: 1_000n, µs: 1_000n, μs: 1_000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n,
};
const LARGEST = 2n ** 63n - 1n;
const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;

/**
 * Reads a duration as Go's `time.ParseDuration` does, to the nanosecond.
 *
 * @returns undefined when Go refuses it, for its form or because it exceeds 290 years
 */
export function parseGoNanos(text: string): bigint | undefined {
  const isNegative = text.startsWith('-');
  const body = isNegative || text.startsWith('+') ? text.slice(1) : text;
  if (body === '0') return 0n;
  if (body === '') return undefined;
  let total = 0n;
  for (let at = 0; at < body.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const part = PART.exec(body);
    if (!part || (part[1] === '' && (part[2] ?? '') === '')) return undefined;
    const unit = NANOS[part[3]];
    total += BigInt(part[1] || '0') * unit + (BigInt(part[2] || '0') * unit) / 10n ** BigInt(part[2]?.length ?? 0);
  }
  return total > LARGEST + (isNegative ? 1n : 0n) ? undefined : isNegative ? -total : total;
}
