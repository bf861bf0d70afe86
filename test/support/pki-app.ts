import * as fs from 'fs';
import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { temporaryFolder } from './certificates';
import { chartIn } from './fixtures';
import { pki } from '../../src';
import { StorePlace } from '../../src/engine/pki/store/change';
import { initAuthority, NewAuthority } from '../../src/engine/pki/store/init';

/** A store with an authority "shop", made now, and an app that uses it. */
export interface PkiApp {
  readonly place: StorePlace;
  readonly app: App;
  readonly chart: Chart;
  readonly authority: pki.MeshCertificateAuthority;
}

/** A new store, made now unless said otherwise. */
export function storeNow(wanted: Partial<NewAuthority> = {}, now: Date = new Date()): StorePlace {
  const folder = temporaryFolder();
  const place = { folder: path.join(folder, 'public'), authority: 'shop', privateFolder: path.join(folder, 'private'), environment: {} };
  initAuthority(place, { trustDomain: 'cluster.local', keyType: 'ecdsa-p256', subject: {}, ...wanted }, now);
  return place;
}

/** An app that uses a store; it issues what is missing unless said otherwise. */
export function pkiApp(place: StorePlace = storeNow(), options: pki.CertificateStoreOptions = { issueMissing: true }): PkiApp {
  const outdir = path.join(temporaryFolder(), 'dist');
  fs.mkdirSync(outdir);
  const app = new App({ outdir });
  const chart = chartIn(app, 'test', { namespace: 'shop' });
  const store = pki.CertificateStore.folder(place.folder, { privateFolder: place.privateFolder, ...options });
  return { place, app, chart, authority: new pki.MeshCertificateAuthority(chart, 'shop', { store }) };
}
