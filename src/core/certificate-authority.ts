import { IConstruct } from 'constructs';

/**
 * Whoever vouches for the identities of a mesh or a namespace.
 *
 * The library brings `pki.MeshCertificateAuthority` and `pki.CertManagerAuthority`; others may be added by implementing this.
 */
export interface ICertificateAuthority extends IConstruct {
  /** Name by which it is spoken of. */
  readonly authorityName: string;

  /** Trust domain of the identities that it vouches for. */
  readonly trustDomain: string;

  /** SHA-256 fingerprints of its roots, in hexadecimal digits; empty when they are known in the cluster only. */
  readonly rootFingerprints: string[];
}
