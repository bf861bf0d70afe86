import { isIpAddress } from '../../core/private/check-values';
import { isDnsSubdomain } from '../../private/dns';
import { fail } from '../../private/errors';

/** Returns the host name, or throws when routes and listeners cannot have it. The first label may be a wildcard. */
export function checkedHostname(hostname: string, path?: string): string {
  const bare = hostname.startsWith('*.') ? hostname.slice(2) : hostname;
  if (!isDnsSubdomain(bare) || isIpAddress(bare)) {
    fail('MESH-E002', `invalid host name, got "${hostname}"`, 'use a DNS name in lower case such as "shop.example.com" or "*.example.com", without port; an IP address is none', path);
  }
  return hostname;
}

/** Whether there is a name that both stand for. A wildcard stands for one label or more. */
export function hostsMeet(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || a === b) { return true; }
  return covers(a, b) || covers(b, a);
}

function covers(wildcard: string, host: string): boolean {
  return wildcard.startsWith('*.') && host.endsWith(wildcard.slice(1)) && host.length > wildcard.length - 1;
}
