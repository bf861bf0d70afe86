import * as cdk8s from 'cdk8s';
import type * as library from '../../src';
import { Identity, pki } from '../../src';
import { pkiApp } from '../support/pki-app';

beforeEach(() => { jest.spyOn(process.stderr, 'write').mockReturnValue(true); });
afterEach(() => { jest.restoreAllMocks(); });

/** Declares the same in whatever copy of the library. */
function declare({ pki: its, Identity: identities }: Pick<typeof library, 'pki' | 'Identity'>, folder: string, issueMissing: boolean, privateFolder?: string, { App, Chart }: Pick<typeof cdk8s, 'App' | 'Chart'> = cdk8s): string {
  const chart = new Chart(new App({ outdir: '/nonexistent' }), 'test', { namespace: 'shop' });
  const store = its.CertificateStore.folder(folder, { issueMissing, privateFolder });
  const authority = new its.MeshCertificateAuthority(chart, 'shop', { store });
  const sink = its.SecretSink.externalSecret('vault', 'mesh/shop');
  new its.WorkloadCertificate(chart, 'tls', { authority, sink, identity: identities.serviceAccount('shop', 'cart') });
  new its.GatewayCertificate(chart, 'web', { authority, sink, hosts: ['shop.example.com'], namespace: 'edge' });
  new its.IstioCaSecret(chart, 'cacerts', { authority, sink, clusterName: 'east' });
  new its.TrustBundle(chart, 'roots', { authorities: [authority], namespaces: ['shop'] });
  return JSON.stringify(chart.toJson());
}

test('a synth that finds everything in its store never loads the ASN.1 library', () => {
  const { place } = pkiApp();
  const first = declare({ pki, Identity }, place.folder, true, place.privateFolder);
  jest.isolateModules(() => {
    ['@peculiar/asn1-x509', '@peculiar/asn1-schema'].forEach((name) => jest.doMock(name, () => { throw new Error(`${name} was loaded`); }));
    /* eslint-disable @typescript-eslint/no-require-imports */
    const [fresh, core] = [require('../../src') as typeof library, require('cdk8s') as typeof cdk8s];
    expect(declare(fresh, place.folder, false, '/nonexistent/keys', core)).toBe(first);
    // The guard itself works.
    expect(() => require('@peculiar/asn1-x509') as unknown).toThrow('was loaded');
  });
});
