/** Kind of a private key. */
export enum KeyAlgorithm {
  /** ECDSA on the curve P-256: fast, and understood by everything. */
  ECDSA_P256 = 'ecdsa-p256',
  /** ECDSA on the curve P-384. */
  ECDSA_P384 = 'ecdsa-p384',
  /** RSA of 2048 bits. */
  RSA_2048 = 'rsa-2048',
  /** RSA of 3072 bits. */
  RSA_3072 = 'rsa-3072',
  /** RSA of 4096 bits. */
  RSA_4096 = 'rsa-4096',
}
