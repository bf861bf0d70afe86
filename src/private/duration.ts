/** Milliseconds of each unit that Go's `time.ParseDuration` knows. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6], ['us', 1e-3], ['µs', 1e-3], ['μs', 1e-3], ['ms', 1], ['s', 1e3], ['m', 6e4], ['h', 3.6e6],
]);

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/**
 * Reads a Go duration such as `1h30m`, `1.5s` or `0`.
 *
 * @returns milliseconds, or undefined when the text is no duration
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseGoDuration(text: string): number | undefined {
  const negative = text.startsWith('-');
  const body = negative || text.startsWith('+') ? text.slice(1) : text;
  if (body === '0') return 0;
  if (body === '') return undefined;
  let total = 0;
  PART.lastIndex = 0;
  let end = 0;
  for (let part = PART.exec(body); part; part = PART.exec(body)) {
    total += Number(part[1]) * UNITS.get(part[2])!;
    end = PART.lastIndex;
  }
  if (end !== body.length) return undefined;
  return negative ? -total : total;
}

/** Writes milliseconds the way Go prints a duration: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatGoDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  const sign = milliseconds < 0 ? '-' : '';
  const ms = Math.abs(milliseconds);
  if (ms < 1e-3) return `${sign}${decimal(ms * 1e6, 0)}ns`;
  if (ms < 1) return `${sign}${decimal(ms * 1e3, 3)}µs`;
  if (ms < 1e3) return `${sign}${decimal(ms, 6)}ms`;
  const hours = Math.floor(ms / 3.6e6);
  const minutes = Math.floor((ms - hours * 3.6e6) / 6e4);
  const seconds = decimal((ms - hours * 3.6e6 - minutes * 6e4) / 1e3, 9);
  const head = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '';
  return `${sign}${head}${seconds}s`;
}

/**
 * Reads the JSON form of a protobuf duration: seconds with at most nine decimals and the suffix `s`.
 *
 * @returns milliseconds, or undefined when the text is no such duration
 */
export function parseProtoDuration(text: string): number | undefined {
  const match = /^(-?)(\d+)(\.\d{1,9})?s$/.exec(text);
  if (!match) return undefined;
  const ms = Number(match[2] + (match[3] ?? '')) * 1e3;
  return match[1] ? -ms : ms;
}

/** Writes milliseconds in the JSON form of a protobuf duration: whole seconds, or three, six or nine decimals. */
export function formatProtoDuration(milliseconds: number): string {
  const nanos = Math.round(Math.abs(milliseconds) * 1e6);
  const fraction = String(nanos % 1e9).padStart(9, '0');
  const digits = fraction.endsWith('000000000') ? 0 : fraction.endsWith('000000') ? 3 : fraction.endsWith('000') ? 6 : 9;
  const whole = Math.floor(nanos / 1e9);
  return `${milliseconds < 0 && nanos > 0 ? '-' : ''}${whole}${digits ? '.' + fraction.slice(0, digits) : ''}s`;
}

/** A decimal number without exponent and without trailing zeros. */
function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}
