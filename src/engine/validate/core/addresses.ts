import { FieldChecks } from './field-checks';
import { parseCidr, parseIp } from '../../match/ip';
import { FieldPath } from '../field-path';

/** Addresses that lead to nobody else's machine, with what they are. */
const SPECIAL: readonly (readonly [range: string, what: string])[] = [
  ['0.0.0.0/32', 'another address than the unspecified one'], ['::/128', 'another address than the unspecified one'],
  ['127.0.0.0/8', 'no loopback address'], ['::1/128', 'no loopback address'],
  ['169.254.0.0/16', 'no link-local address'], ['fe80::/10', 'no link-local address'],
  ['224.0.0.0/24', 'no link-local multicast address'], ['ff02::/16', 'no link-local multicast address'],
];

/** An address of an endpoint must lead to a machine other than the one that uses it. */
export function checkEndpointAddress(text: string, path: FieldPath, checks: FieldChecks): void {
  const ip = parseIp(text);
  for (const [range, what] of SPECIAL) {
    if (parseCidr(range)!.test(ip)) checks.invalid(path, text, what);
  }
}
