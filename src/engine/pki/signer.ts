import type { KeyObject } from 'crypto';

/** Somebody who can sign. */
export interface Signer {
  /** PEM text of the certificate. */
  readonly certificate: string;
  readonly key: KeyObject;
}
