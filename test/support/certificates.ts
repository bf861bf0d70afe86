import { KeyObject } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { requestFor } from './certificate-requests';
import { CertificateFacts, readCertificate } from '../../src/engine/pki/facts';
import { issueCertificate, newSerial } from '../../src/engine/pki/issue';
import { KeyType, makeKey } from '../../src/engine/pki/keys';
import { CertificateRequest } from '../../src/engine/pki/request';
import { StorePlace } from '../../src/engine/pki/store/change';
import { initAuthority, NewAuthority } from '../../src/engine/pki/store/init';
import { MeshFault } from '../../src/private/errors';

export { requestFor };

/** The instant at which certificates of tests are made. */
export const MADE_AT = new Date('2031-05-06T07:08:09Z');

/** A certificate with its key. */
export interface Made {
  readonly pem: string;
  readonly key: KeyObject;
  readonly facts: CertificateFacts;
}

/** Makes a certificate; it signs itself when nobody else does. */
export function make(request: CertificateRequest, signer?: Made, notBefore: Date = MADE_AT): Made {
  const key = makeKey(request.keyType);
  const pem = issueCertificate({
    request,
    key,
    signer: signer && { certificate: signer.pem, key: signer.key },
    serial: newSerial(),
    notBefore,
    notAfter: new Date(notBefore.getTime() + request.lifetime * 1000),
  });
  return { pem, key, facts: readCertificate(pem, 'the test') };
}

/** A root, an intermediate and a workload's certificate. */
export function makeChain(keyType: KeyType = 'ecdsa-p256'): { readonly root: Made; readonly intermediate: Made; readonly leaf: Made } {
  const root = make(requestFor('root', { keyType }));
  const intermediate = make(requestFor('intermediate', { keyType }), root);
  return { root, intermediate, leaf: make(requestFor('workload', { keyType }), intermediate) };
}

const folders: string[] = [];

/** An empty folder outside of any repository, gone when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-mesh-pki-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  folders.splice(0).forEach((folder) => fs.rmSync(folder, { recursive: true, force: true }));
});

/** A new store with both halves in one temporary folder. */
export function newStore(wanted: Partial<NewAuthority> = {}, now: Date = MADE_AT): StorePlace {
  const folder = temporaryFolder();
  const place = { folder: path.join(folder, 'public'), authority: 'shop', privateFolder: path.join(folder, 'private'), environment: {} };
  initAuthority(place, { trustDomain: 'cluster.local', keyType: 'ecdsa-p256', subject: {}, ...wanted }, now);
  return place;
}

/** The same store as a machine sees it that has no private half. */
export function publicHalf({ folder, authority }: StorePlace): StorePlace {
  return { folder, authority, privateFolder: path.join(temporaryFolder(), 'none'), environment: {} };
}

/** An instant some seconds after another. */
export function later(seconds: number, than: Date = MADE_AT): Date {
  return new Date(than.getTime() + seconds * 1000);
}

/** What a step failed with, in our words. */
export function faultOf(step: () => unknown): MeshFault {
  try {
    step();
  } catch (thrown) {
    if (thrown instanceof MeshFault) { return thrown; }
    throw thrown;
  }
  throw new Error('expected an error');
}
