import { createHash, KeyObject, X509Certificate } from 'crypto';
import type { Certificate, GeneralName } from '@peculiar/asn1-x509';
import { asn1 } from './asn1';
import { describeKey } from './keys';
import { fromPem } from './pem';
import { describeName } from './subject-encoding';
import { fail } from '../../private/errors';
import { parseIp } from '../match/ip';

/** What a certificate says. */
export interface CertificateFacts {
  /** PEM text. */
  readonly pem: string;
  /** Hexadecimal digits. */
  readonly serial: string;
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isAuthority: boolean;
  /** Most authorities below it; undefined for no limit. */
  readonly pathLength?: number;
  /** Such as `digitalSignature`; undefined when it may be used for anything. */
  readonly keyUsages?: readonly string[];
  /** Object identifiers; undefined when it may be used for anything. */
  readonly extendedKeyUsages?: readonly string[];
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Hexadecimal digits. */
  readonly keyId?: string;
  /** Hexadecimal digits. */
  readonly issuerKeyId?: string;
  readonly publicKey: KeyObject;
  readonly keyType: string;
  /** SHA-256 over the DER form, hexadecimal digits. */
  readonly fingerprint: string;
  /** For checks of the signature. */
  readonly x509: X509Certificate;
}

/** Reads one certificate; undefined when the text holds none that can be read. */
export function tryReadCertificate(pem: string): CertificateFacts | undefined {
  const bytes = fromPem('CERTIFICATE', pem);
  if (!bytes) { return undefined; }
  try {
    const library = asn1();
    return factsOf(pem, new X509Certificate(bytes), library.schema.AsnConvert.parse(bytes, library.x509.Certificate));
  } catch {
    return undefined;
  }
}

/** Reads one certificate, or fails; `where` says where it came from. */
export function readCertificate(pem: string, where: string): CertificateFacts {
  return tryReadCertificate(pem) ?? fail('MESH-E050', `${where} holds no readable certificate`, 'use a certificate in PEM form');
}

/** SHA-256 over the DER form of a certificate, hexadecimal digits. Needs no ASN.1. */
export function fingerprintOf(pem: string): string {
  return createHash('sha256').update(fromPem('CERTIFICATE', pem) ?? '').digest('hex');
}

function factsOf(pem: string, x509: X509Certificate, { tbsCertificate: tbs }: Certificate): CertificateFacts {
  const library = asn1().x509;
  const names: readonly GeneralName[] = [...read(tbs, library.id_ce_subjectAltName, library.SubjectAlternativeName) ?? []];
  const basic = read(tbs, library.id_ce_basicConstraints, library.BasicConstraints);
  const { publicKey } = x509;
  return {
    pem,
    serial: hex(tbs.serialNumber),
    subject: describeName(tbs.subject),
    issuer: describeName(tbs.issuer),
    notBefore: tbs.validity.notBefore.getTime(),
    notAfter: tbs.validity.notAfter.getTime(),
    isAuthority: basic?.cA ?? false,
    pathLength: basic?.pathLenConstraint,
    keyUsages: keyUsages(read(tbs, library.id_ce_keyUsage, library.KeyUsage)?.toNumber()),
    extendedKeyUsages: orUndefined(read(tbs, library.id_ce_extKeyUsage, library.ExtendedKeyUsage)),
    uris: names.flatMap((name) => name.uniformResourceIdentifier ?? []),
    dnsNames: names.flatMap((name) => name.dNSName ?? []),
    ipAddresses: names.flatMap((name) => name.iPAddress ?? []),
    keyId: hexOf(read(tbs, library.id_ce_subjectKeyIdentifier, library.SubjectKeyIdentifier)),
    issuerKeyId: hexOf(read(tbs, library.id_ce_authorityKeyIdentifier, library.AuthorityKeyIdentifier)?.keyIdentifier),
    publicKey,
    keyType: describeKey(publicKey),
    fingerprint: fingerprintOf(pem),
    x509,
  };
}

function read<T>(tbs: Certificate['tbsCertificate'], oid: string, type: new () => T): T | undefined {
  const found = tbs.extensions?.find(({ extnID }) => extnID === oid);
  return found && asn1().schema.AsnConvert.parse(found.extnValue.buffer, type);
}

function keyUsages(bits: number | undefined): string[] | undefined {
  if (bits === undefined) { return undefined; }
  const flags = asn1().x509.KeyUsageFlags;
  return Object.entries(flags).flatMap(([name, bit]) => typeof bit === 'number' && Math.floor(bits / bit) % 2 === 1 ? [name] : []);
}

function orUndefined(list: readonly string[] | undefined): string[] | undefined {
  return list && [...list];
}

function hexOf(octets: { readonly buffer: ArrayBufferLike } | undefined): string | undefined {
  return octets && hex(octets.buffer);
}

function hex(bytes: ArrayBufferLike): string {
  return Buffer.from(bytes).toString('hex');
}

/** Whether a certificate answers for a host: a name, a wildcard over exactly one label, or an address. */
export function answersFor(certificate: Pick<CertificateFacts, 'dnsNames' | 'ipAddresses'>, host: string): boolean {
  const address = parseIp(host);
  if (address !== undefined) { return certificate.ipAddresses.some((own) => parseIp(own) === address); }
  const name = host.toLowerCase();
  return certificate.dnsNames.some((own) => own === name || (own.startsWith('*.') && name.indexOf('.') > 0 && name.slice(name.indexOf('.')) === own.slice(1)));
}

/** Whether clients accept a certificate for every host that a name or a wildcard stands for: a wildcard is covered by the same one only. */
export function coversHost(certificate: Pick<CertificateFacts, 'dnsNames' | 'ipAddresses'>, host: string): boolean {
  return certificate.dnsNames.includes(host) || (!host.startsWith('*.') && answersFor(certificate, host));
}
