import type { KeyObject } from 'crypto';
import { answersFor, CertificateFacts } from './facts';
import { publicKeyDer } from './keys';

/** What is wrong with a certificate. */
export interface CertificateProblem {
  readonly kind: 'not-yet-valid' | 'expired' | 'untrusted' | 'not-an-authority' | 'path-length' | 'key-usage' | 'name' | 'key';
  /** One clause in lower case. */
  readonly text: string;
}

/** What a certificate is checked against. */
export interface VerifyOptions {
  /** Certificates that may stand between it and a root. */
  readonly intermediates: readonly CertificateFacts[];
  readonly roots: readonly CertificateFacts[];
  readonly at: Date;
  /** SPIFFE ID that it must have. */
  readonly identity?: string;
  /** Hosts that it must answer for. */
  readonly hosts?: readonly string[];
  /** Key that must belong to it. */
  readonly key?: KeyObject;
}

/** Longest chain that is tried. */
const LONGEST_CHAIN = 10;

/** Everything that is wrong with a certificate; empty when it is good. */
export function verifyCertificate(certificate: CertificateFacts, options: VerifyOptions): CertificateProblem[] {
  const chains = chainsOf(certificate, options);
  const best = chains.map((chain) => chainProblems(chain, options.at)).sort((a, b) => a.length - b.length)[0]
    ?? [{ kind: 'untrusted', text: `${describe(certificate)} chains to none of the ${options.roots.length} roots` }, ...timeProblems(certificate, options.at)];
  return [...best, ...ownProblems(certificate, options)];
}

/** The shortest good chain from a certificate to a root, both included; undefined when there is none. */
export function chainToRoot(certificate: CertificateFacts, options: VerifyOptions): CertificateFacts[] | undefined {
  return chainsOf(certificate, options).filter((chain) => chainProblems(chain, options.at).length === 0).sort((a, b) => a.length - b.length)[0];
}

/** Whether one certificate was signed by another: names, key identifiers and signature fit. */
export function signedBy(certificate: CertificateFacts, issuer: CertificateFacts): boolean {
  return certificate.issuer === issuer.subject
    && (certificate.issuerKeyId === undefined || issuer.keyId === undefined || certificate.issuerKeyId === issuer.keyId)
    && certificate.x509.verify(issuer.publicKey);
}

/** Whether a private key is that of a certificate. */
export function isKeyOf(key: KeyObject, certificate: CertificateFacts): boolean {
  return publicKeyDer(key).equals(publicKeyDer(certificate.publicKey));
}

function chainsOf(certificate: CertificateFacts, { intermediates, roots }: VerifyOptions): CertificateFacts[][] {
  const isRoot = (candidate: CertificateFacts) => roots.some((root) => root.fingerprint === candidate.fingerprint);
  const found: CertificateFacts[][] = [];
  const climb = (chain: readonly CertificateFacts[]): void => {
    const top = chain[chain.length - 1];
    if (isRoot(top)) {
      found.push([...chain]);
      return;
    }
    if (chain.length >= LONGEST_CHAIN) { return; }
    const unused = [...roots, ...intermediates].filter((candidate) => !chain.some((one) => one.fingerprint === candidate.fingerprint));
    unused.filter((candidate) => signedBy(top, candidate)).forEach((issuer) => climb([...chain, issuer]));
  };
  climb([certificate]);
  return found;
}

function chainProblems(chain: readonly CertificateFacts[], at: Date): CertificateProblem[] {
  return chain.flatMap((certificate, index) => {
    const problems = timeProblems(certificate, at);
    if (index === 0) { return problems; }
    if (!certificate.isAuthority) {
      problems.push({ kind: 'not-an-authority', text: `${describe(certificate)} signs others and is no certificate authority` });
    } else if (certificate.keyUsages && !certificate.keyUsages.includes('keyCertSign')) {
      problems.push({ kind: 'key-usage', text: `${describe(certificate)} may not sign certificates` });
    }
    // Authorities between this one and the end certificate; RFC 5280 does not count those that issued themselves.
    const below = chain.slice(1, index).filter((one) => one.subject !== one.issuer).length;
    if (certificate.pathLength !== undefined && below > certificate.pathLength) {
      problems.push({ kind: 'path-length', text: `${describe(certificate)} has ${below} authorities below it and may have ${certificate.pathLength}` });
    }
    return problems;
  });
}

function timeProblems(certificate: CertificateFacts, at: Date): CertificateProblem[] {
  if (at < certificate.notBefore) { return [{ kind: 'not-yet-valid', text: `${describe(certificate)} is valid from ${instant(certificate.notBefore)} only` }]; }
  return at > certificate.notAfter ? [{ kind: 'expired', text: `${describe(certificate)} expired at ${instant(certificate.notAfter)}` }] : [];
}

function ownProblems(certificate: CertificateFacts, { identity, hosts, key }: VerifyOptions): CertificateProblem[] {
  const problems: CertificateProblem[] = [];
  if (identity !== undefined && !(certificate.uris.length === 1 && certificate.uris[0] === identity)) {
    problems.push({ kind: 'name', text: `${describe(certificate)} stands for ${certificate.uris.join(', ') || 'no identity'}, not for ${identity}` });
  }
  for (const host of hosts ?? []) {
    if (!answersFor(certificate, host)) {
      problems.push({ kind: 'name', text: `${describe(certificate)} does not answer for ${host}` });
    }
  }
  if (key && !isKeyOf(key, certificate)) {
    problems.push({ kind: 'key', text: `the private key beside ${describe(certificate)} is not its own` });
  }
  return problems;
}

/** How messages name a certificate. */
export function describe(certificate: Pick<CertificateFacts, 'uris' | 'subject' | 'dnsNames' | 'serial'>): string {
  const name = certificate.uris[0] ?? (certificate.subject || certificate.dnsNames[0] || `serial ${certificate.serial}`);
  return `certificate "${name}"`;
}

/** An instant as messages and the store write it: UTC, to the second. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
