import { createCipheriv, createDecipheriv, KeyObject, privateDecrypt, publicEncrypt, randomBytes, X509Certificate } from 'crypto';
import { fail } from '../../private/errors';

/** Where a sealed text can be opened: under one name, anywhere in one namespace, anywhere in the cluster. */
export type SealingScope = 'strict' | 'namespace-wide' | 'cluster-wide';

const SESSION_KEY_BYTES = 32;
const TAG_BYTES = 16;
/** A session key encrypts one text only, so its nonce may be fixed. */
const NONCE = Buffer.alloc(12);

/** What a sealed text is bound to, as the controller computes it. */
export function sealingLabel(scope: SealingScope, namespace: string, name: string): string {
  return { 'strict': `${namespace}/${name}`, 'namespace-wide': namespace, 'cluster-wide': '' }[scope];
}

/**
 * Encrypts a text so that only the sealed-secrets controller of the certificate can read it. Every call gives another text.
 *
 * The form is: length of the encrypted session key in two bytes, session key under RSA-OAEP with SHA-256, text under AES-256-GCM.
 *
 * @see https://github.com/bitnami-labs/sealed-secrets/blob/main/docs/developer/crypto.md
 */
export function seal(text: string, label: string, key: KeyObject): string {
  const sessionKey = randomBytes(SESSION_KEY_BYTES);
  const wrapped = publicEncrypt({ key, oaepHash: 'sha256', oaepLabel: Buffer.from(label) }, sessionKey);
  const cipher = createCipheriv('aes-256-gcm', sessionKey, NONCE);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return Buffer.concat([length, wrapped, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Decrypts a sealed text; undefined when it was sealed for another key or label, or changed. */
export function unseal(sealed: string, label: string, key: KeyObject): string | undefined {
  try {
    const bytes = Buffer.from(sealed, 'base64');
    const end = 2 + bytes.readUInt16BE(0);
    const sessionKey = privateDecrypt({ key, oaepHash: 'sha256', oaepLabel: Buffer.from(label) }, bytes.subarray(2, end));
    const decipher = createDecipheriv('aes-256-gcm', sessionKey, NONCE);
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(end, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** The key in the certificate of a sealed-secrets controller; fails for anything else. */
export function sealingKey(certificate: string, path?: string): KeyObject {
  const key = readKey(certificate);
  if (key?.asymmetricKeyType !== 'rsa') {
    fail('MESH-E050', 'a sealing certificate that is none', 'give the PEM text that "kubeseal --fetch-cert" prints', path);
  }
  return key;
}

function readKey(certificate: string): KeyObject | undefined {
  try {
    return new X509Certificate(certificate).publicKey;
  } catch {
    return undefined;
  }
}
