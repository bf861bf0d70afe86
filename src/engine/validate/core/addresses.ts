import { FieldChecks } from './field-checks';
import { parseCidr, parseIp } from '../../match/ip';
import { FieldPath } from '../field-path';
import { cidrVersion, ipVersion, sloppyCidrVersion, sloppyIpVersion } from '../text/go-net';

/** Addresses that lead to nobody else's machine, with what they are. */
const SPECIAL: readonly (readonly [range: string, what: string])[] = [
  ['0.0.0.0/32', 'another address than the unspecified one'], ['::/128', 'another address than the unspecified one'],
  ['127.0.0.0/8', 'no loopback address'], ['::1/128', 'no loopback address'],
  ['169.254.0.0/16', 'no link-local address'], ['fe80::/10', 'no link-local address'],
  ['224.0.0.0/24', 'no link-local multicast address'], ['ff02::/16', 'no link-local multicast address'],
];

/** An IP address, written without leading zeros, and not an IPv4 address in the clothes of an IPv6 one. */
export function checkAddress(text: string, path: FieldPath, checks: FieldChecks): boolean {
  const problem = sloppyIpVersion(text) === undefined ? 'an IP address' : ipVersion(text) === undefined ? 'an IP address without leading zeros'
    : isMapped(text) ? 'no IPv4 address within an IPv6 one' : undefined;
  if (problem !== undefined) checks.invalid(path, text, problem);
  return problem === undefined;
}

/** A range of addresses, of which only the bits of the prefix are set. */
export function checkRange(text: string, path: FieldPath, checks: FieldChecks): void {
  const [address, bits] = text.split('/');
  const range = parseCidr(text);
  const problem = sloppyCidrVersion(text) === undefined ? 'a range of addresses such as 10.0.0.0/8' : cidrVersion(text) === undefined ? 'a range without leading zeros'
    : isMapped(address) ? 'no IPv4 addresses within IPv6 ones' : range?.base !== parseIp(address) ? `the first address of the range before /${bits}` : undefined;
  if (problem !== undefined) checks.invalid(path, text, problem);
}

function isMapped(text: string): boolean {
  return text.includes(':') && parseCidr('::ffff:0:0/96')!.test(parseIp(text));
}

/** An address of an endpoint must lead to a machine other than the one that uses it. */
export function checkEndpointAddress(text: string, path: FieldPath, checks: FieldChecks): void {
  const ip = parseIp(text);
  for (const [range, what] of SPECIAL) {
    if (parseCidr(range)!.test(ip)) checks.invalid(path, text, what);
  }
}
