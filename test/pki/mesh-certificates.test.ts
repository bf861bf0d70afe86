import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Capabilities, consul, IMesh, Identity, Ingress, IngressGateway, istio, linkerd, MeshProfile, pki } from '../../src';
import { readCertificate } from '../../src/engine/pki/facts';
import { certificatesIn } from '../../src/engine/pki/pem';
import { changeStore } from '../../src/engine/pki/store/change';
import { initAuthority } from '../../src/engine/pki/store/init';
import { revokeCertificate } from '../../src/engine/pki/store/revoke';
import { takeStep } from '../../src/engine/pki/store/rotate';
import { make, requestFor } from '../support/certificates';
import { serviceIn } from '../support/fixtures';
import { errorOf, kindOf, manifestOf, manifestsOf } from '../support/manifests';
import { PkiApp, pkiApp, storeNow } from '../support/pki-app';

const sink = pki.SecretSink.plain({ iUnderstandThatThePrivateKeyIsInTheOutput: true });
const subjectsIn = (pem: string) => certificatesIn(pem).map((one) => readCertificate(one, 'it').subject);

beforeEach(() => { jest.spyOn(process.stderr, 'write').mockReturnValue(true); });
afterEach(() => { jest.restoreAllMocks(); });

describe('the certificate of a gateway', () => {
  const gateway = ({ chart, authority }: PkiApp, props: Partial<pki.GatewayCertificateProps> = {}, id = 'shop-tls') =>
    new pki.GatewayCertificate(chart, id, { authority, sink, hosts: ['shop.example.com', '*.api.example.com'], ...props });

  test('is where the gateway of the mesh runs', () => {
    const made = pkiApp();
    const mesh = new istio.IstioMesh(made.chart, 'mesh', { authority: made.authority });
    const its = gateway(made, { mesh });
    const ingress = new Ingress(made.chart, 'web', { mesh, hosts: ['shop.example.com', '*.api.example.com'], tls: its.tlsSource });
    ingress.route(serviceIn(made.chart, 'cart', mesh));
    expect(manifestOf(made.chart, 'Secret', 'shop-tls').metadata.namespace).toBe('istio-system');
    expect(its.certificateName).toBe('gateway/istio-system/shop-tls');
    expect(readCertificate(its.certificateChain, 'it').dnsNames).toEqual(['shop.example.com', '*.api.example.com']);
  });

  test('is where a gateway of its own runs', () => {
    const made = pkiApp();
    const mesh = new istio.IstioMesh(made.chart, 'mesh');
    expect(gateway(made, { gateway: IngressGateway.shared({ namespace: 'edge' }) }, 'a').secretNamespace).toBe('edge');
    expect(gateway(made, { mesh, gateway: IngressGateway.gatewayApi() }, 'b').secretNamespace).toBe('shop');
    expect(gateway(made, { mesh, namespace: 'elsewhere' }, 'c').secretNamespace).toBe('elsewhere');
    expect(errorOf(() => gateway(made, {}, 'd'))).toMatchObject({ code: 'MESH-E030', constructPath: 'test/d' });
  });

  test('that the gateway cannot read, or that does not name its hosts, is an error', () => {
    const made = pkiApp();
    const mesh = new istio.IstioMesh(made.chart, 'mesh');
    const its = gateway(made, { namespace: 'shop' });
    new Ingress(made.chart, 'web', { mesh, hosts: ['shop.example.com'], tls: its.tlsSource }).route(serviceIn(made.chart, 'cart', mesh));
    expect(errorOf(() => manifestsOf(made.chart))).toMatchObject({
      code: 'MESH-E039', what: 'certificate gateway/shop/shop-tls is in namespace shop, and the gateway of test/web runs in istio-system',
    });
    const other = pkiApp();
    const otherMesh = new istio.IstioMesh(other.chart, 'mesh');
    new Ingress(other.chart, 'web', { mesh: otherMesh, hosts: ['pay.example.com', '*.shop.example.com'], tls: gateway(other, { mesh: otherMesh }).tlsSource })
      .route(serviceIn(other.chart, 'cart', otherMesh));
    expect(errorOf(() => manifestsOf(other.chart))).toMatchObject({
      code: 'MESH-E050', what: 'certificate gateway/istio-system/shop-tls does not answer for pay.example.com, *.shop.example.com, which test/web does',
    });
  });

  test('brings revocation lists along as soon as there are any', () => {
    const place = storeNow();
    const first = pkiApp(place);
    gateway(first, { namespace: 'edge' });
    expect(Object.keys(kindOf(first.chart, 'Secret')[0].stringData).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
    changeStore(place, new Date(), (draft) => {
      revokeCertificate(draft, draft.issue('workload/shop/old', requestFor('workload'), draft.records.current('issuer')).serial, 'superseded');
    });
    const second = pkiApp(place);
    gateway(second, { namespace: 'edge' });
    expect(kindOf(second.chart, 'Secret')[0].stringData['ca.crl'].match(/BEGIN X509 CRL/g)).toHaveLength(2);
  });
});

describe('the secret of istiod', () => {
  const cacerts = ({ chart, authority }: PkiApp, clusterName: string, props: Partial<pki.IstioCaSecretProps> = {}) =>
    new pki.IstioCaSecret(chart, clusterName, { authority, sink, clusterName, namespace: `istio-${clusterName}`, ...props });

  test('holds an intermediate of its own for each cluster below one root', () => {
    const made = pkiApp();
    [cacerts(made, 'east'), cacerts(made, 'west')].forEach(({ clusterName }) => {
      const { stringData, type } = manifestOf(made.chart, 'Secret', 'cacerts', `istio-${clusterName}`);
      expect([type, Object.keys(stringData).sort()]).toEqual(['Opaque', ['ca-cert.pem', 'ca-key.pem', 'cert-chain.pem', 'root-cert.pem']]);
      expect([stringData['ca-cert.pem'], stringData['cert-chain.pem'], stringData['root-cert.pem']].map(subjectsIn)).toEqual([[`CN=shop ${clusterName}`], [`CN=shop ${clusterName}`], ['CN=shop root']]);
      expect(readCertificate(stringData['ca-cert.pem'], 'it')).toMatchObject({ isAuthority: true, pathLength: 0, issuer: 'CN=shop root' });
    });
  });

  test('is refused when its intermediate could not outlive what istiod issues', () => {
    const made = pkiApp();
    expect(errorOf(() => cacerts(made, 'east', { lifetime: Duration.hours(36) }))).toMatchObject({ code: 'MESH-E057', what: expect.stringContaining('certificates that istiod issues for east of 24 hours from an issuer of 36 hours') });
    expect(cacerts(made, 'west', { lifetime: Duration.hours(36), workloadLifetime: Duration.hours(1) }).secretName).toBe('cacerts');
    expect(errorOf(() => cacerts(made, 'North')).code).toBe('MESH-E001');
  });

  test('holds both roots while a root is changed, and keeps the intermediate until the issuer is switched', () => {
    const place = storeNow();
    const synth = () => {
      const made = pkiApp(place);
      cacerts(made, 'east');
      const { stringData } = kindOf(made.chart, 'Secret')[0];
      return [made.authority.phase, subjectsIn(stringData['root-cert.pem']), readCertificate(stringData['ca-cert.pem'], 'it').issuer];
    };
    const outputs = [synth()];
    (['add-root', 'switch-issuer', 'drop-old-root'] as const).forEach((step) => {
      changeStore(place, new Date(), (draft) => takeStep(draft, step, true));
      outputs.push(synth());
    });
    expect(outputs).toEqual([
      ['steady', ['CN=shop root'], 'CN=shop root'],
      ['add-root', ['CN=shop root', 'CN=shop root 2'], 'CN=shop root'],
      ['switch-issuer', ['CN=shop root', 'CN=shop root 2'], 'CN=shop root 2'],
      ['steady', ['CN=shop root 2'], 'CN=shop root 2'],
    ]);
  });
});

describe('the identity of Linkerd', () => {
  test('is an issuer, the roots, and values for its chart', () => {
    const made = pkiApp();
    const identity = new pki.LinkerdIdentity(made.chart, 'identity', { authority: made.authority, sink, proxyLifetime: Duration.hours(12) });
    const { stringData, type } = manifestOf(made.chart, 'Secret', 'linkerd-identity-issuer', 'linkerd');
    expect([type, Object.keys(stringData).sort()]).toEqual(['kubernetes.io/tls', ['ca.crt', 'tls.crt', 'tls.key']]);
    expect(readCertificate(stringData['tls.crt'], 'it')).toMatchObject({ subject: 'CN=identity.linkerd.cluster.local', isAuthority: true, keyType: 'ecdsa-p256' });
    expect(manifestOf(made.chart, 'ConfigMap', 'linkerd-identity-trust-roots', 'linkerd').data).toEqual({ 'ca-bundle.crt': made.authority.trustBundle });
    expect(identity.helmValues).toEqual({ identityTrustDomain: 'cluster.local', identity: { externalCA: true, issuer: { scheme: 'kubernetes.io/tls', issuanceLifetime: '12h0m0s' } } });
  });

  test('has one issuer for each cluster', () => {
    const made = pkiApp();
    const names = ['east', 'west'].map((clusterName) => new pki.LinkerdIdentity(made.chart, clusterName, { authority: made.authority, sink, clusterName, namespace: clusterName }).certificateName);
    expect(names).toEqual(['intermediate/linkerd-east', 'intermediate/linkerd-west']);
  });
});

describe('a trust bundle', () => {
  test('holds the roots of its authorities and others, each once, in every namespace', () => {
    const made = pkiApp();
    const other = make(requestFor('root', { subject: { commonName: 'partner' } }));
    new pki.TrustBundle(made.chart, 'roots', { authorities: [made.authority], additionalRoots: [`${other.pem}${made.authority.trustBundle}`], namespaces: ['shop', 'pay', 'shop'] });
    const maps = kindOf(made.chart, 'ConfigMap');
    expect(maps.map(({ metadata, data }) => [metadata.namespace, metadata.name, subjectsIn(data['ca.crt'])])).toEqual([
      ['shop', 'roots', ['CN=shop root', 'CN=partner']], ['pay', 'roots', ['CN=shop root', 'CN=partner']],
    ]);
  });

  test.each([
    ['no roots', { authorities: [], namespaces: ['a'] }, 'MESH-E030'],
    ['a root that holds nothing', { authorities: [], additionalRoots: ['x'], namespaces: ['a'] }, 'MESH-E050'],
    ['a root that is none', { authorities: [], additionalRoots: [make(requestFor('workload')).pem], namespaces: ['a'] }, 'MESH-E050'],
    ['no namespace', { authorities: [], additionalRoots: [make(requestFor('root')).pem], namespaces: [] }, 'MESH-E030'],
  ])('is refused for %s', (_, props, code) => {
    expect(errorOf(() => new pki.TrustBundle(pkiApp().chart, 'roots', props)).code).toBe(code);
  });
});

describe('an authority', () => {
  const twoAuthorities = () => {
    const made = pkiApp();
    initAuthority({ ...made.place, authority: 'other' }, { trustDomain: 'cluster.local', keyType: 'ecdsa-p256', subject: {} }, new Date());
    const store = pki.CertificateStore.folder(made.place.folder, { privateFolder: made.place.privateFolder, issueMissing: true });
    return { ...made, other: new pki.MeshCertificateAuthority(made.chart, 'other', { store }) };
  };
  const certificate = ({ chart, authority }: Pick<PkiApp, 'chart' | 'authority'>, namespace = 'shop') =>
    new pki.WorkloadCertificate(chart, 'tls', { authority, sink, identity: Identity.serviceAccount(namespace, 'cart') });

  test('named by a mesh issues for the namespaces of the mesh, and no other does', () => {
    const { chart, authority, other } = twoAuthorities();
    const mesh = new istio.IstioMesh(chart, 'mesh', { authority: other });
    serviceIn(chart, 'cart', mesh);
    certificate({ chart, authority });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({
      code: 'MESH-E056',
      constructPath: 'test/tls',
      what: 'certificate workload/shop/tls chains to authority "shop", and mesh test/mesh names authority "other"',
      fix: 'issue it by "other", or name "shop" there',
    });
  });

  test('named by a mesh may be another construct for the same roots', () => {
    const { chart, authority, place } = pkiApp();
    const twin = new pki.MeshCertificateAuthority(chart, 'twin', { store: pki.CertificateStore.folder(place.folder), authorityName: 'shop' });
    serviceIn(chart, 'cart', new istio.IstioMesh(chart, 'mesh', { authority: twin }));
    certificate({ chart, authority });
    expect(kindOf(chart, 'Secret')).toHaveLength(1);
  });

  test('that serves a namespace is the only one there, and nobody minds elsewhere', () => {
    const { chart, authority, other } = twoAuthorities();
    other.serveNamespace('pay');
    certificate({ chart, authority });
    expect(kindOf(chart, 'Secret')).toHaveLength(1);
    other.serveNamespace('shop');
    expect(errorOf(() => manifestsOf(chart)).what).toContain('namespace shop names authority "other"');
    expect(errorOf(() => authority.serveNamespace('shop'))).toMatchObject({ code: 'MESH-E031', what: 'namespace shop has two authorities, other and shop' });
  });

  test('vouches for the trust domain of its meshes', () => {
    const { chart, authority } = pkiApp();
    serviceIn(chart, 'cart', new istio.IstioMesh(chart, 'mesh', { authority, trustDomain: 'other.example' }));
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E056', constructPath: 'test/mesh', what: expect.stringContaining('has trust domain other.example, and its authority "shop" vouches for cluster.local') });
    const made = pkiApp();
    expect(errorOf(() => new pki.MeshCertificateAuthority(made.chart, 'a', {
      store: pki.CertificateStore.folder(made.place.folder), authorityName: 'shop', trustDomain: 'other.example',
    })).code).toBe('MESH-E031');
  });

  test('cannot be given to Consul, which says what can', () => {
    const { chart, authority } = pkiApp();
    serviceIn(chart, 'cart', new consul.ConsulMesh(chart, 'mesh', { authority }));
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({
      code: 'MESH-E021', what: 'consul cannot be given authority "shop": it lacks capability ca.external (bring own CA), but for Vault / AWS PCA', fix: expect.stringContaining('pki.ConsulCa'),
    });
  });

  test('can be given to Linkerd, and to a mesh of your own that says so', () => {
    const { chart, authority } = pkiApp();
    serviceIn(chart, 'cart', new linkerd.LinkerdMesh(chart, 'mesh', { authority }));
    class OwnMesh extends Construct implements IMesh {
      public constructor(scope: Construct, public readonly profile: MeshProfile) { super(scope, `${profile.meshName}-mesh`); }
      public lower(): void { /* nothing to write */ }
    }
    const profile = (meshName: string, supported: string[]): MeshProfile => ({
      ...new istio.IstioMesh(chart, `like-${meshName}`).profile, meshName, capabilities: Capabilities.custom(meshName, [...Capabilities.of('istio').supportedIds().filter((id) => id !== 'ca.external'), ...supported]), authority,
    });
    serviceIn(chart, 'own', new OwnMesh(chart, profile('own', ['ca.external'])));
    expect(manifestsOf(chart).length).toBeGreaterThan(0);
    serviceIn(chart, 'poor', new OwnMesh(chart, profile('poor', [])));
    expect(errorOf(() => manifestsOf(chart)).what).toBe('poor cannot be given authority "shop": it lacks capability ca.external (bring own CA)');
  });
});

describe('an output', () => {
  test('is the same from the committed half alone, on every machine', () => {
    const controller = make(requestFor('root', { keyType: 'rsa-2048' }));
    const place = storeNow();
    const synth = (options: pki.CertificateStoreOptions) => {
      const made = pkiApp(place, options);
      const { chart, authority } = made;
      const sealed = pki.SecretSink.sealedSecret(controller.pem);
      new pki.WorkloadCertificate(chart, 'tls', { authority, sink: sealed, identity: Identity.serviceAccount('shop', 'cart') });
      new pki.GatewayCertificate(chart, 'web', { authority, sink: sealed, hosts: ['shop.example.com'], namespace: 'edge' });
      new pki.IstioCaSecret(chart, 'cacerts', { authority, sink: sealed, clusterName: 'east' });
      new pki.LinkerdIdentity(chart, 'identity', { authority, sink: sealed });
      new pki.TrustBundle(chart, 'roots', { authorities: [authority], namespaces: ['shop'] });
      return made.app.synthYaml();
    };
    const first = synth({ issueMissing: true });
    expect(first).toContain('SealedSecret');
    expect(first).not.toContain('PRIVATE KEY');
    expect([synth({}), synth({ privateFolder: '/nonexistent/keys' }), synth({ issueMissing: true, privateFolder: '/nonexistent/keys' })]).toEqual([first, first, first]);
  });
});
