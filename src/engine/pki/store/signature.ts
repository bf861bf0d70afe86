import { KeyObject, verify, X509Certificate } from 'crypto';
import { signatureAlgorithm, signWith } from '../keys';
import type { ParsedIndex } from './index-text';
import { Records } from './records';
import { CertificateRecord, IndexSignature, ISSUER } from './store-index';

/** Signs the text of an index. */
export function signText(text: string, signer: CertificateRecord, key: KeyObject): IndexSignature {
  return { by: signer.serial, text: signWith(key, Buffer.from(text)).toString('base64') };
}

/** The certificates whose keys may sign the index: intermediates of meshes may not, since their keys are in clusters. */
export function indexSigners(records: Records): CertificateRecord[] {
  const issuer = records.current(ISSUER);
  return [...issuer && !issuer.revoked ? [issuer] : [], ...records.trustedRoots()];
}

/** Whether the holder of one of the authority's own keys signed exactly this text, which tells of these certificates. */
export function isSigned({ text, signature }: ParsedIndex, records: Records): boolean {
  const signer = indexSigners(records).find(({ serial }) => serial === signature.by);
  if (!signer) { return false; }
  const chain = records.chainOf(signer);
  if (!records.trustedRoots().includes(chain[chain.length - 1])) { return false; }
  try {
    const certificates = chain.map(({ certificate }) => new X509Certificate(Buffer.from(certificate, 'base64')));
    const chains = certificates.every((certificate, at) => certificate.verify(certificates[Math.min(at + 1, certificates.length - 1)].publicKey));
    const { publicKey } = certificates[0];
    return chains && verify(signatureAlgorithm(publicKey).digest, Buffer.from(text), publicKey, Buffer.from(signature.text, 'base64'));
  } catch {
    // A damaged certificate shows in whatever step first needs the part that is damaged.
    return false;
  }
}
