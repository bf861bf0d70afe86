import type { KeyObject } from 'crypto';
import { byText } from '../../../private/compare';
import { fail } from '../../../private/errors';
import { issueCrl, RevocationReason } from '../crl';
import { fingerprintOf } from '../facts';
import { issueCertificate, newSerial } from '../issue';
import { keyId, makeKey, privateKeyPem } from '../keys';
import { describeSeconds } from '../lifetimes';
import { fromPem, toPem } from '../pem';
import { CertificateRequest, checkRequest, isAuthority } from '../request';
import { seal, sealingKey } from '../seal';
import { Signer } from '../signer';
import { instant } from '../verify';
import { removeUnfinished, writeAtomically } from './atomic-file';
import { AuthorityStore, digestOf, sealedKey } from './authority-store';
import { printIndex, withSignature } from './index-text';
import { Layout } from './layout';
import { PrivateHalf } from './private-half';
import { Records } from './records';
import { indexSigners, signText } from './signature';
import { CertificateRecord, ISSUER, ListRecord, SealedRecord, SealingRecord, StoreIndex } from './store-index';

/** Certificates are valid a little earlier than they are made, for clocks that are behind. */
const BACKDATE_MS = 5 * 60_000;

/** A change of a store: everything is made in memory, then written so that it holds as a whole or not at all. */
export class Draft {
  /** The certificates as they stand now. */
  public readonly records: Records;
  private readonly sealed: Map<string, SealedRecord>;
  private lists: ListRecord[];
  private rotation: StoreIndex['rotation'];
  private readonly keys = new Map<string, KeyObject>();
  private readonly sealing: Map<string, SealingRecord>;
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
    this.sealing = new Map(base.sealing.map((record) => [record.fingerprint, record]));
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
      certificate: base64Of('CERTIFICATE', pem),
      current: true,
    };
    this.retire(name);
    this.records.put(record);
    this.keys.set(record.keyId, key);
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
    const text = seal(privateKeyPem(this.keyOf(record)), label, sealingKey(sealingCertificate));
    this.sealed.set(sealedKey(place), { ...place, text });
    this.sealing.set(place.sealedFor, { fingerprint: place.sealedFor, certificate: base64Of('CERTIFICATE', sealingCertificate) });
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

  /** Signs the index again, after a merge of two changes: of two certificates of one name the newer one is in use. */
  public accept(): void {
    const newest = new Map(this.records.all().filter(({ current }) => current).map((record) => [record.name, record]));
    this.records.all().filter((record) => record.current && newest.get(record.name) !== record).forEach((record) => this.records.put({ ...record, current: false }));
    newest.forEach((record) => this.records.put(record));
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
    if (this.privateHalf.keeps) { this.privateHalf.save([...this.keys.values()]); }
    writeAtomically([
      ...forgotten.length > 0 ? [{ file: this.layout.history, text: history }] : [],
      { file: this.layout.bundle, text: this.records.trustedRoots().map((root) => this.pemOf(root)).join('') },
    ]);
    const text = printIndex(this.index(history === '' ? undefined : digestOf(history)));
    writeAtomically([{ file: this.layout.index, text: withSignature(text, signText(text, signer, this.keyOf(signer))) }]);
    removeUnfinished(this.layout.folder);
  }

  /** PEM text of a certificate. */
  public pemOf(record: CertificateRecord): string {
    return toPem('CERTIFICATE', Buffer.from(record.certificate, 'base64'));
  }

  /** The certificate of a controller that keys are sealed for. */
  public sealingCertificate(fingerprint: string): string {
    const record = this.sealing.get(fingerprint) ?? fail('MESH-E052', `sealing certificate ${fingerprint} is not in ${this.layout.index}`, 'restore it from version control');
    return toPem('CERTIFICATE', Buffer.from(record.certificate, 'base64'));
  }

  private index(historyDigest: string | undefined): StoreIndex {
    const sealed = [...this.sealed.values()].sort(byText(sealedKey));
    const used = new Set(sealed.map(({ sealedFor }) => sealedFor));
    return {
      ...this.base,
      rotation: this.rotation,
      certificates: this.records.all(),
      sealed,
      sealing: [...this.sealing.values()].filter(({ fingerprint }) => used.has(fingerprint)).sort(byText(({ fingerprint }) => fingerprint)),
      lists: this.lists,
      historyDigest,
    };
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
      this.lists.push({ issuer: record.serial, number, nextUpdate: instant(nextUpdate), crl: base64Of('X509 CRL', pem) });
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

function base64Of(label: string, pem: string): string {
  return fromPem(label, pem)!.toString('base64');
}
