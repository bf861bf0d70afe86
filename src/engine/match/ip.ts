/** A parsed address: IPv4 as a number, IPv6 as a big integer. */
export type Ip = number | bigint;

/** Says whether an address lies in a range. */
export type IpTest = (ip: Ip | undefined) => boolean;

/** Parses an IPv4 or IPv6 address; undefined for anything else. */
export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    const part = Number(match[i]);
    if (part > 255) return undefined;
    value = value * 256 + part;
  }
  return value;
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('%')[0].split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map(half => (half === '' ? [] : half.split(':')));
  const head = groups[0].flatMap(ipv6Group);
  const tail = (groups[1] ?? []).flatMap(ipv6Group);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  if (all.some(part => Number.isNaN(part))) return undefined;
  return all.reduce((value, part) => value * 65536n + BigInt(part), 0n);
}

function ipv6Group(group: string): number[] {
  if (group.includes('.')) {
    const v4 = parseIpv4(group);
    return v4 === undefined ? [NaN] : [Math.floor(v4 / 65536), v4 % 65536];
  }
  return [/^[0-9a-fA-F]{1,4}$/.test(group) ? parseInt(group, 16) : NaN];
}

/** A range of addresses. */
export interface Cidr {
  readonly base: Ip;
  readonly bits: number;
  readonly test: IpTest;
}

/** Parses an address or a range such as `10.1.0.0/16`; undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined) return undefined;
  const width = typeof ip === 'number' ? 32 : 128;
  const bits = slash < 0 ? width : /^\d{1,3}$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : NaN;
  if (!(bits >= 0 && bits <= width)) return undefined;
  if (typeof ip === 'number') {
    const size = 2 ** (32 - bits);
    const base = Math.floor(ip / size) * size;
    return { base, bits, test: other => typeof other === 'number' && other >= base && other < base + size };
  }
  const size = 2n ** BigInt(128 - bits);
  const base = (ip / size) * size;
  return { base, bits, test: other => typeof other === 'bigint' && other >= base && other < base + size };
}
