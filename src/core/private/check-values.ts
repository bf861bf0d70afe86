import type { Duration } from 'cdk8s';
import { parseCidr, parseIp } from '../../engine/match/ip';
import { fullMatch } from '../../engine/match/regex';
import { hostName } from '../../private/dns';
import { fail } from '../../private/errors';

/** What HTTP allows in names of headers, cookies and methods. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether the text may be the name of a header or cookie. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Throws when the duration is given and is shorter than a millisecond or no whole number of them. */
export function positive(what: string, duration: Duration | undefined, path?: string): void {
  const ms = duration?.toMilliseconds({ integral: false });
  if (ms !== undefined && (ms < 1 || !Number.isInteger(ms))) {
    fail('MESH-E010', `invalid ${what}, got ${ms} ms`, 'use a whole number of milliseconds, at least one', path);
  }
}

/** Throws when the number is given and is no whole number within the limits. */
export function wholeNumber(what: string, amount: number | undefined, least: number, most: number = 2_147_483_647, path?: string): void {
  if (amount !== undefined && (!Number.isInteger(amount) || amount < least || amount > most)) {
    fail('MESH-E028', `invalid ${what}, got ${amount}`, `use a whole number from ${least} to ${most}`, path);
  }
}

/** Returns the number, or throws when it is no port number. */
export function portNumber(what: string, number: number): number {
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    fail('MESH-E003', `invalid ${what}, got ${number}`, 'use a whole number from 1 to 65535');
  }
  return number;
}

/** Returns the path, or throws when it does not begin with a slash or holds more than a path. */
export function absolutePath(path: string): string {
  if (!path.startsWith('/') || /[?#\s]/.test(path)) {
    fail('MESH-E009', `invalid path, got "${path}"`, 'begin it with a slash and leave out query, fragment and white space');
  }
  return path;
}

/** Returns the pattern, or throws when it is empty, too long for Envoy's API, or no regular expression in RE2 syntax. */
export function checkedPattern(pattern: string): string {
  if (pattern === '' || pattern.length > 1024) {
    fail('MESH-E009', `invalid regular expression of ${pattern.length} characters`, 'use 1 to 1024 characters');
  }
  if (fullMatch(pattern) === undefined) {
    fail('MESH-E009', `invalid regular expression, got "${pattern}"`, 'use the syntax of RE2, which knows neither look-around nor back-references');
  }
  return pattern;
}

/** Returns the block, or throws when it is neither an IP address nor a block of them. */
export function addressBlock(block: string): string {
  const [address, bits] = block.split('/');
  if (parseCidr(block) === undefined || (bits !== undefined && bits === '') || address.includes('%')) {
    fail('MESH-E032', `invalid address block, got "${block}"`, 'use IP addresses or CIDR blocks such as "10.0.0.0/8"');
  }
  return block;
}

/** Whether the text is an IP address. */
export function isIpAddress(text: string): boolean {
  return parseIp(text) !== undefined && !text.includes('%');
}

/** Throws when one of the hosts is no DNS name, or when two of them stand for the same names: the proxy could not tell them apart. */
export function distinctHosts(what: string, hosts: readonly string[], path: string): void {
  if (hosts.length === 0) {
    fail('MESH-E030', `${what} without hosts`, 'name at least one DNS name', path);
  }
  hosts.forEach((host) => hostName(host, { wildcard: true, path }));
  const known = new Set<string>();
  for (const host of hosts) {
    const covering = known.has(host) ? host : wildcardsOver(host).find((wildcard) => hosts.includes(wildcard));
    if (covering !== undefined) {
      fail('MESH-E031', `${what} names ${host} twice${covering === host ? '' : `, once as ${covering}`}`, 'name every host once', path);
    }
    known.add(host);
  }
}

/** The wildcard names that cover a host: `*.b.c` and `*.c` for `a.b.c`. */
function wildcardsOver(host: string): string[] {
  const labels = host.split('.').slice(1);
  return labels.map((_, index) => `*.${labels.slice(index).join('.')}`).filter((wildcard) => wildcard !== host);
}
