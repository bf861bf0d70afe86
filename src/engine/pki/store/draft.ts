import type { KeyObject } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { byText } from '../../../private/compare';
import { fail } from '../../../private/errors';
import { issueCrl, RevocationReason } from '../crl';
import { fingerprintOf } from '../facts';
import { issueCertificate, newSerial, Signer } from '../issue';
import { keyId, makeKey } from '../keys';
import { describeSeconds } from '../lifetimes';
import { CertificateRequest, checkRequest, isAuthority } from '../request';
import { seal, sealingKey } from '../seal';
import { instant } from '../verify';
import { namesIn, removeUnfinished, writeAtomically } from './atomic-file';
import { AuthorityStore, digestOf, sealedKey } from './authority-store';
import { printIndex } from './index-text';
import { Layout } from './layout';
import { PrivateHalf } from './private-half';
import { Records } from './records';
import { indexSigners, signIndex } from './signature';
import { CertificateRecord, ISSUER, ListRecord, SealedRecord, StoreIndex } from './store-index';

/** Certificates are valid a little earlier than they are made, for clocks that are behind. */
const BACKDATE_MS = 5 * 60_000;
/** Files that nobody names any more may still be read by whoever opened the store a moment ago. */
const KEEP_UNNAMED_MS = 3_600_000;

/** A change of a store: everything is made in memory, then written so that it holds as a whole or not at all. */
export class Draft {
  /** The certificates as they stand now. */
  public readonly records: Records;
  private readonly sealed: Map<string, SealedRecord>;
  private lists: ListRecord[];
  private rotation: StoreIndex['rotation'];
  private readonly keys = new Map<string, KeyObject>();
  private readonly files = new Map<string, string>();
  private readonly pems = new Map<string, string>();
  private sealedBySerial?: ReadonlyMap<string, SealedRecord[]>;
  private changed = false;

  public constructor(
    private readonly layout: Layout,
    private readonly base: StoreIndex,
    private readonly privateHalf: PrivateHalf,
    /** The store as it is on the disk; undefined for a new one. */
    private readonly store: AuthorityStore | undefined,
    public readonly now: Date,
  ) {
    this.records = new Records(base.certificates);
    this.sealed = new Map(base.sealed.map((record) => [sealedKey(record), record]));
    this.lists = [...base.lists];
    this.rotation = base.rotation;
  }

  /** How the authority issues. */
  public get settings(): StoreIndex['settings'] {
    return this.base.settings;
  }

  /** How far a change of the root is. */
  public get phase(): StoreIndex['rotation'] {
    return this.rotation;
  }

  /** Where the key of a certificate was sealed to. */
  public sealedOf(record: CertificateRecord): SealedRecord[] {
    this.sealedBySerial ??= groupBySerial(this.base.sealed);
    return [...this.sealedBySerial.get(record.serial) ?? []];
  }

  /** Whether there is anything to write. */
  public get isChanged(): boolean {
    return this.changed;
  }

  /** Issues a certificate with a new key, which takes the place of the current one of the name. A root has no signer. */
  public issue(name: string, request: CertificateRequest, signer: CertificateRecord | undefined): CertificateRecord {
    checkRequest(request);
    const notAfter = new Date(this.now.getTime() + request.lifetime * 1000);
    if (signer && instant(notAfter) > signer.notAfter) {
      fail('MESH-E057', `${name} would be valid for ${describeSeconds(request.lifetime)}, and its issuer ${signer.name} ends at ${signer.notAfter}`,
        `renew ${signer.name} first with "cdk8s-mesh pki rotate", or let it live longer`);
    }
    const earliest = this.now.getTime() - BACKDATE_MS;
    const notBefore = new Date(signer ? Math.max(earliest, Date.parse(signer.notBefore)) : earliest);
    const key = makeKey(request.keyType);
    const serial = newSerial();
    const pem = issueCertificate({ request, key, signer: signer && this.signer(signer), serial, notBefore, notAfter });
    const record: CertificateRecord = {
      name,
      serial,
      request,
      notBefore: instant(notBefore),
      notAfter: instant(notAfter),
      issuer: signer?.serial ?? serial,
      keyId: keyId(key),
      fingerprint: fingerprintOf(pem),
      current: true,
    };
    this.retire(name);
    this.records.put(record);
    this.keys.set(record.keyId, key);
    this.pems.set(serial, pem);
    this.files.set(this.layout.certificate(serial), pem);
    this.changed = true;
    return record;
  }

  /** Takes a certificate out of use: a root is no longer trusted. */
  public retire(name: string): void {
    const record = this.records.current(name);
    if (!record) { return; }
    this.records.put({ ...record, current: false });
    this.changed = true;
  }

  /** Seals the key of a certificate, unless that was done already. */
  public seal(record: CertificateRecord, label: string, sealingCertificate: string): void {
    const place = { serial: record.serial, label, sealedFor: fingerprintOf(sealingCertificate) };
    if (this.sealed.has(sealedKey(place))) { return; }
    const text = seal(this.keyOf(record).export({ type: 'pkcs8', format: 'pem' }) as string, label, sealingKey(sealingCertificate));
    const digest = digestOf(`${text}\n`);
    this.files.set(this.layout.sealedText(digest), `${text}\n`);
    this.files.set(this.layout.sealingCertificate(place.sealedFor), sealingCertificate);
    this.sealed.set(sealedKey(place), { ...place, digest });
    this.changed = true;
  }

  /** Says that a certificate is no longer good. */
  public revoke(record: CertificateRecord, reason: RevocationReason): void {
    this.records.put({ ...record, revoked: { at: instant(this.now), reason } });
    // The list of its issuer is out of date now.
    this.lists = this.lists.filter((list) => list.issuer !== record.issuer);
    this.changed = true;
  }

  /** Goes to another phase of the rotation. */
  public enter(phase: StoreIndex['rotation']['phase'], signingRoot: string): void {
    this.rotation = { phase, since: instant(this.now), signingRoot };
    this.changed = true;
  }

  /** Signs the index again although nothing changed. */
  public touch(): void {
    this.changed = true;
  }

  /** Writes everything: keys first, so that none is ever missing, and the index last, with which all of it takes effect. */
  public commit(): void {
    if (!this.changed) { return; }
    this.writeLists();
    this.checkKeys();
    const forgotten = this.forget();
    const signer = indexSigners(this.records).find((record) => this.findKey(record) !== undefined)
      ?? fail('MESH-E058', `no key of authority "${this.base.authority}" is here to sign the index`, this.handIn());
    const history = [...this.store?.history() ?? [], ...forgotten].map((record) => `${JSON.stringify(record)}\n`).join('');
    const historyDigest = history === '' ? undefined : digestOf(history);
    const sealed = [...this.sealed.values()].sort(byText(sealedKey));
    const index: StoreIndex = { ...this.base, rotation: this.rotation, certificates: this.records.all(), sealed, lists: this.lists, historyDigest };
    if (this.privateHalf.keeps) { this.keys.forEach((key) => this.privateHalf.save(key)); }
    this.files.forEach((text, file) => writeAtomically(file, text));
    if (forgotten.length > 0) { writeAtomically(this.layout.history, history); }
    writeAtomically(this.layout.bundle, this.records.trustedRoots().map((root) => this.pemOf(root)).join(''));
    writeAtomically(this.layout.index, printIndex(index, signIndex(index, signer, this.keyOf(signer))));
    this.sweep(index);
  }

  /** PEM text of a certificate, new or old. */
  public pemOf(record: CertificateRecord): string {
    return this.pems.get(record.serial) ?? this.store!.pemOf(record);
  }

  /** Whether the key of a certificate is here. */
  public hasKey(record: CertificateRecord): boolean {
    return this.findKey(record) !== undefined;
  }

  private signer(record: CertificateRecord): Signer {
    return { certificate: this.pemOf(record), key: this.keyOf(record) };
  }

  private keyOf(record: CertificateRecord): KeyObject {
    return this.findKey(record) ?? fail('MESH-E058', `the private key of ${record.name} of authority "${this.base.authority}" is not here`, this.handIn(record.keyId));
  }

  private findKey(record: CertificateRecord): KeyObject | undefined {
    return this.keys.get(record.keyId) ?? this.privateHalf.find(record.keyId);
  }

  private handIn(id?: string): string {
    return `name its folder in CDK8S_MESH_PKI_PRIVATE, put its PEM text into CDK8S_MESH_PKI_KEYS, or restore ${id ? this.privateHalf.fileOf(id) : this.privateHalf.folder} from its backup`;
  }

  /** As soon as one certificate is revoked every authority has a list: proxies refuse chains in which one has a list and another has none. */
  private writeLists(): void {
    const records = this.records.all();
    if (!records.some((record) => record.revoked)) { return; }
    const authorities = records.filter((record) => isAuthority(record.request.kind) && record.notAfter > instant(this.now));
    this.lists = this.lists.filter((list) => authorities.some((record) => record.serial === list.issuer));
    for (const record of authorities.filter(({ serial }) => !this.lists.some((list) => list.issuer === serial))) {
      const number = Math.max(0, ...this.base.lists.filter((list) => list.issuer === record.serial).map((list) => list.number)) + 1;
      // As long as the authority itself: proxies refuse everybody when a list is out of date.
      const nextUpdate = new Date(record.notAfter);
      const revoked = records.flatMap(({ issuer, serial, revoked: since }) =>
        issuer === record.serial && since ? [{ serial, at: new Date(since.at), reason: since.reason }] : []);
      const pem = issueCrl(this.signer(record), { number, thisUpdate: this.now, nextUpdate, revoked });
      const digest = digestOf(pem);
      this.files.set(this.layout.list(digest), pem);
      this.lists.push({ issuer: record.serial, number, nextUpdate: instant(nextUpdate), digest });
    }
    this.lists.sort(byText((list) => list.issuer));
  }

  /** Fails when a new key would be lost with this process. */
  private checkKeys(): void {
    if (this.privateHalf.keeps) { return; }
    const sealed = new Set([...this.sealed.values()].map(({ serial }) => serial));
    for (const record of this.records.all().filter(({ keyId: id }) => this.keys.has(id))) {
      const needed = record.request.kind === 'root' || record.name === ISSUER;
      if (needed || !sealed.has(record.serial)) {
        fail('MESH-E058', `the new private key of ${record.name} would be lost, since keys come from the environment and no folder is named to keep it`,
          `name a folder in CDK8S_MESH_PKI_PRIVATE${needed ? '' : ', or seal the key'}`);
      }
    }
  }

  /** Takes out of the index what nobody can use any more, and returns it. */
  private forget(): CertificateRecord[] {
    const now = instant(this.now);
    const records = this.records.all();
    const issuers = new Set(records.filter((record) => record.current || record.notAfter >= now).map((record) => record.issuer));
    const gone = records.filter((record) => !record.current && record.notAfter < now && !issuers.has(record.serial));
    gone.forEach((record) => this.records.remove(record));
    this.sealed.forEach(({ serial }, key) => {
      if (!this.records.bySerial(serial)?.current) { this.sealed.delete(key); }
    });
    return gone;
  }

  /** Removes files that no index names, such as those of a change that was stopped half-way. */
  private sweep(index: StoreIndex): void {
    const named = new Set([
      ...index.certificates.map(({ serial }) => this.layout.certificate(serial)),
      ...index.sealed.flatMap(({ digest, sealedFor }) => [this.layout.sealedText(digest), this.layout.sealingCertificate(sealedFor)]),
      ...index.lists.map(({ digest }) => this.layout.list(digest)),
    ]);
    for (const folder of [this.layout.certificates, this.layout.sealed, this.layout.sealing, this.layout.lists]) {
      removeUnfinished(folder);
      for (const file of namesIn(folder).map((name) => path.join(folder, name)).filter((candidate) => !named.has(candidate))) {
        if (Date.now() - fs.statSync(file).mtimeMs > KEEP_UNNAMED_MS) { fs.rmSync(file, { force: true }); }
      }
    }
    removeUnfinished(this.layout.folder);
  }
}

/** The certificate that signs what is issued now: end certificates by the issuer, authorities by the signing root. */
export function signerFor(draft: Draft, name: string, request: CertificateRequest): CertificateRecord | undefined {
  if (request.kind === 'root') { return undefined; }
  const signer = isAuthority(request.kind) ? draft.phase.signingRoot : ISSUER;
  return draft.records.current(signer) ?? fail('MESH-E052', `${name} has no issuer: ${signer} is not in the index`, 'restore index.json from version control');
}

function groupBySerial(sealed: readonly SealedRecord[]): Map<string, SealedRecord[]> {
  const groups = new Map<string, SealedRecord[]>();
  sealed.forEach((record) => groups.set(record.serial, [...groups.get(record.serial) ?? [], record]));
  return groups;
}
