import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { Identity, pki } from '../../../src';
import { initAuthority } from '../../../src/engine/pki/store/init';
import { Manifest } from '../lab/api-client';
import { LabRun } from '../lab/lab-run';

/** An app with an authority of its own, and every kind of certificate of the library. */
export interface StoreApp {
  readonly authority: pki.MeshCertificateAuthority;
  readonly privateFolder: string;
  readonly root: string;
  /** Secrets with their keys, by `namespace/name`. */
  readonly secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Issues and synthesizes. */
export function storeApp(lab: LabRun, name: string, keyAlgorithm: pki.KeyAlgorithm): StoreApp {
  const folder = lab.folder(`store-${name}`);
  const place = { folder: path.join(folder, 'public'), authority: 'shop', privateFolder: path.join(folder, 'private'), environment: {} };
  initAuthority(place, { trustDomain: 'cluster.local', keyType: keyAlgorithm, subject: { organizations: ['Shop'] } }, new Date());
  const app = new App({ outdir: path.join(folder, 'dist') });
  const chart = new Chart(app, 'test', { namespace: 'shop' });
  const store = pki.CertificateStore.folder(place.folder, { privateFolder: place.privateFolder, issueMissing: true });
  const authority = new pki.MeshCertificateAuthority(chart, 'shop', { store });
  const sink = pki.SecretSink.plain({ iUnderstandThatThePrivateKeyIsInTheOutput: true });
  for (const account of ['client', 'server', 'stranger']) {
    new pki.WorkloadCertificate(chart, account, { authority, sink, keyAlgorithm, identity: Identity.serviceAccount('shop', account), dnsNames: [`${account}.example.com`] });
  }
  new pki.GatewayCertificate(chart, 'web', { authority, sink, keyAlgorithm, namespace: 'edge', hosts: ['shop.example.com', '*.api.example.com'], ipAddresses: ['192.0.2.7', '2001:db8::7'] });
  new pki.IstioCaSecret(chart, 'cacerts', { authority, sink, clusterName: 'east', keyAlgorithm });
  if (keyAlgorithm === pki.KeyAlgorithm.ECDSA_P256) { new pki.LinkerdIdentity(chart, 'linkerd', { authority, sink }); }
  const secrets = (chart.toJson() as Manifest[]).filter(({ kind }) => kind === 'Secret');
  return {
    authority,
    privateFolder: place.privateFolder,
    root: authority.trustBundle,
    secrets: new Map(secrets.map(({ metadata, stringData }) => [`${metadata.namespace}/${metadata.name}`, stringData as Record<string, string>])),
  };
}
