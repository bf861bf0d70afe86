import { createSign, generateKeyPairSync, KeyObject } from 'crypto';

/** What a token says beside its issuer. */
export type Claims = Readonly<Record<string, unknown>>;

/** Somebody who issues signed tokens. */
export class TokenIssuer {
  private readonly secret: KeyObject;
  /** The public key, as the JSON text of a key set. */
  readonly keySet: string;

  constructor(readonly issuer: string) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.secret = privateKey;
    this.keySet = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: this.keyId, use: 'sig', alg: 'RS256' }] });
  }

  /** A token for an hour. What is said of `iss`, `sub`, `iat` and `exp` replaces what stands there otherwise. */
  token(claims: Claims = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
    const body = part({ iss: this.issuer, sub: 'ann', iat: now, exp: now + 3600, ...claims });
    const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: this.keyId })}.${body}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(this.secret, 'base64url')}`;
  }

  private get keyId(): string {
    return `key of ${this.issuer}`;
  }
}
