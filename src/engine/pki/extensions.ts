import type { KeyObject } from 'crypto';
import type { Extension } from '@peculiar/asn1-x509';
import { arrayBuffer, asn1, der } from './asn1';
import { keyId } from './keys';
import { CertificateRequest, isAuthority, plainAddress } from './request';
import { isEmptySubject } from './subject';

/** The extensions of a certificate. */
export function extensionsFor(request: CertificateRequest, key: KeyObject, issuerKeyId: string | undefined): Extension[] {
  const { x509 } = asn1();
  const authority = isAuthority(request.kind);
  const basic = authority ? { cA: true, pathLenConstraint: request.pathLength } : { cA: false };
  return [
    extension(x509.id_ce_basicConstraints, true, new x509.BasicConstraints(basic)),
    extension(x509.id_ce_keyUsage, true, new x509.KeyUsage(keyUsage(authority, key))),
    ...(authority ? [] : [extension(x509.id_ce_extKeyUsage, false, new x509.ExtendedKeyUsage(extendedUsage(request)))]),
    ...alternativeNames(request),
    extension(x509.id_ce_subjectKeyIdentifier, false, new x509.SubjectKeyIdentifier(arrayBuffer(Buffer.from(keyId(key), 'hex')))),
    ...(issuerKeyId === undefined ? [] : [authorityKeyIdentifier(issuerKeyId)]),
  ];
}

/** Names the key of the issuer. */
export function authorityKeyIdentifier(id: string): Extension {
  const { x509 } = asn1();
  const keyIdentifier = new x509.KeyIdentifier(arrayBuffer(Buffer.from(id, 'hex')));
  return extension(x509.id_ce_authorityKeyIdentifier, false, new x509.AuthorityKeyIdentifier({ keyIdentifier }));
}

/** One extension. */
export function extension(oid: string, critical: boolean, content: unknown): Extension {
  const { x509, schema } = asn1();
  return new x509.Extension({ extnID: oid, critical, extnValue: new schema.OctetString(arrayBuffer(der(content))) });
}

function keyUsage(authority: boolean, key: KeyObject): number {
  const { KeyUsageFlags } = asn1().x509;
  if (authority) { return KeyUsageFlags.keyCertSign + KeyUsageFlags.cRLSign; }
  // Only RSA keys can take part in the key exchange of old TLS versions.
  return key.asymmetricKeyType === 'rsa' ? KeyUsageFlags.digitalSignature + KeyUsageFlags.keyEncipherment : KeyUsageFlags.digitalSignature;
}

function extendedUsage({ kind }: CertificateRequest): string[] {
  const { x509 } = asn1();
  return kind === 'workload' ? [x509.id_kp_serverAuth, x509.id_kp_clientAuth] : [x509.id_kp_serverAuth];
}

/** Critical when they are all that says who the certificate is about, as RFC 5280 (4.2.1.6) demands. */
function alternativeNames({ subject, uris, dnsNames, ipAddresses }: CertificateRequest): Extension[] {
  const { x509 } = asn1();
  const names = [
    ...uris.map((uniformResourceIdentifier) => new x509.GeneralName({ uniformResourceIdentifier })),
    ...dnsNames.map((dNSName) => new x509.GeneralName({ dNSName })),
    ...ipAddresses.map((address) => new x509.GeneralName({ iPAddress: plainAddress(address) })),
  ];
  return names.length === 0 ? [] : [extension(x509.id_ce_subjectAltName, isEmptySubject(subject), new x509.SubjectAlternativeName(names))];
}
