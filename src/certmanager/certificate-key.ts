import * as crd from './crd';
import { fail } from '../private/errors';

/** How a private key is kept and when it changes. */
export interface CertificateKeyOptions {
  /**
   * How it is written down.
   *
   * @default - PKCS1 for RSA and ECDSA keys, PKCS8 for Ed25519
   */
  readonly encoding?: crd.CertificatePrivateKeyEncoding;

  /**
   * Whether a new key is made whenever the certificate is renewed.
   *
   * @default true
   */
  readonly rotates?: boolean;
}

/** The private key of a certificate that cert-manager makes. */
export class CertificateKey {
  /**
   * ECDSA.
   *
   * @param bits 256, 384 or 521
   * @param options how it is kept
   */
  public static ecdsa(bits: number = 256, options: CertificateKeyOptions = {}): CertificateKey {
    if (![256, 384, 521].includes(bits)) { fail('MESH-E050', `invalid ECDSA key of ${bits} bits`, 'use 256, 384 or 521'); }
    return new CertificateKey(crd.CertificatePrivateKeyAlgorithm.ECDSA, bits, options);
  }

  /**
   * RSA.
   *
   * @param bits 2048 to 8192
   * @param options how it is kept
   */
  public static rsa(bits: number = 2048, options: CertificateKeyOptions = {}): CertificateKey {
    if (!Number.isInteger(bits) || bits < 2048 || bits > 8192) { fail('MESH-E050', `invalid RSA key of ${bits} bits`, 'use 2048 to 8192'); }
    return new CertificateKey(crd.CertificatePrivateKeyAlgorithm.RSA, bits, options);
  }

  /**
   * Ed25519, which no mesh understands; for certificates outside of meshes.
   *
   * @param options how it is kept
   */
  public static ed25519(options: CertificateKeyOptions = {}): CertificateKey {
    return new CertificateKey(crd.CertificatePrivateKeyAlgorithm.ED25519, undefined, options);
  }

  private constructor(private readonly algorithm: crd.CertificatePrivateKeyAlgorithm, private readonly bits: number | undefined, private readonly options: CertificateKeyOptions) {}

  /** @internal */
  public _render(): crd.CertificatePrivateKey {
    const { encoding, rotates = true } = this.options;
    const { ALWAYS, NEVER } = crd.CertificatePrivateKeyRotationPolicy;
    // Always written: what holds without it differs between versions of cert-manager.
    return { algorithm: this.algorithm, size: this.bits, encoding, rotationPolicy: rotates ? ALWAYS : NEVER };
  }

  /**
   * Whether a signature may be made with it.
   *
   * @internal
   */
  public _signs(algorithm: crd.CertificateSignatureAlgorithm): boolean {
    const { RSA, ECDSA } = crd.CertificatePrivateKeyAlgorithm;
    return this.algorithm === RSA ? algorithm.endsWith('RSA') : this.algorithm === ECDSA ? algorithm.startsWith('ECDSA') : algorithm === crd.CertificateSignatureAlgorithm.PURE_ED25519;
  }
}
