import { Duration } from 'cdk8s';
import { certmanager, consul, Identity, Ingress, istio, linkerd, pki } from '../../src';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, manifestOf, manifestsOf } from '../support/manifests';
import { pkiApp } from '../support/pki-app';
import { unsetFields } from '../support/spec-fields';

const chartOf = () => chartIn(undefined, 'test', { namespace: 'shop' });
const { IssuerSource, BundleSource, VaultAuth } = certmanager;
const vault = (scope: ReturnType<typeof chartOf>) => new certmanager.ClusterIssuer(scope, 'vault', { source: IssuerSource.vault({ server: 'https://vault.example.com', path: 'pki/sign/mesh', auth: VaultAuth.kubernetes('mesh', 'cert-manager') }) });

beforeEach(() => { jest.spyOn(process.stderr, 'write').mockReturnValue(true); });
afterEach(() => { jest.restoreAllMocks(); });

describe('an authority of the cluster', () => {
  test('is a root that signs itself where cert-manager looks for it, and an issuer', () => {
    const chart = chartOf();
    const authority = new pki.CertManagerAuthority(chart, 'mesh-ca', { subject: { organizations: ['Shop'], units: ['Mesh'] }, keyAlgorithm: pki.KeyAlgorithm.ECDSA_P384 });
    expect(manifestsOf(chart).map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
      ['Issuer', 'cert-manager', 'mesh-ca-root'], ['Certificate', 'cert-manager', 'mesh-ca-root'], ['ClusterIssuer', undefined, 'mesh-ca'],
    ]);
    expect(manifestOf(chart, 'Certificate', 'mesh-ca-root').spec).toEqual({
      isCA: true,
      commonName: 'mesh-ca root',
      subject: { organizations: ['Shop'], organizationalUnits: ['Mesh'] },
      secretName: 'mesh-ca-root',
      duration: '87600h0m0s',
      renewBefore: '29200h0m0s',
      revisionHistoryLimit: 1,
      usages: ['cert sign', 'crl sign'],
      privateKey: { algorithm: 'ECDSA', size: 384, rotationPolicy: 'Always' },
      issuerRef: { name: 'mesh-ca-root', kind: 'Issuer', group: 'cert-manager.io' },
    });
    expect([authority.trustDomain, authority.rootFingerprints, authority.rootSecretName]).toEqual(['cluster.local', [], 'mesh-ca-root']);
  });

  test('makes no root when an issuer is there already', () => {
    const chart = chartOf();
    const authority = new pki.CertManagerAuthority(chart, 'mesh-ca', { issuer: vault(chart) });
    expect(manifestsOf(chart).map(({ kind }) => kind)).toEqual(['ClusterIssuer']);
    expect(errorOf(() => authority.trustSource)).toMatchObject({ code: 'MESH-E030', fix: expect.stringContaining('BundleSource.inline') });
    expect(errorOf(() => new pki.CertManagerAuthority(chart, 'b', { issuer: vault(chartOf()), rootLifetime: Duration.days(1) })).code).toBe('MESH-E027');
    expect(errorOf(() => new pki.CertManagerAuthority(chart, 'c', { rootLifetime: Duration.hours(1) })).code).toBe('MESH-E050');
  });

  test('has signed every certificate of the namespaces of its meshes', () => {
    const chart = chartOf();
    const authority = new pki.CertManagerAuthority(chart, 'mesh-ca');
    serviceIn(chart, 'cart', new istio.IstioMesh(chart, 'mesh', { authority }));
    const own = (id: string, issuer: certmanager.ICertificateIssuer, more: Partial<certmanager.CertificateProps> = {}) => new certmanager.Certificate(chart, id, { issuer, dnsNames: ['cart'], duration: Duration.days(1), ...more });
    own('good', authority.issuer);
    own('same', certmanager.ClusterIssuer.fromClusterIssuerName(chart, 'same-issuer', 'mesh-ca'));
    own('public', vault(chart), { isPublic: true });
    own('elsewhere', certmanager.ClusterIssuer.fromClusterIssuerName(chart, 'e', 'other'), { metadata: { namespace: 'pay' } });
    expect(kindOf(chart, 'Certificate')).toHaveLength(5);
    own('stranger', certmanager.Issuer.fromIssuerName(chart, 'i', 'unknown'));
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({
      code: 'MESH-E056',
      constructPath: 'test/stranger',
      fix: expect.stringContaining('otherIssuers'),
      what: 'certificate stranger of namespace shop is signed by Issuer unknown, which is not known to chain to authority "mesh-ca" of that namespace',
    });
  });

  test('is followed by way of intermediates, and their lives are compared', () => {
    const chart = chartOf();
    const authority = new pki.CertManagerAuthority(chart, 'mesh-ca', { namespaces: ['shop'] });
    new certmanager.Certificate(chart, 'team', { issuer: authority.issuer, isCa: true, commonName: 'team', duration: Duration.days(30), renewBefore: Duration.days(10) });
    const issuer = new certmanager.Issuer(chart, 'team-ca', { source: IssuerSource.ca('team') });
    new certmanager.Certificate(chart, 'leaf', { issuer, dnsNames: ['cart'], duration: Duration.days(10) });
    expect(kindOf(chart, 'Certificate')).toHaveLength(3);
    new certmanager.Certificate(chart, 'long', { issuer, dnsNames: ['cart'], duration: Duration.days(11) });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E057', constructPath: 'test/long', what: 'certificate long of 11 days from team, which is renewed 10 days before its end' });
  });

  test('whose ClusterIssuer looks for its Secret in another namespace does not chain', () => {
    const chart = chartOf();
    const authority = new pki.CertManagerAuthority(chart, 'mesh-ca', { namespaces: ['shop'] });
    new certmanager.Certificate(chart, 'team', { issuer: authority.issuer, isCa: true, commonName: 'team' });
    new certmanager.Certificate(chart, 'leaf', { issuer: new certmanager.ClusterIssuer(chart, 'team-ca', { source: IssuerSource.ca('team') }), dnsNames: ['cart'] });
    expect(errorOf(() => manifestsOf(chart)).code).toBe('MESH-E056');
  });

  test('and one of the store do not vouch for each other', () => {
    const made = pkiApp();
    const sink = pki.SecretSink.plain({ iUnderstandThatThePrivateKeyIsInTheOutput: true });
    const authority = new pki.CertManagerAuthority(made.chart, 'mesh-ca', { namespaces: ['shop'] });
    new pki.WorkloadCertificate(made.chart, 'tls', { authority: made.authority, sink, identity: Identity.serviceAccount('shop', 'cart') });
    expect(errorOf(() => manifestsOf(made.chart)).code).toBe('MESH-E056');
    const other = pkiApp();
    other.authority.serveNamespace('shop');
    new certmanager.Certificate(other.chart, 'tls', { issuer: vault(other.chart), dnsNames: ['a'] });
    expect(errorOf(() => manifestsOf(other.chart)).what).toContain('authority "shop" of that namespace');
    expect(authority.rootFingerprints).toEqual([]);
  });

  test('cannot be given to Consul, and can to Linkerd', () => {
    const chart = chartOf();
    const authority = new pki.CertManagerAuthority(chart, 'mesh-ca');
    serviceIn(chart, 'cart', new linkerd.LinkerdMesh(chart, 'mesh', { authority }));
    expect(manifestsOf(chart).length).toBeGreaterThan(3);
    serviceIn(chart, 'pay', new consul.ConsulMesh(chart, 'consul', { authority }));
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E021', fix: expect.stringContaining('pki.ConsulCa') });
  });
});

describe('what meshes sign with', () => {
  const made = () => {
    const chart = chartOf();
    return { chart, authority: new pki.CertManagerAuthority(chart, 'mesh-ca') };
  };

  test('is an intermediate for istiod of each cluster', () => {
    const { chart, authority } = made();
    ['east', 'west'].forEach((clusterName) => new pki.CertManagerIstioCa(chart, clusterName, { authority, clusterName, namespace: `istio-${clusterName}` }));
    const [, east, west] = kindOf(chart, 'Certificate');
    expect(east).toMatchObject({ metadata: { name: 'cacerts', namespace: 'istio-east' }, spec: { secretName: 'cacerts', isCA: true, commonName: 'mesh-ca east', duration: '1440h0m0s', renewBefore: '480h0m0s', issuerRef: { name: 'mesh-ca' } } });
    expect(west.spec.commonName).toBe('mesh-ca west');
    expect(errorOf(() => new pki.CertManagerIstioCa(chart, 'x', { authority, clusterName: 'x', lifetime: Duration.hours(36) })).code).toBe('MESH-E057');
    expect(errorOf(() => new pki.CertManagerIstioCa(chart, 'y', { authority, clusterName: 'Y' })).code).toBe('MESH-E001');
  });

  test('is an issuer for Linkerd with the roots in its namespace', () => {
    const { chart, authority } = made();
    const identity = new pki.CertManagerLinkerdIdentity(chart, 'identity', { authority, additionalRoots: [BundleSource.secret('linkerd-previous-anchor', 'tls.crt')] });
    expect(manifestOf(chart, 'Certificate', 'linkerd-identity-issuer').spec).toMatchObject({ isCA: true, commonName: 'identity.linkerd.cluster.local', duration: '48h0m0s', renewBefore: '25h0m0s', privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' } });
    expect(manifestOf(chart, 'Bundle', 'linkerd-identity-trust-roots').spec).toEqual({
      sources: [{ secret: { name: 'mesh-ca-root', key: 'tls.crt' } }, { secret: { name: 'linkerd-previous-anchor', key: 'tls.crt' } }],
      target: { configMap: { key: 'ca-bundle.crt' }, namespaceSelector: { matchLabels: { 'linkerd.io/is-control-plane': 'true' } } },
    });
    expect(identity.helmValues).toMatchObject({ identity: { externalCA: true, issuer: { scheme: 'kubernetes.io/tls', issuanceLifetime: '24h0m0s' } } });
    expect(errorOf(() => new pki.CertManagerLinkerdIdentity(chart, 'b', { authority, proxyLifetime: Duration.hours(30) })).code).toBe('MESH-E057');
  });

  test('is nothing for Istio when istio-csr hands everything on', () => {
    const { chart, authority } = made();
    const csr = new pki.IstioCsr(chart, 'csr', { authority, clusterName: 'east', ambient: true, revisions: ['1-31'] });
    expect(csr.helmValues).toEqual({
      app: {
        certmanager: { namespace: 'istio-system', issuer: { name: 'mesh-ca', kind: 'ClusterIssuer', group: 'cert-manager.io' } },
        tls: { trustDomain: 'cluster.local', rootCAFile: '/var/run/secrets/istio-csr/ca.pem', certificateDuration: '1h0m0s', istiodCertificateDuration: '1h0m0s' },
        server: { clusterID: 'east', maxCertificateDuration: '1h0m0s', caTrustedNodeAccounts: 'istio-system/ztunnel' },
        istio: { revisions: ['1-31'], namespace: 'istio-system' },
      },
      volumes: [{ name: 'root-ca', configMap: { name: 'istio-root-ca' } }],
      volumeMounts: [{ name: 'root-ca', mountPath: '/var/run/secrets/istio-csr', readOnly: true }],
    });
    expect(csr.istiodValues).toEqual({ global: { caAddress: 'cert-manager-istio-csr.cert-manager.svc:443' }, meshConfig: { trustDomain: 'cluster.local' }, pilot: { env: { ENABLE_CA_SERVER: 'false' } } });
    expect(manifestOf(chart, 'Bundle', 'istio-root-ca').spec.target).toEqual({ configMap: { key: 'ca.pem' }, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'cert-manager' } } });
    expect(errorOf(() => new pki.IstioCsr(chart, 'b', { authority, workloadLifetime: Duration.days(2) })).code).toBe('MESH-E057');
    const scoped = new pki.CertManagerAuthority(chart, 'c', { issuer: certmanager.Issuer.fromIssuerName(chart, 'i', 'istio-ca', 'elsewhere') });
    expect(errorOf(() => new pki.IstioCsr(chart, 'd', { authority: scoped })).code).toBe('MESH-E031');
  });

  test('is a Vault, AWS or Consul itself for Consul', () => {
    const config = ({ helmValues }: pki.ConsulCa) => JSON.parse(helmValues.server.extraConfig).connect[0];
    expect(config(pki.ConsulCa.builtIn())).toEqual({ enabled: true, ca_provider: 'consul', ca_config: [{ leaf_cert_ttl: '72h0m0s' }] });
    expect(config(pki.ConsulCa.vault({ address: 'https://v', role: 'r', proxyLifetime: Duration.hours(24) }))).toEqual({
      enabled: true,
      ca_provider: 'vault',
      ca_config: [{
        address: 'https://v', root_pki_path: 'connect-root', intermediate_pki_path: 'connect-intermediate', auth_method: { type: 'kubernetes', mount_path: 'kubernetes', params: { role: 'r' } }, leaf_cert_ttl: '24h0m0s',
      }],
    });
    const arn = 'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555';
    expect(config(pki.ConsulCa.awsPca(arn)).ca_config[0].existing_arn).toBe(arn);
    const codes = [() => pki.ConsulCa.awsPca('x'), () => pki.ConsulCa.vault({ address: 'v', role: 'r' }), () => pki.ConsulCa.vault({ address: 'https://v', role: '' }),
      () => pki.ConsulCa.vault({ address: 'https://v', role: 'r', rootPath: 'a', intermediatePath: 'a' }), () => pki.ConsulCa.builtIn({ proxyLifetime: Duration.minutes(5) })].map((step) => errorOf(step).code);
    expect(codes).toEqual(['MESH-E030', 'MESH-E030', 'MESH-E030', 'MESH-E031', 'MESH-E050']);
  });
});

describe('the certificate of a gateway from cert-manager', () => {
  test('is where the gateway runs, and may be of a public issuer', () => {
    const chart = chartOf();
    const mesh = new istio.IstioMesh(chart, 'mesh', { authority: new pki.CertManagerAuthority(chart, 'mesh-ca') });
    const its = new pki.CertManagerGatewayCertificate(chart, 'web-tls', { issuer: vault(chart), mesh, hosts: ['shop.example.com', '*.api.example.com'] });
    new Ingress(chart, 'web', { mesh, hosts: ['shop.example.com', '*.api.example.com'], tls: its.tlsSource }).route(serviceIn(chart, 'cart', mesh));
    expect(manifestOf(chart, 'Certificate', 'web-tls', 'istio-system').spec).toMatchObject({ dnsNames: ['shop.example.com', '*.api.example.com'], usages: ['digital signature', 'key encipherment', 'server auth'] });
    expect(its.secretNamespace).toBe('istio-system');
  });

  test('is refused where the gateway cannot read it, for hosts that it lacks, and for none', () => {
    const chart = chartOf();
    const mesh = new istio.IstioMesh(chart, 'mesh');
    const its = new pki.CertManagerGatewayCertificate(chart, 'web-tls', { issuer: vault(chart), namespace: 'shop', hosts: ['shop.example.com'] });
    new Ingress(chart, 'web', { mesh, hosts: ['pay.example.com'], tls: its.tlsSource }).route(serviceIn(chart, 'cart', mesh));
    const thrown = (() => { try { manifestsOf(chart); return ''; } catch (error) { return String(error); } })();
    expect(thrown).toMatch(/MESH-E039[^]*does not answer for pay\.example\.com[^]*MESH-E050/);
    expect(errorOf(() => new pki.CertManagerGatewayCertificate(chart, 'b', { issuer: its.certificate.issuer, mesh, hosts: [] })).code).toBe('MESH-E050');
    expect(errorOf(() => new pki.CertManagerGatewayCertificate(chart, 'c', { issuer: its.certificate.issuer, hosts: ['a.example.com'] })).code).toBe('MESH-E030');
  });
});

describe('identities without a mesh', () => {
  test('are mounted by the driver of cert-manager', () => {
    const chart = chartOf();
    const driver = new pki.SpiffeCsiDriver({ authority: new pki.CertManagerAuthority(chart, 'mesh-ca', { trustDomain: 'shop.example' }), lifetime: Duration.hours(2) });
    expect(driver.helmValues).toEqual({ app: { trustDomain: 'shop.example', certificateRequestDuration: '2h0m0s', issuer: { name: 'mesh-ca', kind: 'ClusterIssuer', group: 'cert-manager.io' } } });
    expect([driver.certManagerValues, driver.volume('id')]).toEqual([{ disableAutoApproval: true }, { name: 'id', csi: { driver: 'spiffe.csi.cert-manager.io', readOnly: true } }]);
  });

  test('are given by SPIRE', () => {
    const chart = chartOf();
    new pki.ClusterSpiffeId(chart, 'mesh');
    new pki.ClusterSpiffeId(chart, 'full', {
      idTemplate: 'spiffe://{{ .TrustDomain }}/x',
      podLabels: { a: 'b' },
      namespaceLabels: { c: 'd' },
      ttl: Duration.hours(1),
      jwtTtl: Duration.minutes(5),
      dnsNameTemplates: ['a'],
      autoPopulateDnsNames: true,
      workloadSelectorTemplates: ['b'],
      federatesWith: ['c'],
      downstream: true,
      fallback: true,
      admin: true,
      hint: 'd',
      className: 'e',
    });
    const [plain, full] = kindOf(chart, 'ClusterSPIFFEID');
    expect([plain.metadata, plain.spec]).toEqual([{ name: 'mesh' }, { spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}' }]);
    expect(unsetFields('spire.spiffe.io/v1alpha1', 'ClusterSPIFFEID', [full]).filter((field) => !field.includes('matchExpressions'))).toEqual([]);
    expect(errorOf(() => new pki.ClusterSpiffeId(chart, 'bad', { idTemplate: 'spiffe://x/y' })).code).toBe('MESH-E050');
  });
});
