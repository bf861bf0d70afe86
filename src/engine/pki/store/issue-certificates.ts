import { fail } from '../../../private/errors';
import { fingerprintOf } from '../facts';
import { checkIssuerLifetime } from '../lifetimes';
import { CertificateRequest, isAuthority } from '../request';
import { AuthorityStore } from './authority-store';
import { Draft, signerFor } from './draft';
import { CertificateRecord } from './store-index';

/** Where a private key is sealed to. */
export interface SealTarget {
  /** What the sealed text is bound to. */
  readonly label: string;
  /** PEM text of the certificate of the controller that opens it. */
  readonly certificate: string;
}

/** A certificate that somebody wants. */
export interface WantedCertificate {
  readonly name: string;
  readonly request: CertificateRequest;
  readonly sealTo?: SealTarget;
}

/** Whether a certificate is there as it is wanted. */
export type Standing = 'ready' | 'not-issued' | 'changed' | 'revoked' | 'not-sealed';

/** How what is wanted stands against what was issued. */
export function standingOf(store: AuthorityStore, wanted: WantedCertificate): Standing {
  const record = store.records.current(wanted.name);
  if (!record) { return 'not-issued'; }
  if (!sameRequest(record.request, wanted.request)) { return 'changed'; }
  if (record.revoked) { return 'revoked'; }
  const { sealTo } = wanted;
  return sealTo && store.sealedText(record.serial, sealTo.label, fingerprintOf(sealTo.certificate)) === undefined ? 'not-sealed' : 'ready';
}

/** Issues a certificate unless it was issued as it is wanted, and seals its key where it has to be. */
export function ensureCertificate(draft: Draft, { name, request, sealTo }: WantedCertificate): CertificateRecord {
  const existing = draft.records.current(name);
  const record = existing && !existing.revoked && sameRequest(existing.request, request) ? existing : issue(draft, name, request);
  if (sealTo) { draft.seal(record, sealTo.label, sealTo.certificate); }
  return record;
}

/** Issues a certificate anew, with a new key. What was sealed before is sealed again. */
export function reissue(draft: Draft, record: CertificateRecord): CertificateRecord {
  const fresh = issue(draft, record.name, record.request);
  draft.sealedOf(record).forEach(({ label, sealedFor }) => draft.seal(fresh, label, draft.sealingCertificate(sealedFor)));
  return fresh;
}

/** Whether two people ask for the same. */
export function sameRequest(a: CertificateRequest, b: CertificateRequest): boolean {
  return same(a, b);
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) { return a === b; }
  const [left, right] = [a as { readonly [name: string]: unknown }, b as { readonly [name: string]: unknown }];
  return Object.keys(left).every((name) => same(left[name], right[name])) && Object.keys(right).every((name) => right[name] === undefined || left[name] !== undefined);
}

function issue(draft: Draft, name: string, request: CertificateRequest): CertificateRecord {
  const signer = signerFor(draft, name, request) ?? fail('MESH-E031', `${name} is a root`, 'rotate it with "cdk8s-mesh pki rotate --phase add-root"');
  if (!isAuthority(request.kind)) { checkIssuerLifetime(signer.request, { what: name, lifetime: request.lifetime }); }
  return draft.issue(name, request, signer);
}
