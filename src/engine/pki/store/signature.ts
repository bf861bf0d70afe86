import { KeyObject, verify, X509Certificate } from 'crypto';
import { signatureAlgorithm, signWith } from '../keys';
import { canonicalJson } from './index-text';
import { Records } from './records';
import { CertificateRecord, IndexSignature, ISSUER, StoreIndex } from './store-index';

/** Signs an index. */
export function signIndex(index: StoreIndex, signer: CertificateRecord, key: KeyObject): IndexSignature {
  return { by: signer.serial, text: signWith(key, bytesOf(index)).toString('base64') };
}

/** The certificates whose keys may sign the index: intermediates of meshes may not, since their keys are in clusters. */
export function indexSigners(records: Records): CertificateRecord[] {
  const issuer = records.current(ISSUER);
  return [...issuer && !issuer.revoked ? [issuer] : [], ...records.trustedRoots()];
}

/** Whether the holder of one of the authority's own keys signed exactly this index. `pemOf` reads a certificate and checks that it is the one recorded. */
export function isSigned(index: StoreIndex, records: Records, signature: IndexSignature, pemOf: (record: CertificateRecord) => string): boolean {
  const signer = indexSigners(records).find(({ serial }) => serial === signature.by);
  if (!signer) { return false; }
  const chain = records.chainOf(signer);
  if (!records.trustedRoots().includes(chain[chain.length - 1])) { return false; }
  const certificates = chain.map((record) => new X509Certificate(pemOf(record)));
  const chains = certificates.every((certificate, at) => certificate.verify(certificates[Math.min(at + 1, certificates.length - 1)].publicKey));
  const { publicKey } = certificates[0];
  return chains && verify(signatureAlgorithm(publicKey).digest, bytesOf(index), publicKey, Buffer.from(signature.text, 'base64'));
}

function bytesOf(index: StoreIndex): Buffer {
  return Buffer.from(canonicalJson(index));
}
