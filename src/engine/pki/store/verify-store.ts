import { KeyObject } from 'crypto';
import { readCrl } from '../crl';
import { CertificateFacts, tryReadCertificate } from '../facts';
import { keyId } from '../keys';
import { isAuthority } from '../request';
import { instant, verifyCertificate } from '../verify';
import { AuthorityStore } from './authority-store';
import { CertificateRecord } from './store-index';

/** What is wrong with a certificate of a store. */
export interface StoreProblem {
  readonly name: string;
  /** One clause in lower case. */
  readonly text: string;
}

/**
 * Checks everything that a store holds: every certificate that is in use against what was asked for, its chain and the clock, every private
 * key that is here against its certificate, and every revocation list.
 */
export function verifyStore(store: AuthorityStore, now: Date): StoreProblem[] {
  const facts = new Map(store.records.all().map((record) => [record.serial, tryReadCertificate(store.pemOf(record))]));
  const readable = (records: readonly CertificateRecord[]) => records.flatMap(({ serial }) => facts.get(serial) ?? []);
  const roots = readable(store.records.trustedRoots());
  return store.records.all().filter(({ current, revoked }) => current && !revoked).flatMap((record): StoreProblem[] => {
    const certificate = facts.get(record.serial);
    if (!certificate) { return [{ name: record.name, text: 'the certificate cannot be read' }]; }
    const intermediates = readable(store.records.chainOf(record).slice(1));
    const texts = [
      ...verifyCertificate(certificate, { roots, intermediates, at: now, key: ownKey(store, record) }).map(({ text }) => text),
      ...differences(record, certificate),
      ...revokedAbove(store, record),
    ];
    return texts.map((text) => ({ name: record.name, text }));
  }).concat(listProblems(store, facts));
}

function ownKey(store: AuthorityStore, record: CertificateRecord): KeyObject | undefined {
  return store.privateHalf.find(record.keyId);
}

/** Where a certificate says something else than the index. */
function differences(record: CertificateRecord, certificate: CertificateFacts): string[] {
  const { request } = record;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['serial number', certificate.serial, record.serial],
    ['beginning', instant(certificate.notBefore), record.notBefore],
    ['end', instant(certificate.notAfter), record.notAfter],
    ['URI names', certificate.uris, request.uris],
    ['DNS names', certificate.dnsNames, request.dnsNames],
    ['number of addresses', certificate.ipAddresses.length, request.ipAddresses.length],
    ['key', keyId(certificate.publicKey), record.keyId],
    ['kind of key', certificate.keyType, request.keyType],
    ['authority bit', certificate.isAuthority, isAuthority(request.kind)],
    ['path length', certificate.pathLength, request.pathLength],
  ];
  return pairs.filter(([, said, recorded]) => JSON.stringify(said) !== JSON.stringify(recorded))
    .map(([what, said, recorded]) => `its ${what}: ${JSON.stringify(said)}; in the index: ${JSON.stringify(recorded)}`);
}

function revokedAbove(store: AuthorityStore, record: CertificateRecord): string[] {
  return store.records.chainOf(record).slice(1).filter(({ revoked }) => revoked).map(({ name, serial }) => `its issuer ${name} (${serial}) was revoked`);
}

function listProblems(store: AuthorityStore, facts: ReadonlyMap<string, CertificateFacts | undefined>): StoreProblem[] {
  return store.index.lists.flatMap((list) => {
    const issuer = facts.get(list.issuer);
    const name = `revocation list of ${store.records.bySerial(list.issuer)?.name ?? list.issuer}`;
    if (!issuer) { return [{ name, text: 'its issuer is not in the index' }]; }
    const read = readCrl(store.listPem(list), issuer.publicKey);
    const recorded = store.records.all().filter((record) => record.issuer === list.issuer && record.revoked).map(({ serial }) => serial);
    const missing = recorded.filter((serial) => !read.serials.includes(serial));
    return [
      ...read.signed ? [] : [{ name, text: 'its issuer did not sign it' }],
      ...missing.map((serial) => ({ name, text: `it does not name ${serial}, which was revoked` })),
    ];
  });
}
