import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, KeyObject, sign } from 'crypto';
import { fail } from '../../private/errors';

/** Kinds of keys, the default first. */
export const KEY_TYPES = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'] as const;

/** Kind of a key. */
export type KeyType = typeof KEY_TYPES[number];

/** How an issuer signs: what the certificate says, and what Node.js calls the digest. */
export interface SignatureAlgorithm {
  readonly oid: string;
  readonly digest: string;
  /** Whether its parameters are an ASN.1 NULL, as they must be for RSA. */
  readonly nullParameters: boolean;
}

const ECDSA_SHA256: SignatureAlgorithm = { oid: '1.2.840.10045.4.3.2', digest: 'sha256', nullParameters: false };
const ECDSA_SHA384: SignatureAlgorithm = { oid: '1.2.840.10045.4.3.3', digest: 'sha384', nullParameters: false };
const RSA_SHA256: SignatureAlgorithm = { oid: '1.2.840.113549.1.1.11', digest: 'sha256', nullParameters: true };

/** Makes a key. */
export function makeKey(type: KeyType): KeyObject {
  const [family, size] = type.split('-');
  return family === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: Number(size), publicExponent: 65_537 }).privateKey
    : generateKeyPairSync('ec', { namedCurve: size === 'p384' ? 'P-384' : 'P-256' }).privateKey;
}

/** Kind of a key, private or public; undefined for one that no certificate here may have. */
export function keyTypeOf(key: KeyObject): KeyType | undefined {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') { return KEY_TYPES.find((type) => type === `rsa-${modulusLength}`); }
  if (key.asymmetricKeyType !== 'ec') { return undefined; }
  return namedCurve === 'prime256v1' ? 'ecdsa-p256' : namedCurve === 'secp384r1' ? 'ecdsa-p384' : undefined;
}

/** What kind of key this is, in words that hold for every key. */
export function describeKey(key: KeyObject): string {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  return keyTypeOf(key) ?? [key.asymmetricKeyType, namedCurve ?? modulusLength].filter((part) => part !== undefined).join('-');
}

/** How a key signs certificates. */
export function signatureAlgorithm(key: KeyObject): SignatureAlgorithm {
  if (key.asymmetricKeyType === 'rsa') { return RSA_SHA256; }
  return keyTypeOf(key) === 'ecdsa-p384' ? ECDSA_SHA384 : ECDSA_SHA256;
}

/** Signs as the key does. */
export function signWith(key: KeyObject, bytes: Uint8Array): Buffer {
  return sign(signatureAlgorithm(key).digest, bytes, key);
}

const publicHalves = new WeakMap<KeyObject, Buffer>();

/** The public half of a key, in the form in which certificates hold it. Kept, since one issuer signs many. */
export function publicKeyDer(key: KeyObject): Buffer {
  const known = publicHalves.get(key);
  if (known) { return known; }
  const bytes = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  publicHalves.set(key, bytes);
  return bytes;
}

/**
 * Name of a key: the same for its private and its public half. Certificates carry it as their subject key identifier.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7093#section-2 (fourth method, shortened as in the first)
 */
export function keyId(key: KeyObject): string {
  return createHash('sha256').update(publicKeyDer(key)).digest('hex').slice(0, 40);
}

/** PEM text of a private key. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Reads a private key, or fails; `where` says where it came from. Never says anything of its contents. */
export function readPrivateKey(pem: string, where: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    return fail('MESH-E058', `${where} holds no readable private key`, 'restore the file from its backup, or issue the certificate anew with "cdk8s-mesh pki issue"');
  }
}
