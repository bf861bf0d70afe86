import { Ip, parseCidr, parseIp } from '../../match/ip';
import { parseIdentity } from '../../model/identity';
import { JsonObject, objectsOf, textOf, textsOf } from '../../model/json';

/** A client as Linkerd's proxy knows it. */
export interface LinkerdClient {
  readonly ip?: Ip;
  /** Name in its certificate: `<account>.<namespace>.serviceaccount.identity.…`, or `spiffe://…`. */
  readonly identity?: string;
  /** Whether the connection is protected; a client with an identity always has that. */
  readonly tls: boolean;
}

/** Who a client must be. */
export type Authentication =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'tls' }
  | { readonly kind: 'identity'; readonly identities: readonly string[] };

/** Where a client must come from. */
export interface Network {
  readonly cidr: string;
  readonly except: readonly string[];
}

/** All addresses there are. */
export const EVERYWHERE: readonly Network[] = [{ cidr: '0.0.0.0/0', except: [] }, { cidr: '::/0', except: [] }];

/** The name of an identity in Linkerd's certificates. */
export function linkerdIdentity(principal: string | undefined, suffix: string): string | undefined {
  if (principal === undefined || principal.startsWith('spiffe://')) return principal;
  const parsed = parseIdentity(principal);
  return parsed && `${parsed.serviceAccount}.${parsed.namespace}.${suffix.replace(/^(serviceaccount\.identity\.[^.]+)\..*$/, `$1.${parsed.trustDomain}`)}`;
}

/** Whether a name in a policy means an identity: `*` is anybody, `*.` leads a suffix, everything else is literal. */
export function identityFits(pattern: string, identity: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') && !identity.startsWith('spiffe://') ? identity.endsWith(pattern.slice(1)) : pattern === identity;
}

/** Whether a client is who it must be. */
export function isAuthenticated(authentication: Authentication, { identity, tls }: LinkerdClient): boolean {
  switch (authentication.kind) {
    case 'anyone': return true;
    case 'tls': return tls;
    case 'identity': return identity !== undefined && authentication.identities.some(pattern => identityFits(pattern, identity));
  }
}

/** Reads the networks of a policy. */
export function networksOf(items: unknown): Network[] {
  return objectsOf(items).map((item: JsonObject) => ({ cidr: textOf(item.cidr) ?? '', except: textsOf(item.except) }));
}

/** Networks of addresses without exceptions. */
export function plainNetworks(cidrs: readonly string[]): Network[] {
  return cidrs.map(cidr => ({ cidr, except: [] }));
}

/** Whether an address lies in a network and in none of its exceptions. */
export function isWithin({ cidr, except }: Network, ip: Ip): boolean {
  return parseCidr(cidr)?.test(ip) === true && !except.some(item => parseCidr(item)?.test(ip));
}

/** Whether networks hold all addresses of both kinds, so that it does not matter where a client is. */
export function coversAll(networks: readonly Network[]): boolean {
  return networks.some(item => item.cidr.endsWith('/0') && item.except.length === 0);
}

const LOOPBACK: readonly (Ip | undefined)[] = [parseIp('127.0.0.1'), parseIp('::1')];

/** Whether an address is the pod's own, from which everything is allowed. */
export function isLoopback(ip: Ip | undefined): boolean {
  return ip !== undefined && LOOPBACK.includes(ip);
}
