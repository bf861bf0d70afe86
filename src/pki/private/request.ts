import { Duration } from 'cdk8s';
import { usualLifetime, usualRenewBefore } from '../../engine/pki/lifetimes';
import { CertificateKind, CertificateRequest, checkRequest } from '../../engine/pki/request';
import { Subject } from '../../engine/pki/subject';
import { CertificateSubject } from '../certificate-subject';
import { KeyAlgorithm } from '../key-algorithm';

/** What constructs say of a certificate. */
export interface RequestFacts {
  readonly kind: CertificateKind;
  readonly subject?: CertificateSubject;
  readonly uris?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly keyAlgorithm?: KeyAlgorithm;
  readonly lifetime?: Duration;
  readonly renewBefore?: Duration;
  readonly pathLength?: number;
}

/** What is asked of the store; fails when no certificate can be made of it. */
export function requestOf(facts: RequestFacts, path: string): CertificateRequest {
  const lifetime = facts.lifetime?.toSeconds() ?? usualLifetime(facts.kind);
  const request: CertificateRequest = {
    kind: facts.kind,
    subject: subjectOf(facts.subject),
    uris: [...facts.uris ?? []],
    dnsNames: [...new Set(facts.dnsNames ?? [])],
    ipAddresses: [...new Set(facts.ipAddresses ?? [])],
    keyType: facts.keyAlgorithm ?? KeyAlgorithm.ECDSA_P256,
    lifetime,
    renewBefore: facts.renewBefore?.toSeconds() ?? usualRenewBefore(lifetime),
    pathLength: facts.pathLength,
  };
  checkRequest(request, path);
  return request;
}

/** A subject without what was not said, so that equal subjects are equal. */
function subjectOf({ otherAttributes, ...named }: CertificateSubject = {}): Subject {
  const others = Object.entries(otherAttributes ?? {}).sort(([a], [b]) => a < b ? -1 : 1).map(([oid, text]) => ({ oid, text }));
  const isSaid = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries({ ...named, others }).filter(([, value]) => isSaid(value)));
}
