import { KeyObject, verify } from 'crypto';
import type { Extension } from '@peculiar/asn1-x509';
import { arrayBuffer, asn1, der } from './asn1';
import { authorityKeyIdentifier, extension } from './extensions';
import { algorithmIdentifier, subjectOf } from './issue';
import { keyId, signatureAlgorithm, signWith } from './keys';
import { fromPem, toPem } from './pem';
import { Signer } from './signer';

/** Why a certificate is no longer good, with the numbers of RFC 5280 (5.3.1). */
export const REVOCATION_REASONS = {
  'unspecified': 0,
  'key-compromise': 1,
  'ca-compromise': 2,
  'affiliation-changed': 3,
  'superseded': 4,
  'cessation-of-operation': 5,
  'privilege-withdrawn': 9,
} as const;

/** Why a certificate is no longer good. */
export type RevocationReason = keyof typeof REVOCATION_REASONS;

/** A certificate that is no longer good. */
export interface Revocation {
  /** Hexadecimal digits. */
  readonly serial: string;
  readonly at: Date;
  readonly reason: RevocationReason;
}

/** What a list says. */
export interface RevocationListContent {
  /** Grows with every list of an issuer. */
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly Revocation[];
}

/** Makes a revocation list and returns its PEM text. */
export function issueCrl(signer: Signer, content: RevocationListContent): string {
  const { x509 } = asn1();
  const signature = algorithmIdentifier(signer.key);
  const revokedCertificates = content.revoked.map(({ serial, at, reason }) => new x509.RevokedCertificate({
    userCertificate: arrayBuffer(Buffer.from(serial, 'hex')),
    revocationDate: new x509.Time(at),
    // RFC 5280 wants the extension left out when there is nothing to say.
    crlEntryExtensions: reason === 'unspecified' ? undefined : [reasonCode(reason)],
  }));
  const tbsCertList = new x509.TBSCertList({
    version: x509.Version.v2,
    signature,
    issuer: subjectOf(signer.certificate),
    thisUpdate: new x509.Time(content.thisUpdate),
    nextUpdate: new x509.Time(content.nextUpdate),
    revokedCertificates: revokedCertificates.length > 0 ? revokedCertificates : undefined,
    crlExtensions: [authorityKeyIdentifier(keyId(signer.key)), extension(x509.id_ce_cRLNumber, false, new x509.CRLNumber(content.number))],
  });
  const tbsCertListRaw = arrayBuffer(der(tbsCertList));
  const signatureBits = arrayBuffer(signWith(signer.key, Buffer.from(tbsCertListRaw)));
  const list = new x509.CertificateList({ tbsCertList, signatureAlgorithm: signature, signature: signatureBits });
  list.tbsCertListRaw = tbsCertListRaw;
  return toPem('X509 CRL', der(list));
}

/** A revocation list that was read. */
export interface ReadCrl {
  /** Serial numbers of the certificates that are no longer good, hexadecimal digits. */
  readonly serials: readonly string[];
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  /** Whether the issuer signed it. */
  readonly signed: boolean;
}

/** Reads a revocation list. */
export function readCrl(pem: string, issuerKey: KeyObject): ReadCrl {
  const { x509, schema } = asn1();
  const list = schema.AsnConvert.parse(fromPem('X509 CRL', pem)!, x509.CertificateList);
  const { tbsCertList } = list;
  const signed = list.tbsCertListRaw ? Buffer.from(list.tbsCertListRaw) : der(tbsCertList);
  return {
    serials: (tbsCertList.revokedCertificates ?? []).map(({ userCertificate }) => Buffer.from(userCertificate).toString('hex')),
    thisUpdate: tbsCertList.thisUpdate.getTime(),
    nextUpdate: tbsCertList.nextUpdate?.getTime(),
    signed: verify(signatureAlgorithm(issuerKey).digest, signed, issuerKey, Buffer.from(list.signature)),
  };
}

function reasonCode(reason: RevocationReason): Extension {
  const { x509 } = asn1();
  return extension(x509.id_ce_cRLReasons, false, new x509.CRLReason(REVOCATION_REASONS[reason]));
}
