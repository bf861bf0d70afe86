import type { CelFunc, CelValue } from '@bufbuild/cel';
import { contentOf, opaque } from './functions';
import { loadCel } from './library';
import { Cidr, Ip, parseCidr, parseIp } from '../../match/ip';
import { cidrVersion, ipVersion } from '../text/go-net';

/** IP addresses and ranges. @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-ip-address-library */
export function addressFunctions(): CelFunc[] {
  const { cel } = loadCel();
  const { BOOL, INT, STRING, DYN } = cel.CelScalar;
  const VALUE = cel.mapType(DYN, DYN);
  const readIp = (value: CelValue): string => String(contentOf(value, 'IP'));
  const readCidr = (value: CelValue): string => String(contentOf(value, 'CIDR'));
  const inRange = (name: string, test: (ip: Ip) => boolean): CelFunc =>
    cel.celMethod(name, VALUE, [], BOOL, function () { return test(parseIp(readIp(this))!); });
  return [
    cel.celFunc('isIP', [STRING], BOOL, isIp),
    cel.celFunc('ip', [STRING], DYN, (text) => {
      if (!isIp(text)) throw new Error(`"${text}" is no IP address`);
      return opaque('IP', text);
    }),
    cel.celFunc('ip.isCanonical', [STRING], BOOL, (text) => {
      if (!isIp(text)) throw new Error(`"${text}" is no IP address`);
      return canonicalIp(text) === text;
    }),
    cel.celMethod('family', VALUE, [], INT, function () { return readIp(this).includes(':') ? 6n : 4n; }),
    inRange('isUnspecified', (ip) => Number(ip) === 0),
    inRange('isLoopback', (ip) => contains('127.0.0.0/8', ip) || contains('::1/128', ip)),
    inRange('isLinkLocalMulticast', (ip) => contains('224.0.0.0/24', ip) || contains('ff02::/16', ip)),
    inRange('isLinkLocalUnicast', (ip) => contains('169.254.0.0/16', ip) || contains('fe80::/10', ip)),
    inRange('isGlobalUnicast', (ip) => Number(ip) !== 0 && ip !== 0xffffffff &&
      !['127.0.0.0/8', '::1/128', '224.0.0.0/4', 'ff00::/8', '169.254.0.0/16', 'fe80::/10'].some((range) => contains(range, ip))),

    cel.celFunc('isCIDR', [STRING], BOOL, (text) => cidrVersion(text) !== undefined),
    cel.celFunc('cidr', [STRING], DYN, (text) => {
      if (cidrVersion(text) === undefined) throw new Error(`"${text}" is no range of addresses`);
      return opaque('CIDR', text);
    }),
    cel.celMethod('containsIP', VALUE, [STRING], BOOL, function (text) { return contains(readCidr(this), requireIp(text)); }),
    cel.celMethod('containsIP', VALUE, [VALUE], BOOL, function (ip) { return contains(readCidr(this), requireIp(readIp(ip))); }),
    cel.celMethod('containsCIDR', VALUE, [STRING], BOOL, function (text) { return covers(readCidr(this), text); }),
    cel.celMethod('containsCIDR', VALUE, [VALUE], BOOL, function (other) { return covers(readCidr(this), readCidr(other)); }),
    cel.celMethod('prefixLength', VALUE, [], INT, function () { return BigInt(readCidr(this).split('/')[1]); }),
  ];
}

/** IPv4 addresses within IPv6 ones are refused, and so are zones. */
function isIp(text: string): boolean {
  return ipVersion(text) !== undefined && !(text.includes(':') && text.includes('.'));
}

function requireIp(text: string): Ip {
  if (!isIp(text)) throw new Error(`"${text}" is no IP address`);
  return parseIp(text)!;
}

function contains(range: string, ip: Ip): boolean {
  return requireCidr(range).test(ip);
}

function covers(range: string, part: string): boolean {
  const inner = requireCidr(part);
  const outer = requireCidr(range);
  return outer.test(inner.base) && inner.bits >= outer.bits;
}

function requireCidr(text: string): Cidr {
  if (cidrVersion(text) === undefined) throw new Error(`"${text}" is no range of addresses`);
  return parseCidr(text)!;
}

function canonicalIp(text: string): string {
  return text.includes(':') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}
