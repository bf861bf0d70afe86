import { AuthoritySession } from './authority-session';

/** A Secret of which one entry is a private key. */
export interface SinkSecret {
  readonly name: string;
  readonly namespace: string;
  /** Type of the Secret. */
  readonly type: string;
  readonly labels?: { readonly [key: string]: string };
  /** Entry that holds the private key. */
  readonly keyEntry: string;
  /** The other entries. Fails while the certificate cannot be used. */
  readonly entries: () => { readonly [entry: string]: string };
  /** Name of the certificate in the store. */
  readonly certificateName: string;
  readonly session: AuthoritySession;
}

