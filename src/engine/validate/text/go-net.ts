import * as net from 'node:net';

/** Whether a text is an IP address as Go's `net.ParseIP` reads it: no zone, no leading zeros. */
export function ipVersion(text: string): 4 | 6 | undefined {
  const version = text.includes('%') ? 0 : net.isIP(text);
  return version === 4 || version === 6 ? version : undefined;
}

/** As `ipVersion`, but leading zeros are read over, as in Go before 1.17. */
export function sloppyIpVersion(text: string): 4 | 6 | undefined {
  return ipVersion(withoutLeadingZeros(text));
}

/** Whether a text is a range of IP addresses as Go's `net.ParseCIDR` reads it. */
export function cidrVersion(text: string): 4 | 6 | undefined {
  const match = /^([^/]*)\/(\d{1,3})$/.exec(text);
  const version = match ? ipVersion(match[1]) : undefined;
  const bits = Number(match?.[2]);
  return version && bits <= (version === 4 ? 32 : 128) && !/^0\d/.test(match![2]) ? version : undefined;
}

/** As `cidrVersion`, but leading zeros are read over. */
export function sloppyCidrVersion(text: string): 4 | 6 | undefined {
  const [address, ...rest] = text.split('/');
  return cidrVersion([withoutLeadingZeros(address), ...rest.map((bits) => bits.replace(/^0+(?=\d)/, ''))].join('/'));
}

function withoutLeadingZeros(text: string): string {
  return text.replace(/(^|[.:])0+(?=\d+(\.|$))/g, '$1');
}
