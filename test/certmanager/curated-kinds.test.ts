import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { certmanager } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, kindOf, manifestOf, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { crd, IssuerSource, CertificateKey, BundleSource, BundleTarget, VaultAuth } = certmanager;
const issuerIn = (scope: Construct, id = 'ca') => new certmanager.ClusterIssuer(scope, id, { source: IssuerSource.ca('mesh-root') });
const ROOT = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

describe('an issuer', () => {
  const SOURCES: readonly certmanager.IssuerSource[] = [
    IssuerSource.selfSigned(['http://crl.example.com']),
    IssuerSource.ca('root', { crlDistributionPoints: ['http://a'], issuingCertificateUrls: ['http://b'], ocspServers: ['http://c'] }),
    IssuerSource.vault({ server: 'https://vault.example.com:8200', path: 'pki/sign/mesh', auth: VaultAuth.kubernetes('mesh', 'issuer', { mountPath: '/v1/auth/k8s', audiences: ['a'] }), vaultNamespace: 'team', caBundle: ROOT, serverName: 'vault' }),
    IssuerSource.vault({ server: 'https://vault.example.com', path: 'pki/sign/mesh', auth: VaultAuth.token('token') }),
    IssuerSource.vault({ server: 'https://vault.example.com', path: 'pki/sign/mesh', auth: VaultAuth.appRole('id', 'secret') }),
    IssuerSource.vault({ server: 'https://vault.example.com', path: 'pki/sign/mesh', auth: VaultAuth.clientCertificate('tls', 'mesh') }),
    IssuerSource.acme({ server: 'https://acme.example.com/directory', accountSecretName: 'account', email: 'ops@example.com', solvers: [{ http01: { ingress: { ingressClassName: 'istio' } } }] }),
  ];

  test.each(['Issuer', 'ClusterIssuer'] as const)('of kind %s signs with whatever it is given', (kind) => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const issuers = SOURCES.map((source, index) => new certmanager[kind](chart, `i${index}`, { source, metadata: { name: `i${index}` } }));
    const manifests = kindOf(chart, kind);
    // What is left is written in cert-manager's own words.
    const ownWords = unsetFields('cert-manager.io/v1', kind, manifests).filter((field) => !/^(acme|venafi|vault\.auth\.aws|vault\.(caBundleSecretRef|clientCertSecretRef|clientKeySecretRef)|vault\.auth\.kubernetes\.secretRef|vault\.auth\.kubernetes\.serviceAccountRef\.audiences)/.test(field));
    expect(ownWords).toEqual([]);
    expect(manifests[1].spec).toEqual({ ca: { secretName: 'root', crlDistributionPoints: ['http://a'], issuingCertificateURLs: ['http://b'], ocspServers: ['http://c'] } });
    expect(manifests[2].spec.vault.caBundle).toBe(Buffer.from(ROOT).toString('base64'));
    expect(ApiObject.of(issuers[0]).kind).toBe(kind);
    expect('namespace' in manifests[0].metadata).toBe(kind === 'Issuer');
  });

  test('can be written in the words of cert-manager', () => {
    const chart = chartIn();
    new certmanager.Issuer(chart, 'a', { source: IssuerSource.other({ venafi: { zone: 'z' } }) });
    new certmanager.Issuer(chart, 'b', { source: IssuerSource.vault({ server: 'https://v', path: 'pki/sign/x', auth: VaultAuth.other({ aws: { role: 'r' } }) }), additionalSpec: { vault: { clientCertSecretRef: { name: 'x' } } } });
    expect(kindOf(chart, 'Issuer').map(({ spec }) => spec)).toEqual([{ venafi: { zone: 'z' } }, { vault: { server: 'https://v', path: 'pki/sign/x', auth: { aws: { role: 'r' } }, clientCertSecretRef: { name: 'x' } } }]);
  });

  test.each([
    [() => IssuerSource.ca('Root'), 'MESH-E001'],
    [() => IssuerSource.vault({ server: 'vault', path: 'pki/sign/x', auth: VaultAuth.token('t') }), 'MESH-E030'],
    [() => IssuerSource.vault({ server: 'https://v', path: 'pki/roles/x', auth: VaultAuth.token('t') }), 'MESH-E030'],
    [() => VaultAuth.kubernetes('', 'x'), 'MESH-E030'],
    [() => IssuerSource.acme({ server: 'https://a', accountSecretName: 'b', solvers: [] }), 'MESH-E030'],
  ])('is refused when it could not work (%#)', (step, code) => {
    expect(errorOf(step)).toMatchObject({ code, fix: expect.any(String) });
  });
});

describe('a certificate', () => {
  const make = (props: Partial<certmanager.CertificateProps> = {}) => {
    const chart = chartIn();
    return { chart, its: new certmanager.Certificate(chart, 'tls', { issuer: issuerIn(chart), dnsNames: ['a.example.com'], ...props }) };
  };

  test('is named like its Secret, has an ECDSA key and a new one for every renewal', () => {
    const { chart, its } = make();
    expect(manifestOf(chart, 'Certificate', 'tls').spec).toEqual({
      secretName: 'tls',
      dnsNames: ['a.example.com'],
      revisionHistoryLimit: 1,
      issuerRef: { name: its.issuer.resourceName, kind: 'ClusterIssuer', group: 'cert-manager.io' },
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    });
    expect([its.secretName, its.isCa, ApiObject.of(its).kind]).toEqual(['tls', false, 'Certificate']);
  });

  test('reaches every field', () => {
    const full: Partial<certmanager.CertificateProps> = {
      secretName: 'other',
      isCa: true,
      commonName: 'a',
      dnsNames: ['a'],
      uris: ['spiffe://a/b'],
      ipAddresses: ['10.0.0.1'],
      emailAddresses: ['a@example.com'],
      subject: { countries: ['DE'], localities: ['a'], organizationalUnits: ['b'], organizations: ['c'], postalCodes: ['d'], provinces: ['e'], serialNumber: '1', streetAddresses: ['f'] },
      otherNames: [{ oid: '1.2.3', utf8Value: 'a' }],
      duration: Duration.hours(24),
      renewBefore: Duration.hours(8),
      renewal: { policy: crd.CertificateRenewalPolicy.RENEW_BEFORE, windows: [{ cron: '0 2 * * *', timezone: 'UTC', windowDuration: '1h' }] },
      privateKey: CertificateKey.rsa(3072, { encoding: crd.CertificatePrivateKeyEncoding.PKCS8, rotates: false }),
      signatureAlgorithm: crd.CertificateSignatureAlgorithm.SHA256_WITH_RSA,
      usages: [crd.KeyUsage.CERT_SIGN],
      encodeUsagesInRequest: true,
      secretTemplate: { labels: { a: 'b' }, annotations: { c: 'd' } },
      revisionHistoryLimit: 3,
      nameConstraints: { critical: true, permitted: { dnsDomains: ['a'], emailAddresses: ['b'], ipRanges: ['10.0.0.0/8'], uriDomains: ['c'] }, excluded: { dnsDomains: ['a'], emailAddresses: ['b'], ipRanges: ['10.0.0.0/8'], uriDomains: ['c'] } },
      keystores: { jks: { create: true, alias: 'a', password: 'p', passwordSecretRef: { name: 'a', key: 'b' } }, pkcs12: { create: true, password: 'p', profile: crd.PKCS12Profile.MODERN2023, passwordSecretRef: { name: 'a', key: 'b' } } },
      additionalOutputFormats: [{ type: crd.CertificateAdditionalOutputFormatType.COMBINED_PEM }],
    };
    const manifests = [make(full), make({ renewBeforePercentage: 30 }), make({ literalSubject: 'CN=a', dnsNames: undefined })].map(({ chart }) => kindOf(chart, 'Certificate')[0]);
    expect(unsetFields('cert-manager.io/v1', 'Certificate', manifests)).toEqual([]);
    expect(manifests[0].spec).toMatchObject({ duration: '24h0m0s', renewBefore: '8h0m0s', privateKey: { algorithm: 'RSA', size: 3072, encoding: 'PKCS8', rotationPolicy: 'Never' } });
    expect(kindOf(make({ additionalSpec: { futureField: 1 } }).chart, 'Certificate')[0].spec.futureField).toBe(1);
  });

  test.each<[string, Partial<certmanager.CertificateProps>, string]>([
    ['no name', { dnsNames: [] }, 'MESH-E050'],
    ['a long common name', { commonName: 'a'.repeat(65) }, 'MESH-E050'],
    ['two subjects', { literalSubject: 'CN=a', commonName: 'a' }, 'MESH-E027'],
    ['half an hour', { duration: Duration.minutes(30) }, 'MESH-E050'],
    ['a renewal after its end', { duration: Duration.hours(2), renewBefore: Duration.hours(2) }, 'MESH-E057'],
    ['a renewal a minute before its end', { renewBefore: Duration.minutes(1) }, 'MESH-E057'],
    ['two renewals', { renewBefore: Duration.hours(1), renewBeforePercentage: 5 }, 'MESH-E027'],
    ['a renewal at 100 percent', { renewBeforePercentage: 100 }, 'MESH-E057'],
    ['a signature that does not fit', { privateKey: CertificateKey.ecdsa(384), signatureAlgorithm: crd.CertificateSignatureAlgorithm.SHA256_WITH_RSA }, 'MESH-E050'],
    ['constraints without authority', { nameConstraints: {} }, 'MESH-E050'],
    ['keys of cert-manager', { secretTemplate: { labels: { 'controller.cert-manager.io/fao': 'true' } } }, 'MESH-E050'],
    ['a bad Secret name', { secretName: 'A_b' }, 'MESH-E001'],
  ])('is refused for %s', (_, props, code) => {
    expect(errorOf(() => make(props))).toMatchObject({ code, fix: expect.any(String) });
  });

  test('of a workload or an authority is not asked of an ACME issuer', () => {
    const chart = chartIn();
    const issuer = new certmanager.Issuer(chart, 'acme', { source: IssuerSource.acme({ server: 'https://a', accountSecretName: 'b', solvers: [{}] }) });
    expect(errorOf(() => new certmanager.Certificate(chart, 'a', { issuer, uris: ['spiffe://a/b'] })).code).toBe('MESH-E050');
    expect(errorOf(() => new certmanager.Certificate(chart, 'b', { issuer, commonName: 'x', isCa: true })).what).toContain('a certificate authority from ACME issuer');
    expect(new certmanager.Certificate(chart, 'c', { issuer, dnsNames: ['x.example.com'] }).secretName).toBe('c');
  });

  test('may have any issuer, and shares its Secret with nobody', () => {
    const chart = chartIn();
    new certmanager.Certificate(chart, 'a', { issuer: certmanager.ClusterIssuer.fromExternal(chart, 'x', 'awspca.cert-manager.io', 'AWSPCAClusterIssuer', 'pca'), dnsNames: ['a'] });
    new certmanager.Certificate(chart, 'b', { issuer: certmanager.Issuer.fromIssuerName(chart, 'y', 'own'), dnsNames: ['a'] });
    new certmanager.Certificate(chart, 'c', { issuer: certmanager.ClusterIssuer.fromClusterIssuerName(chart, 'z', 'all'), dnsNames: ['a'] });
    expect(kindOf(chart, 'Certificate').map(({ spec }) => spec.issuerRef)).toEqual([
      { name: 'pca', kind: 'AWSPCAClusterIssuer', group: 'awspca.cert-manager.io' }, { name: 'own', kind: 'Issuer', group: 'cert-manager.io' }, { name: 'all', kind: 'ClusterIssuer', group: 'cert-manager.io' },
    ]);
    const twin = () => new certmanager.Certificate(chart, 'd', { issuer: issuerIn(chart), secretName: 'a', dnsNames: ['a'] });
    expect(errorOf(twin)).toMatchObject({ code: 'MESH-E034', what: expect.stringContaining('is written by test/a and by test/d') });
  });

  test.each([[() => CertificateKey.ecdsa(224)], [() => CertificateKey.rsa(1024)], [() => CertificateKey.rsa(2048.5)]])('has a key that cert-manager can make (%#)', (step) => {
    expect(errorOf(step).code).toBe('MESH-E050');
    expect(CertificateKey.ed25519()._render()).toEqual({ algorithm: 'Ed25519', rotationPolicy: 'Always' });
  });
});

describe.each(['Bundle', 'ClusterBundle'] as const)('a %s', (kind) => {
  const SOURCES = [BundleSource.secret('root'), BundleSource.configMap('old', 'ca.pem'), BundleSource.inline(ROOT), BundleSource.publicRoots()];

  test('hands out roots', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const bundles = [new certmanager[kind](chart, 'a', { sources: SOURCES }), new certmanager[kind](chart, 'b', { sources: [], target: BundleTarget.secret('roots.pem', { namespaceLabels: { mesh: 'yes' } }) })];
    bundles[1].addSources(SOURCES[0]);
    expect(bundles.map(({ sources }) => sources.length)).toEqual([4, 1]);
    const manifests = kindOf(chart, kind);
    const unset = unsetFields(kind === 'Bundle' ? 'trust.cert-manager.io/v1alpha1' : 'trust-manager.io/v1alpha2', kind, manifests);
    // Sources by labels, key stores and their passwords are written in trust-manager's own words.
    expect(unset.filter((field) => !/selector|includeAllKeys|additionalFormats|metadata|password|profile|matchExpressions/i.test(field))).toEqual([]);
    expect(manifests[0].metadata).toEqual({ name: 'a' });
    expect(manifests[1].spec.target.namespaceSelector).toEqual({ matchLabels: { mesh: 'yes' } });
  });

  test.each([
    ['without source', [], undefined, 'MESH-E030'],
    ['with the public roots twice', [SOURCES[3], SOURCES[3]], undefined, 'MESH-E034'],
    ['that reads what it writes', [BundleSource.configMap('a')], undefined, 'MESH-E031'],
    ['that reads the Secret that it writes', [BundleSource.secret('a')], BundleTarget.secret(), 'MESH-E031'],
  ])('is refused %s', (_, sources, target, code) => {
    const chart = chartIn();
    new certmanager[kind](chart, 'a', { sources, target });
    expect(errorOf(() => manifestsOf(chart)).code).toBe(code);
  });

  test('never takes in a private key', () => {
    expect([() => BundleSource.secret('a', 'tls.key'), () => BundleSource.inline(`${ROOT}-----BEGIN PRIVATE KEY-----`)].map((step) => errorOf(step).code)).toEqual(['MESH-E059', 'MESH-E059']);
    expect(errorOf(() => BundleSource.inline('x')).code).toBe('MESH-E050');
  });
});

describe('a policy of requests', () => {
  test('says what may be asked for, and lets requesters use it', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const issuer = issuerIn(chart);
    new certmanager.CertificateRequestPolicy(chart, 'all', {});
    new certmanager.CertificateRequestPolicy(chart, 'mesh', {
      issuer,
      namespaces: ['shop'],
      namespaceLabels: { a: 'b' },
      commonName: '*',
      dnsNames: ['*.svc'],
      uris: ['spiffe://cluster.local/*'],
      ipAddresses: ['10.*'],
      isCa: true,
      usages: [crd.KeyUsage.CERT_SIGN],
      minDuration: Duration.hours(1),
      maxDuration: Duration.days(1),
      keyAlgorithm: crd.AllowedKeyAlgorithm.ECDSA,
      minKeySize: 256,
      maxKeySize: 384,
      requesters: [{ serviceAccountName: 'cert-manager', namespace: 'cert-manager' }],
    });
    const [all, mesh] = kindOf(chart, 'CertificateRequestPolicy');
    expect(all.spec).toEqual({ allowed: {}, selector: { issuerRef: {} } });
    const unset = unsetFields('policy.cert-manager.io/v1alpha1', 'CertificateRequestPolicy', [mesh]);
    expect(unset.filter((field) => !/subject|otherNames|emailAddresses|validations|required|plugins/.test(field))).toEqual([]);
    const [role, binding] = [kindOf(chart, 'ClusterRole')[0], kindOf(chart, 'ClusterRoleBinding')[0]];
    expect([role.metadata, role.rules[0].resourceNames, role.rules[0].verbs, binding.subjects]).toEqual([
      { name: 'mesh-use' }, ['mesh'], ['use'], [{ kind: 'ServiceAccount', name: 'cert-manager', namespace: 'cert-manager' }],
    ]);
  });

  test.each([[{ minDuration: Duration.days(2), maxDuration: Duration.days(1) }], [{ minKeySize: 384, maxKeySize: 256 }]])('is refused when nothing could satisfy it (%#)', (props) => {
    expect(errorOf(() => new certmanager.CertificateRequestPolicy(chartIn(), 'p', props)).code).toBe('MESH-E027');
  });
});
