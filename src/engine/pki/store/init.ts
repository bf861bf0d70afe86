import { randomUUID } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { isDnsLabel } from '../../../private/dns';
import { fail } from '../../../private/errors';
import { KeyType } from '../keys';
import { checkIssuerLifetime, DAY, usualLifetime, usualRenewBefore } from '../lifetimes';
import { CertificateRequest } from '../request';
import { Subject } from '../subject';
import { instant } from '../verify';
import { readText, writeAtomically } from './atomic-file';
import { AuthorityStore, storeId } from './authority-store';
import { openStore, StorePlace } from './change';
import { Draft } from './draft';
import { Layout, STORE_FILE } from './layout';
import { withLock } from './lock';
import { PrivateHalf } from './private-half';
import { AuthoritySettings, ISSUER, rootName, StoreIndex } from './store-index';

/** What a new authority is like. Times are in seconds. */
export interface NewAuthority {
  readonly trustDomain: string;
  readonly keyType: KeyType;
  /** Attributes of the subjects of its own certificates; their common names are made from the name of the authority. */
  readonly subject: Subject;
  readonly rootLifetime?: number;
  readonly issuerLifetime?: number;
  /** See `AuthoritySettings`. */
  readonly overlap?: number;
}

/** What version control must know of a store: its files are compared byte for byte, and a lock is nobody else's business. */
const VERSION_CONTROL: { readonly [name: string]: string } = {
  '.gitattributes': '* text eol=lf\n',
  '.gitignore': '.lock*\n*.unfinished\n',
};

/** Makes a certificate authority, and the store when there is none. Fails when the authority is there already. */
export function initAuthority(place: StorePlace, wanted: NewAuthority, now: Date): AuthorityStore {
  const { folder, authority } = place;
  if (!isDnsLabel(authority)) { fail('MESH-E001', `invalid name of an authority, got "${authority}"`, 'use at most 63 lower-case letters, digits and dashes'); }
  const settings = settingsOf(authority, wanted);
  const layout = new Layout(folder, authority);
  const id = fs.existsSync(path.join(folder, STORE_FILE)) ? storeId(folder) : randomUUID();
  const privateHalf = PrivateHalf.of(id, authority, place);
  privateHalf.checkPlace([{ folder, what: 'the public half of the store' }, ...place.forbidden ?? []]);
  withLock(layout.lock, () => {
    if (readText(layout.index) !== undefined) {
      fail('MESH-E031', `certificate store ${folder} has an authority "${authority}" already`, 'give the new one another name, or use the one that is there');
    }
    const base: StoreIndex = {
      format: 1,
      authority,
      trustDomain: wanted.trustDomain,
      settings,
      rotation: { phase: 'steady', since: instant(now), signingRoot: rootName(1) },
      certificates: [],
      sealed: [],
      sealing: [],
      lists: [],
    };
    const draft = new Draft(layout, base, privateHalf, undefined, now);
    const root = draft.issue(rootName(1), settings.root, undefined);
    draft.issue(ISSUER, settings.issuer, root);
    if (!fs.existsSync(path.join(folder, STORE_FILE))) {
      const files = { ...VERSION_CONTROL, [STORE_FILE]: `${JSON.stringify({ format: 1, id })}\n` };
      writeAtomically(Object.entries(files).map(([name, text]) => ({ file: path.join(folder, name), text })));
    }
    draft.commit();
  });
  return openStore(place);
}

function settingsOf(authority: string, wanted: NewAuthority): AuthoritySettings {
  const root = request('root', authority, wanted, wanted.rootLifetime);
  const issuer = request('intermediate', authority, wanted, wanted.issuerLifetime);
  checkIssuerLifetime(root, { what: 'the issuer', lifetime: issuer.lifetime });
  return { root, issuer, overlap: wanted.overlap ?? DAY };
}

function request(kind: 'root' | 'intermediate', authority: string, { keyType, subject }: NewAuthority, lifetime: number = usualLifetime(kind)): CertificateRequest {
  const commonName = `${authority} ${kind === 'root' ? 'root' : 'issuer'}`;
  return {
    kind,
    subject: { ...subject, commonName: subject.commonName === undefined ? commonName : `${subject.commonName} ${kind === 'root' ? 'root' : 'issuer'}` },
    uris: [],
    dnsNames: [],
    ipAddresses: [],
    keyType,
    lifetime,
    renewBefore: usualRenewBefore(lifetime),
    // The root signs intermediates, and those of meshes sign what the mesh issues.
    pathLength: kind === 'root' ? 1 : 0,
  };
}
