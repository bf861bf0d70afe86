import { CuratedIssuer } from './curated-issuer';
import { describeSeconds } from '../../engine/pki/lifetimes';
import { fail } from '../../private/errors';
import type { CertificateProps } from '../certificate';

const LEAST_SECONDS = 3600;
const LEAST_RENEWAL_SECONDS = 300;
/** What holds without a duration. */
const USUAL_SECONDS = 2160 * 3600;
const LONGEST_COMMON_NAME = 64;

/** Fails for what the webhook of cert-manager refuses, and for what no issuer of the kind can sign. */
export function checkCertificate(props: CertificateProps, path: string): void {
  checkNames(props, path);
  checkTimes(props, path);
  const { privateKey, signatureAlgorithm, nameConstraints, isCa, secretTemplate } = props;
  if (signatureAlgorithm !== undefined && privateKey && !privateKey._signs(signatureAlgorithm)) {
    fail('MESH-E050', `signature algorithm ${signatureAlgorithm} for a key that cannot sign so`, 'leave it out, or use one that fits the key', path);
  }
  if (nameConstraints && !isCa) { fail('MESH-E050', 'name constraints for a certificate that signs nothing', 'leave them out, or set isCa', path); }
  const reserved = Object.keys({ ...secretTemplate?.labels, ...secretTemplate?.annotations }).find((key) => /(^|\.)cert-manager\.io\//.test(key));
  if (reserved !== undefined) { fail('MESH-E050', `"${reserved}" in the template of a Secret`, 'leave it out: keys of cert-manager.io are its own', path); }
  checkIssuer(props, path);
}

function checkNames({ commonName, literalSubject, subject, dnsNames, uris, ipAddresses, emailAddresses, otherNames }: CertificateProps, path: string): void {
  const names = [dnsNames, uris, ipAddresses, emailAddresses, otherNames].flatMap((list): readonly unknown[] => list ?? []);
  if (names.length === 0 && !commonName && !literalSubject) {
    fail('MESH-E050', 'a certificate without any name', 'give it DNS names, URIs, addresses or a common name', path);
  }
  if (commonName !== undefined && [...commonName].length > LONGEST_COMMON_NAME) {
    fail('MESH-E050', `a common name of ${[...commonName].length} characters`, `use at most ${LONGEST_COMMON_NAME}; names that clients check belong in dnsNames and uris`, path);
  }
  if (literalSubject !== undefined && (commonName !== undefined || subject !== undefined)) {
    fail('MESH-E027', 'a literal subject beside a subject or common name', 'say it in one of the two ways', path);
  }
}

function checkTimes({ duration, renewBefore, renewBeforePercentage }: CertificateProps, path: string): void {
  const seconds = duration?.toSeconds() ?? USUAL_SECONDS;
  if (seconds < LEAST_SECONDS) { fail('MESH-E050', `invalid duration of a certificate, got ${describeSeconds(seconds)}`, 'use an hour or more', path); }
  if (renewBefore && renewBeforePercentage !== undefined) { fail('MESH-E027', 'renewBefore beside renewBeforePercentage', 'say it in one of the two ways', path); }
  const before = renewBefore?.toSeconds();
  if (before !== undefined && (before < LEAST_RENEWAL_SECONDS || before >= seconds)) {
    fail('MESH-E057', `a certificate of ${describeSeconds(seconds)} that is renewed ${describeSeconds(before)} before its end`, 'renew it at least 5 minutes before its end, and after its beginning', path);
  }
  if (renewBeforePercentage !== undefined && !(Number.isInteger(renewBeforePercentage) && renewBeforePercentage > 0 && renewBeforePercentage < 100)) {
    fail('MESH-E057', `invalid renewBeforePercentage, got ${renewBeforePercentage}`, 'use a whole number from 1 to 99', path);
  }
}

function checkIssuer({ issuer, isCa, uris = [] }: CertificateProps, path: string): void {
  const isAcme = issuer instanceof CuratedIssuer && issuer._render().acme !== undefined;
  if (isAcme && (isCa || uris.length > 0)) {
    fail('MESH-E050', `${isCa ? 'a certificate authority' : `URI ${uris[0]}`} from ACME issuer ${issuer.resourceName}`, 'use an issuer that signs with a certificate authority of your own, or a Vault', path);
  }
}
