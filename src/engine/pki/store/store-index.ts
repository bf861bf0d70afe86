import type { RevocationReason } from '../crl';
import type { CertificateKind, CertificateRequest } from '../request';

/** How far a change of the root is. */
export type RotationPhase = 'steady' | 'add-root' | 'switch-issuer';

/** A certificate that was issued. Instants are in UTC, to the second. */
export interface CertificateRecord {
  /** What it is issued for: `root/1`, `issuer`, `intermediate/east`, `workload/shop/cart-tls`. */
  readonly name: string;
  /** Hexadecimal digits. */
  readonly serial: string;
  readonly request: CertificateRequest;
  readonly notBefore: string;
  readonly notAfter: string;
  /** Serial number of the certificate that signed it; its own for a root. */
  readonly issuer: string;
  /** Name of the key, see `keyId`. */
  readonly keyId: string;
  /** The certificate itself: its DER form in base64. */
  readonly certificate: string;
  /** Whether it is in use: the newest of its name, or a root that is trusted. */
  readonly current: boolean;
  readonly revoked?: { readonly at: string; readonly reason: RevocationReason };
}

/** A private key in sealed form. */
export interface SealedRecord {
  /** Serial number of the certificate whose key it is. */
  readonly serial: string;
  /** What it is bound to. */
  readonly label: string;
  /** SHA-256 over the DER form of the sealing certificate, hexadecimal digits. */
  readonly sealedFor: string;
  /** The sealed text. */
  readonly text: string;
}

/** A certificate that private keys are sealed for. */
export interface SealingRecord {
  /** SHA-256 over the DER form, hexadecimal digits. */
  readonly fingerprint: string;
  /** The certificate itself: its DER form in base64. */
  readonly certificate: string;
}

/** A revocation list. */
export interface ListRecord {
  /** Serial number of the certificate that signed it. */
  readonly issuer: string;
  readonly number: number;
  readonly nextUpdate: string;
  /** The list itself: its DER form in base64. */
  readonly crl: string;
}

/** How an authority issues. Times are in seconds. */
export interface AuthoritySettings {
  readonly root: CertificateRequest;
  readonly issuer: CertificateRequest;
  /** How long after a new root (or issuer) everybody is sure to know it, and how long the certificates live that meshes issue themselves. */
  readonly overlap: number;
}

/** Everything that an authority knows of itself and of what it issued. */
export interface StoreIndex {
  readonly format: 1;
  readonly authority: string;
  readonly trustDomain: string;
  readonly settings: AuthoritySettings;
  readonly rotation: { readonly phase: RotationPhase; readonly since: string; readonly signingRoot: string };
  readonly certificates: readonly CertificateRecord[];
  readonly sealed: readonly SealedRecord[];
  readonly sealing: readonly SealingRecord[];
  readonly lists: readonly ListRecord[];
  /** SHA-256 over the file that lists what has expired. */
  readonly historyDigest?: string;
}

/** Proof that whoever wrote the index holds the key of the authority. */
export interface IndexSignature {
  /** Serial number of the certificate whose key signed. */
  readonly by: string;
  /** Base64. */
  readonly text: string;
}

/** Name of the intermediate that signs what the authority issues itself. */
export const ISSUER = 'issuer';

/** Name of a root, by its number. */
export function rootName(generation: number): string {
  return `root/${generation}`;
}

/** Number of a root. */
export function generationOf(name: string): number {
  return Number(name.slice('root/'.length));
}

/** Name of a certificate of an app. */
export function leafName(kind: CertificateKind, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

/** Whether a certificate must be renewed by now. */
export function isDue({ notAfter, request }: Pick<CertificateRecord, 'notAfter' | 'request'>, now: Date): boolean {
  return Date.parse(notAfter) - request.renewBefore * 1000 <= now.getTime();
}
