import { KeyType } from './keys';
import { checkLifetime } from './lifetimes';
import { checkSubject, isEmptySubject, Subject } from './subject';
import { isDnsSubdomain } from '../../private/dns';
import { fail } from '../../private/errors';
import { parseIp } from '../match/ip';

/** What a certificate is for. */
export type CertificateKind = 'root' | 'intermediate' | 'workload' | 'gateway';

/** What somebody wants certified. Times are in seconds. */
export interface CertificateRequest {
  readonly kind: CertificateKind;
  readonly subject: Subject;
  /** URI alternative names; a workload has one, its SPIFFE ID. */
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyType: KeyType;
  readonly lifetime: number;
  /** How long before its end it is renewed. */
  readonly renewBefore: number;
  /** Most certificate authorities below this one; undefined for no limit, and for what is no authority. */
  readonly pathLength?: number;
}

const SPIFFE_ID = /^spiffe:\/\/[a-z0-9._-]{1,255}((?:\/[A-Za-z0-9._-]+)*)$/;
const LONGEST_SPIFFE_ID = 2048;

/** Whether certificates of the kind sign others. */
export function isAuthority(kind: CertificateKind): boolean {
  return kind === 'root' || kind === 'intermediate';
}

/** Whether the text is a SPIFFE ID. */
export function isSpiffeId(text: string): boolean {
  const path = SPIFFE_ID.exec(text)?.[1];
  return path !== undefined && text.length <= LONGEST_SPIFFE_ID && !path.split('/').some((part) => part === '.' || part === '..');
}

/** An IP address in the one form that the ASN.1 library reads: IPv6 as eight groups. */
export function plainAddress(address: string): string {
  const ip = parseIp(address);
  return typeof ip === 'bigint' ? ip.toString(16).padStart(32, '0').match(/.{4}/g)!.join(':') : address;
}

/** The names by which a Kubernetes Service is called: `svc`, `svc.ns`, `svc.ns.svc` and the fully qualified one. */
export function serviceDnsNames(service: string, namespace: string, clusterDomain: string): string[] {
  return [service, `${service}.${namespace}`, `${service}.${namespace}.svc`, `${service}.${namespace}.svc.${clusterDomain}`];
}

/** Fails for a request that no certificate can be made of, or none that anybody would accept. */
export function checkRequest(request: CertificateRequest, path?: string): void {
  checkSubject(request.subject, path);
  request.uris.forEach((uri) => checkUri(uri, path));
  request.dnsNames.forEach((name) => checkDnsName(name, request.kind, path));
  request.ipAddresses.forEach((address) => {
    if (parseIp(address) === undefined || address.includes('%')) { fail('MESH-E050', `invalid IP address, got "${address}"`, 'use an IPv4 or IPv6 address', path); }
  });
  checkKind(request, path);
  checkLifetime(request, path);
}

function checkUri(uri: string, path: string | undefined): void {
  if (!isSpiffeId(uri)) {
    fail('MESH-E050', `invalid SPIFFE ID, got "${uri}"`, 'use spiffe://TRUST-DOMAIN/PATH with a trust domain in lower case', path);
  }
}

function checkDnsName(name: string, kind: CertificateKind, path: string | undefined): void {
  const wildcard = name.startsWith('*.');
  if (!isDnsSubdomain(wildcard ? name.slice(2) : name) || (wildcard && kind !== 'gateway')) {
    fail('MESH-E050', `invalid DNS name, got "${name}"`, wildcard ? 'name the hosts one by one: only a gateway may answer for a wildcard' : 'use labels of lower-case letters, digits and dashes', path);
  }
}

function checkKind(request: CertificateRequest, path: string | undefined): void {
  const { kind, subject, uris, dnsNames, ipAddresses, pathLength } = request;
  if (isAuthority(kind)) {
    if (isEmptySubject(subject)) { fail('MESH-E050', `a ${kind} certificate without subject`, 'give it a common name', path); }
    if (pathLength !== undefined && (!Number.isInteger(pathLength) || pathLength < 0)) {
      fail('MESH-E050', `invalid path length, got ${pathLength}`, 'use a whole number, 0 for an authority that signs end certificates only', path);
    }
    return;
  }
  if (pathLength !== undefined) { fail('MESH-E050', `a path length for a ${kind} certificate`, 'leave it out: only authorities have one', path); }
  if (kind === 'workload' && (uris.length !== 1 || uris[0].split('/').length < 4)) {
    fail('MESH-E050', `a workload certificate with ${uris.length === 1 ? `the identity "${uris[0]}"` : `${uris.length} identities`}`, 'name exactly one SPIFFE ID that has a path', path);
  }
  if (kind === 'gateway' && dnsNames.length + ipAddresses.length === 0) {
    fail('MESH-E050', 'a gateway certificate for no host', 'name the hosts that the gateway answers for', path);
  }
}
