import { ipVersion, sloppyCidrVersion, sloppyIpVersion } from './go-net';
import { parseRequestUri } from './go-url';
import { byteLength, dnsLabelProblem, dnsSubdomainProblem } from './names';
import { parseGoDuration } from '../../../private/duration';

/** A format of texts that the API server enforces. */
export interface TextFormat {
  readonly test: (text: string) => boolean;
  /** What the format is, for messages. */
  readonly hint: string;
}

const UUID = (version: string, variant: string) => new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}-?${variant}-?[0-9a-f]{12}$`, 'i');
const HEX4 = '[0-9a-f]{4}';

/** By the name without dashes, as the API server looks them up. */
const FORMATS: Readonly<Record<string, TextFormat>> = {
  byte: { test: (text) => isBase64(text), hint: 'base64' },
  cidr: { test: (text) => sloppyCidrVersion(text) !== undefined, hint: 'a range of addresses such as 10.0.0.0/8' },
  date: { test: isDate, hint: 'a date such as 2006-01-02' },
  datetime: { test: isDateTime, hint: 'a time such as 2006-01-02T15:04:05Z' },
  duration: { test: (text) => parseLooseDuration(text) !== undefined, hint: 'a duration such as 1h30m' },
  hexcolor: { test: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text), hint: 'a colour such as #ff0000' },
  hostname: { test: isHostName, hint: 'a host name' },
  ipv4: { test: (text) => text.includes('.') && sloppyIpVersion(text) !== undefined, hint: 'an IPv4 address' },
  ipv6: { test: (text) => text.includes(':') && ipVersion(text) !== undefined, hint: 'an IPv6 address' },
  k8slongname: { test: (text) => dnsSubdomainProblem(text) === undefined, hint: 'a DNS subdomain' },
  k8sshortname: { test: (text) => dnsLabelProblem(text) === undefined, hint: 'a DNS label' },
  mac: { test: isMac, hint: 'a MAC address' },
  password: { test: () => true, hint: 'any text' },
  uri: { test: (text) => parseRequestUri(text) !== undefined, hint: 'an absolute URL' },
  uuid: { test: (text) => UUID(HEX4, HEX4).test(text), hint: 'a UUID' },
  uuid3: { test: (text) => UUID('3[0-9a-f]{3}', HEX4).test(text), hint: 'a UUID of version 3' },
  uuid4: { test: (text) => UUID('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}').test(text), hint: 'a UUID of version 4' },
  uuid5: { test: (text) => UUID('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}').test(text), hint: 'a UUID of version 5' },
};

/** The format of a name such as `date-time`; undefined for names that the API server takes no notice of. */
export function textFormat(name: string): TextFormat | undefined {
  const plain = name.replace(/-/g, '');
  return Object.hasOwn(FORMATS, plain) ? FORMATS[plain] : undefined;
}

/** Base64 with padding; the empty text is none. */
export function isBase64(text: string): boolean {
  return text !== '' && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day of the calendar, `2006-01-02`. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 && !isLeap ? 28 : DAYS[month - 1]);
}

function isDateTime(text: string): boolean {
  const [date, time, ...rest] = text.toLowerCase().split('t');
  const match = time === undefined || rest.length > 0 && time === '' ? undefined : /^(\d\d):(\d\d):(\d\d)(.\d+)?(z|[+-]\d\d:\d\d)$/.exec(time);
  return isDate(date) && !!match && match[1] <= '23' && match[2] <= '59' && match[3] <= '59';
}

const LONGEST_MS = 2 ** 63 / 1e6;
const WORDS: readonly (readonly [factor: number, exact: readonly string[], prefix: string])[] = [
  [1e-6, ['ns'], 'nano'], [1e-3, ['us', 'µs'], 'micro'], [1, ['ms'], 'milli'], [1e3, ['s'], 'sec'], [6e4, ['m'], 'min'],
  [3.6e6, ['h', 'hr'], 'hour'], [8.64e7, ['d'], 'day'], [6.048e8, ['w', 'wk'], 'week'],
];

/** A Go duration within its range, in milliseconds. */
export function parseBoundedDuration(text: string): number | undefined {
  const ms = parseGoDuration(text);
  return ms !== undefined && Math.abs(ms) < LONGEST_MS ? ms : undefined;
}

/** A Go duration, or a text that speaks of one, such as `2 days`; in milliseconds. */
export function parseLooseDuration(text: string): number | undefined {
  const strict = parseBoundedDuration(text);
  if (strict !== undefined) return strict;
  let total: number | undefined;
  for (const [, digits, word] of text.matchAll(/(\d+)[\t\n\f\r ]*([A-Za-zµ]+)/g)) {
    if (BigInt(digits) > 9223372036854775807n) return undefined;
    const unit = word.toLowerCase();
    const known = WORDS.filter(([, exact, prefix]) => exact.includes(unit) || unit.startsWith(prefix));
    for (const [factor] of known) total = (total ?? 0) + Number(digits) * factor;
  }
  return total;
}

const HOST_CHARACTER = String.raw`a-zA-Z0-9\p{S}\p{L}`;
const HOST_NAME = new RegExp(
  String.raw`^(?:[${HOST_CHARACTER}](?:-?[${HOST_CHARACTER}]{0,62})?|(?:[${HOST_CHARACTER}](?:[-${HOST_CHARACTER}]{0,61}[${HOST_CHARACTER}])?\.)+[a-zA-Z\p{L}]{2,63})$`, 'u');

function isHostName(text: string): boolean {
  // The length comes first, because it bounds what the expression can take.
  return byteLength(text) <= 255 && HOST_NAME.test(text) && text.split('.').every((part) => byteLength(part) <= 63);
}

function isMac(text: string): boolean {
  return /^[0-9a-fA-F]{2}([:-])([0-9a-fA-F]{2}\1){4,18}[0-9a-fA-F]{2}$/.test(text) && [6, 8, 20].includes((text.length + 1) / 3) ||
    /^([0-9a-fA-F]{4}\.){2}([0-9a-fA-F]{4})$|^([0-9a-fA-F]{4}\.){3}([0-9a-fA-F]{4})$|^([0-9a-fA-F]{4}\.){9}([0-9a-fA-F]{4})$/.test(text);
}

