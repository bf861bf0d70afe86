import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { fail } from '../../../private/errors';
import { toPem } from '../pem';
import { namesIn, readText } from './atomic-file';
import { parseIndex } from './index-text';
import { Layout, STORE_FILE } from './layout';
import { PrivateHalf, PrivateHalfOptions } from './private-half';
import { Records } from './records';
import { isSigned } from './signature';
import { CertificateRecord, ListRecord, SealedRecord, StoreIndex } from './store-index';

/** How a store is opened. */
export interface OpenOptions extends PrivateHalfOptions {
  /** Whether an index is taken that nobody signed: to look at a store that was merged, and to sign it. */
  readonly unsigned?: boolean;
}

/** What an authority knows and issued, read from the public half of a store. Reading needs no key and no clock. */
export class AuthorityStore {
  /** Opens the store of an authority, or fails: when it is missing, when it is damaged, and when somebody else changed it. */
  public static open(folder: string, authority: string, options: OpenOptions): AuthorityStore {
    const layout = new Layout(folder, authority);
    const id = storeId(folder);
    const text = readText(layout.index) ?? fail('MESH-E051', `certificate store ${folder} has no authority "${authority}"`,
      `make it with "cdk8s-mesh pki init --store ${folder} --authority ${authority}"${others(folder)}`);
    const parsed = parseIndex(text) ?? fail('MESH-E052', `${layout.index} is damaged`, 'restore it from version control');
    if (parsed.index.authority !== authority) {
      fail('MESH-E052', `${layout.index} is that of authority "${parsed.index.authority}"`, 'restore the folder from version control');
    }
    const store = new AuthorityStore(layout, parsed.index, PrivateHalf.of(id, authority, options));
    if (!options.unsigned && !isSigned(parsed, store.records)) {
      fail('MESH-E052', `${layout.index} was changed by somebody who does not hold the keys of the authority`,
        'restore it from version control, or, when it is a merge of two changes, look at it and run "cdk8s-mesh pki verify --accept"');
    }
    return store;
  }

  public readonly records: Records;
  private readonly sealed: ReadonlyMap<string, SealedRecord>;

  private constructor(
    public readonly layout: Layout,
    public readonly index: StoreIndex,
    public readonly privateHalf: PrivateHalf,
  ) {
    this.records = new Records(index.certificates);
    this.sealed = new Map(index.sealed.map((record) => [sealedKey(record), record]));
  }

  /** PEM text of a certificate. */
  public pemOf(record: CertificateRecord): string {
    return toPem('CERTIFICATE', Buffer.from(record.certificate, 'base64'));
  }

  /** PEM text of a certificate and of those between it and its root. */
  public chainOf(record: CertificateRecord): string {
    return this.records.chainOf(record).filter(({ request }) => request.kind !== 'root').map((one) => this.pemOf(one)).join('');
  }

  /** PEM text of the trusted roots, the oldest first. */
  public bundle(): string {
    return this.records.trustedRoots().map((root) => this.pemOf(root)).join('');
  }

  /** A sealed private key; undefined when it was not sealed for this place. */
  public sealedText(serial: string, label: string, sealedFor: string): string | undefined {
    return this.sealed.get(sealedKey({ serial, label, sealedFor }))?.text;
  }

  /** PEM text of the revocation lists of all authorities that signed one; empty when nothing was revoked. */
  public revocationLists(): string {
    return this.index.lists.map((list) => this.listPem(list)).join('');
  }

  /** PEM text of a revocation list. */
  public listPem({ crl }: ListRecord): string {
    return toPem('X509 CRL', Buffer.from(crl, 'base64'));
  }

  /** Certificates that have expired and stand in no index any more. */
  public history(): CertificateRecord[] {
    if (this.index.historyDigest === undefined) { return []; }
    const { history } = this.layout;
    const text = (readText(history) ?? fail('MESH-E052', `${history} is missing`, 'restore it from version control')).replace(/\r\n/g, '\n');
    if (digestOf(text) !== this.index.historyDigest) { fail('MESH-E052', `${history} was changed`, 'restore it from version control'); }
    return text.trimEnd().split('\n').map((line) => JSON.parse(line) as CertificateRecord);
  }

  /** The certificate that signed another. */
  public issuerOf(record: CertificateRecord): CertificateRecord {
    return this.records.bySerial(record.issuer) ?? fail('MESH-E052', `the issuer of ${record.name} is not in ${this.layout.index}`, 'restore the file from version control');
  }
}

/** Tells sealed texts apart. */
export function sealedKey({ serial, label, sealedFor }: Pick<SealedRecord, 'serial' | 'label' | 'sealedFor'>): string {
  return `${serial} ${sealedFor} ${label}`;
}

/** SHA-256 over a text, hexadecimal digits. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Name of a store, which its private half is found by; fails when there is no store. */
export function storeId(folder: string): string {
  const file = path.join(folder, STORE_FILE);
  const text = readText(file) ?? fail('MESH-E051', `there is no certificate store in ${folder}`, `make one with "cdk8s-mesh pki init --store ${folder}" and commit it`);
  try {
    const { id } = JSON.parse(text) as { readonly id?: unknown };
    if (typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)) { return id; }
  } catch {
    // Said below.
  }
  return fail('MESH-E052', `${file} is damaged`, 'restore it from version control');
}

/** Names of the authorities of a store, in order. */
export function authoritiesOf(folder: string): string[] {
  return namesIn(folder).filter((name) => fs.existsSync(new Layout(folder, name).index));
}

function others(folder: string): string {
  const names = authoritiesOf(folder);
  return names.length > 0 ? `, or name one of those that it has: ${names.join(', ')}` : '';
}
