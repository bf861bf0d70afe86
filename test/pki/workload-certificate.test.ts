import { createPrivateKey } from 'crypto';
import * as fs from 'fs';
import { ApiObject, Duration } from 'cdk8s';
import { Identity, pki } from '../../src';
import { readCertificate } from '../../src/engine/pki/facts';
import { certificatesIn } from '../../src/engine/pki/pem';
import { unseal } from '../../src/engine/pki/seal';
import { verifyCertificate } from '../../src/engine/pki/verify';
import { make, requestFor } from '../support/certificates';
import { serviceIn, istioChart } from '../support/fixtures';
import { errorOf, errorsOf, kindOf, manifestOf, manifestsOf } from '../support/manifests';
import { PkiApp, pkiApp, storeNow } from '../support/pki-app';

const CART = Identity.serviceAccount('shop', 'cart');
const consent = { iUnderstandThatThePrivateKeyIsInTheOutput: true };
const controller = make(requestFor('root', { keyType: 'rsa-2048' }));

beforeEach(() => { jest.spyOn(process.stderr, 'write').mockReturnValue(true); });
afterEach(() => { jest.restoreAllMocks(); });

function certificate({ chart, authority }: PkiApp, props: Partial<pki.WorkloadCertificateProps> = {}, id = 'cart-tls'): pki.WorkloadCertificate {
  return new pki.WorkloadCertificate(chart, id, { authority, identity: CART, sink: pki.SecretSink.plain(consent), ...props });
}

describe('the certificate of a workload', () => {
  test('goes into a Secret with its chain, its key and its roots', () => {
    const made = pkiApp();
    const its = certificate(made);
    const { stringData, ...rest } = manifestOf(made.chart, 'Secret', 'cart-tls');
    expect(rest).toMatchObject({ metadata: { name: 'cart-tls', namespace: 'shop' }, type: 'kubernetes.io/tls' });
    expect(Object.keys(stringData).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
    const [leaf, issuer] = certificatesIn(stringData['tls.crt']).map((pem) => readCertificate(pem, 'tls.crt'));
    const [root] = certificatesIn(stringData['ca.crt']).map((pem) => readCertificate(pem, 'ca.crt'));
    expect(verifyCertificate(leaf, { intermediates: [issuer], roots: [root], at: new Date(), identity: CART.spiffeId })).toEqual([]);
    expect(leaf.x509.checkPrivateKey(createPrivateKey(stringData['tls.key']))).toBe(true);
    expect([its.serialNumber, its.certificateChain, its.certificateName]).toEqual([leaf.serial, stringData['tls.crt'], 'workload/shop/cart-tls']);
    expect(Date.parse(its.validUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  });

  test('names the service by all the names that clients use', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', mesh);
    const its = certificate(pkiApp(), { service: cart, dnsNames: ['cart.example.com', 'cart'] });
    expect(its.dnsNames).toEqual(['cart', 'cart.shop', 'cart.shop.svc', 'cart.shop.svc.cluster.local', 'cart.example.com']);
  });

  test('has the subject, key and lifetime that were asked for', () => {
    const made = pkiApp();
    const its = certificate(made, {
      subject: { organizations: ['Shop'], commonName: 'cart', otherAttributes: { '2.5.4.12': 'Boss' } },
      keyAlgorithm: pki.KeyAlgorithm.ECDSA_P384,
      lifetime: Duration.hours(2),
      renewBefore: Duration.hours(1),
      secretName: 'other',
    });
    manifestsOf(made.chart);
    const facts = readCertificate(its.certificateChain, 'it');
    expect(facts).toMatchObject({ subject: 'O=Shop, CN=cart, 2.5.4.12=Boss', keyType: 'ecdsa-p384' });
    expect(its.secretName).toBe('other');
    expect(made.authority.warnings).toEqual([]);
  });

  test('that lives longer than a day is noticed, once', () => {
    const made = pkiApp();
    certificate(made, { lifetime: Duration.days(30) });
    manifestsOf(made.chart);
    manifestsOf(made.chart);
    expect(made.authority.warnings).toEqual(['a workload certificate that lives 30 days, longer than 24 hours: whoever gets hold of its key can use it that long (at test/cart-tls)']);
    expect(process.stderr.write).toHaveBeenCalledTimes(1);
  });

  test('is refused for what no certificate can say, at its construct', () => {
    const made = pkiApp();
    expect(errorOf(() => certificate(made, { lifetime: Duration.minutes(5) }, 'a'))).toMatchObject({ code: 'MESH-E050', constructPath: 'test/a' });
    expect(errorOf(() => certificate(made, { dnsNames: ['*.shop'] }, 'b'))).toMatchObject({ code: 'MESH-E050', what: 'invalid DNS name, got "*.shop"' });
    expect(errorOf(() => certificate(made, { identity: Identity.serviceAccount('shop', 'cart', 'other.example') }, 'c'))).toMatchObject({
      code: 'MESH-E056', what: 'identity spiffe://other.example/ns/shop/sa/cart, and authority "shop" vouches for trust domain cluster.local',
    });
    certificate(made, {}, 'd');
    expect(errorOf(() => certificate(made, { secretName: 'd' }, 'e'))).toMatchObject({ code: 'MESH-E034', what: 'certificate workload/shop/d is declared by test/d and by test/e' });
  });
});

describe('synth', () => {
  test('issues nothing by itself, and says how to', () => {
    const made = pkiApp(storeNow(), {});
    certificate(made);
    const its = certificate(made, {}, 'web-tls');
    expect(errorsOf(() => made.app.synth()).map(({ code, what, constructPath }) => [code, what, constructPath])).toEqual([
      ['MESH-E054', 'certificate workload/shop/cart-tls was not issued', 'test/cart-tls'],
      ['MESH-E054', 'certificate workload/shop/web-tls was not issued', 'test/web-tls'],
    ]);
    expect(errorOf(() => its.serialNumber).fix).toBe('run "cdk8s-mesh pki issue -- YOUR SYNTH COMMAND" where the private half of the store is, and commit the store');
  });

  test('issues when the command of the store runs it', () => {
    const place = storeNow();
    const made = pkiApp(place, {});
    certificate(made);
    process.env.CDK8S_MESH_PKI = 'issue';
    try {
      expect(manifestsOf(made.chart)).toHaveLength(1);
    } finally {
      delete process.env.CDK8S_MESH_PKI;
    }
    const again = pkiApp(place, {});
    certificate(again);
    expect(manifestsOf(again.chart)).toEqual(manifestsOf(made.chart));
  });

  test('says when a certificate was issued for something else, or revoked', () => {
    const place = storeNow();
    manifestsOf((() => { const made = pkiApp(place); certificate(made); return made.chart; })());
    const changed = pkiApp(place, {});
    certificate(changed, { dnsNames: ['cart'] });
    expect(errorOf(() => manifestsOf(changed.chart)).what).toBe('certificate workload/shop/cart-tls was issued for something else than is declared');
  });

  test.each([
    ['expired', { hours: 25 }, 'MESH-E055', /certificate workload\/shop\/cart-tls expired at .*Z$/],
    ['not valid yet', { hours: -1 }, 'MESH-E055', /certificate workload\/shop\/cart-tls is valid from .*Z only$/],
  ])('reports by the clock what is %s, and changes nothing', (_, { hours }, code, what) => {
    const place = storeNow();
    const first = pkiApp(place);
    certificate(first);
    const output = manifestsOf(first.chart);
    const later = pkiApp(place, { reportAt: new Date(Date.now() + hours * 3_600_000).toISOString() });
    certificate(later);
    expect(errorOf(() => manifestsOf(later.chart))).toMatchObject({ code, what: expect.stringMatching(what), constructPath: 'test/cart-tls' });
    const due = pkiApp(place, { reportAt: new Date(Date.now() + 17 * 3_600_000).toISOString() });
    certificate(due);
    expect(manifestsOf(due.chart)).toEqual(output);
    expect(due.authority.warnings).toEqual([expect.stringMatching(/^workload\/shop\/cart-tls ends at .*: renew it with "cdk8s-mesh pki rotate" \(at test\/cart-tls\)$/)]);
  });

  test('fails at once for a store that is missing or an instant that is none', () => {
    const made = pkiApp();
    const open = (folder: string, options: pki.CertificateStoreOptions = {}) => new pki.MeshCertificateAuthority(made.chart, `a${Math.random()}`, {
      store: pki.CertificateStore.folder(folder, options), authorityName: 'shop',
    });
    expect(errorOf(() => open('/nonexistent/pki'))).toMatchObject({ code: 'MESH-E051', fix: 'make one with "cdk8s-mesh pki init --store /nonexistent/pki" and commit it' });
    expect(errorOf(() => open(made.place.folder, { reportAt: 'tomorrow' })).what).toBe('invalid instant, got "tomorrow"');
  });
});

describe('sinks', () => {
  test('seal the key for the controller, and keep the sealed text', () => {
    const place = storeNow();
    const synth = (options: pki.CertificateStoreOptions = { issueMissing: true }, sealing: pki.SealedSecretOptions = {}) => {
      const made = pkiApp(place, options);
      certificate(made, { sink: pki.SecretSink.sealedSecret(controller.pem, sealing) });
      return made;
    };
    const [sealed] = manifestsOf(synth().chart);
    expect(sealed).toMatchObject({ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', metadata: { name: 'cart-tls', namespace: 'shop' } });
    expect(sealed.spec.template).toMatchObject({ type: 'kubernetes.io/tls', metadata: { name: 'cart-tls', namespace: 'shop' } });
    expect(Object.keys(sealed.spec.template.data).sort()).toEqual(['ca.crt', 'tls.crt']);
    expect(unseal(sealed.spec.encryptedData['tls.key'], 'shop/cart-tls', controller.key)).toContain('BEGIN PRIVATE KEY');
    expect(manifestsOf(synth({ privateFolder: '/nonexistent' }).chart)).toEqual([sealed]);
    const wide = manifestsOf(synth(undefined, { scope: pki.SealingScope.CLUSTER_WIDE }).chart)[0];
    expect(wide.metadata.annotations).toEqual({ 'sealedsecrets.bitnami.com/cluster-wide': 'true' });
    expect(unseal(wide.spec.encryptedData['tls.key'], '', controller.key)).toContain('BEGIN PRIVATE KEY');
    expect(errorOf(() => manifestsOf(synth({}, { scope: pki.SealingScope.NAMESPACE_WIDE }).chart)).what).toBe('the private key of workload/shop/cart-tls was not sealed for this place and controller');
  });

  test('write a file that its owner alone can read, outside of the output', () => {
    const place = storeNow();
    const folder = `${place.folder}-files`;
    const made = pkiApp(place);
    certificate(made, { sink: pki.SecretSink.file(folder) });
    expect(manifestsOf(made.chart)).toEqual([]);
    const file = `${folder}/shop.cart-tls.yaml`;
    expect(fs.readFileSync(file, 'utf8')).toMatch(/kind: Secret[\s\S]*tls.key: \|\n +-----BEGIN PRIVATE KEY/);
    expect((fs.statSync(file).mode % 0o1000).toString(8)).toBe('600');
    const elsewhere = pkiApp(place, { privateFolder: '/nonexistent' });
    certificate(elsewhere, { sink: pki.SecretSink.file(`${folder}2`) });
    expect(manifestsOf(elsewhere.chart)).toEqual([]);
    expect(elsewhere.authority.warnings).toEqual([expect.stringContaining('Secret shop/cart-tls was not written')]);
    expect(errorOf(() => certificate(made, { sink: pki.SecretSink.file(`${made.app.outdir}/x`) }, 'b'))).toMatchObject({ code: 'MESH-E059', what: expect.stringContaining('within the output of the app') });
  });

  test('refer to a store outside of the cluster', () => {
    const made = pkiApp();
    certificate(made, { sink: pki.SecretSink.externalSecret('vault', 'shop/cart', { clusterWide: false, property: 'key', refreshInterval: Duration.minutes(5) }) });
    const [external] = manifestsOf(made.chart);
    expect(external).toMatchObject({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'cart-tls', namespace: 'shop' },
      spec: {
        refreshInterval: '5m0s',
        secretStoreRef: { name: 'vault', kind: 'SecretStore' },
        target: { name: 'cart-tls', template: { type: 'kubernetes.io/tls', data: { 'tls.key': '{{ .privateKey }}' } } },
        data: [{ secretKey: 'privateKey', remoteRef: { key: 'shop/cart', property: 'key' } }],
      },
    });
  });

  test('in the open need consent, and the key', () => {
    expect(errorOf(() => pki.SecretSink.plain({ iUnderstandThatThePrivateKeyIsInTheOutput: false }))).toMatchObject({ code: 'MESH-E059' });
    const place = storeNow();
    const made = pkiApp(place);
    certificate(made);
    manifestsOf(made.chart);
    const elsewhere = pkiApp(place, { privateFolder: '/nonexistent' });
    certificate(elsewhere);
    expect(errorOf(() => manifestsOf(elsewhere.chart))).toMatchObject({ code: 'MESH-E058', what: expect.stringContaining('the private key of workload/shop/cart-tls is not in /nonexistent') });
  });

  test.each([
    ['a sealing certificate that is none', () => pki.SecretSink.sealedSecret('nothing'), 'MESH-E050'],
    ['a store without name', () => pki.SecretSink.externalSecret('', 'x'), 'MESH-E001'],
    ['no path', () => pki.SecretSink.externalSecret('vault', ''), 'MESH-E030'],
  ])('are refused for %s', (_, step, code) => {
    expect(errorOf(step).code).toBe(code);
  });

  test('are the only way: a private key in any other object is an error', () => {
    const made = pkiApp();
    certificate(made);
    const { stringData } = kindOf(made.chart, 'Secret')[0];
    new ApiObject(made.chart, 'leak', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'leak' }, data: { x: stringData['tls.key'] } });
    new ApiObject(made.chart, 'leak2', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'leak2' }, data: { x: Buffer.from(stringData['tls.key']).toString('base64') } });
    expect(errorsOf(() => manifestsOf(made.chart)).map(({ code, what, constructPath }) => [code, what, constructPath])).toEqual([
      ['MESH-E059', 'ConfigMap "leak" would hold a private key in the open, at data.x', 'test/leak'],
      ['MESH-E059', 'Secret "leak2" would hold a private key in the open, at data.x', 'test/leak2'],
    ]);
  });
});
