import { KeyObject, randomBytes } from 'crypto';
import type { AlgorithmIdentifier, Name } from '@peculiar/asn1-x509';
import { arrayBuffer, asn1, der } from './asn1';
import { extensionsFor } from './extensions';
import { keyId, publicKeyDer, signatureAlgorithm, signWith } from './keys';
import { fromPem, toPem } from './pem';
import { CertificateRequest } from './request';
import { Signer } from './signer';
import { encodeSubject } from './subject-encoding';

/** What goes into a certificate beside what was asked for. */
export interface Issuance {
  readonly request: CertificateRequest;
  /** The key that is certified; its private half for a root, which signs itself. */
  readonly key: KeyObject;
  /** Whoever signs; undefined for a root. */
  readonly signer?: Signer;
  /** Hexadecimal digits, see `newSerial`. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A serial number that nobody can guess: 126 random bits, positive, without a leading zero byte. */
export function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 + bytes[0] % 0x40;
  return bytes.toString('hex');
}

/** Makes a certificate and returns its PEM text. */
export function issueCertificate(issuance: Issuance): string {
  const { x509, schema } = asn1();
  const { request, key, signer, serial, notBefore, notAfter } = issuance;
  const signingKey = signer?.key ?? key;
  const subject = encodeSubject(request.subject);
  const signature = algorithmIdentifier(signingKey);
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: arrayBuffer(Buffer.from(serial, 'hex')),
    signature,
    issuer: signer ? subjectOf(signer.certificate) : subject,
    validity: new x509.Validity({ notBefore, notAfter }),
    subject,
    subjectPublicKeyInfo: schema.AsnConvert.parse(publicKeyDer(key), x509.SubjectPublicKeyInfo),
    extensions: new x509.Extensions(extensionsFor(request, key, signer && keyId(signer.key))),
  });
  const tbsCertificateRaw = arrayBuffer(der(tbsCertificate));
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: signature,
    signatureValue: arrayBuffer(signWith(signingKey, Buffer.from(tbsCertificateRaw))),
  });
  certificate.tbsCertificateRaw = tbsCertificateRaw;
  return toPem('CERTIFICATE', der(certificate));
}

/** How certificates and lists say what they are signed with. */
export function algorithmIdentifier(key: KeyObject): AlgorithmIdentifier {
  const { oid, nullParameters } = signatureAlgorithm(key);
  return new (asn1().x509.AlgorithmIdentifier)({ algorithm: oid, parameters: nullParameters ? null : undefined });
}

const subjects = new Map<string, Name>();

/** The subject of a certificate, byte for byte. Kept, since one issuer signs many. */
export function subjectOf(pem: string): Name {
  const known = subjects.get(pem);
  if (known) { return known; }
  const { x509, schema } = asn1();
  const { subject } = schema.AsnConvert.parse(fromPem('CERTIFICATE', pem)!, x509.Certificate).tbsCertificate;
  subjects.set(pem, subject);
  return subject;
}
