import { App, Duration } from 'cdk8s';
import { certmanager, istio, linkerd, pki } from '../../src';
import { ROTATION_STEPS } from '../../src/engine/pki/store/rotate';
import { chartIn } from '../support/fixtures';
import { errorOf, kindOf, manifestOf } from '../support/manifests';
import { pkiApp } from '../support/pki-app';

function made(props: Partial<pki.RootRotationProps> = {}, authorityProps: pki.CertManagerAuthorityProps = {}) {
  const app = new App({ outdir: '/nonexistent' });
  const chart = chartIn(app, 'test', { namespace: 'shop' });
  const authority = new pki.CertManagerAuthority(chart, 'mesh-ca', authorityProps);
  const mesh = new linkerd.LinkerdMesh(chart, 'mesh', { authority });
  const identity = new pki.CertManagerLinkerdIdentity(chart, 'identity', { authority });
  const cluster = new certmanager.ClusterBundle(chart, 'all-roots', { sources: [authority.trustSource, certmanager.BundleSource.publicRoots()] });
  const rotation = new pki.RootRotation(app, 'rotation', { authority, bundles: [identity.trustRoots, cluster], mesh, ...props });
  return { app, chart, authority, rotation };
}

describe('the change of a root that cert-manager keeps', () => {
  test('is three outputs: both roots everywhere, the new issuer, the new root alone', () => {
    const { rotation } = made();
    expect(rotation.plan().map(({ phaseName, output }) => [phaseName, output])).toEqual([
      ['add-root', 'rotation-add-root.k8s.yaml'], ['switch-issuer', 'rotation-switch-issuer.k8s.yaml'], ['drop-old-root', 'rotation-drop-old-root.k8s.yaml'],
    ]);
    const [add, change, drop] = rotation.charts;
    const sources = (chart: typeof add) => [kindOf(chart, 'Bundle')[0]?.spec.sources, kindOf(chart, 'ClusterBundle')[0]?.spec.sourceRefs.map(({ name }: { name: string }) => name)];
    const [old, next] = ['mesh-ca-root', 'mesh-ca-root-2'].map((name) => ({ secret: { name, key: 'tls.crt' } }));
    expect(sources(add)).toEqual([[old, next], ['mesh-ca-root', 'mesh-ca-root-2']]);
    expect(sources(change)).toEqual([undefined, undefined]);
    expect(sources(drop)).toEqual([[next], ['mesh-ca-root-2']]);
    expect(manifestOf(add, 'Certificate', 'mesh-ca-root-2', 'cert-manager').spec).toMatchObject({ commonName: 'mesh-ca root 2', issuerRef: { kind: 'Issuer', name: 'mesh-ca-root' }, isCA: true });
    expect(manifestOf(change, 'ClusterIssuer', 'mesh-ca').spec).toEqual({ ca: { secretName: 'mesh-ca-root-2' } });
    // Whoever trusts what at which moment: never nobody whom the issuer signs for.
    expect(kindOf(add, 'ClusterIssuer')).toEqual([]);
    expect(manifestOf(drop, 'Bundle', 'linkerd-identity-trust-roots').spec.target).toEqual({ configMap: { key: 'ca-bundle.crt' }, namespaceSelector: { matchLabels: { 'linkerd.io/is-control-plane': 'true' } } });
  });

  test('says what to type, what to check and how to get back', () => {
    const { rotation } = made();
    const [add, change, drop] = rotation.plan();
    expect(add.commands).toEqual(expect.arrayContaining(['kubectl -n linkerd rollout restart deployment', '# Wait at least 25 hours before the next phase.']));
    expect(change.commands).toContain('cmctl renew --namespace linkerd linkerd-identity-issuer # Secret linkerd-identity-issuer');
    expect(change.checkCommands).toEqual(['kubectl wait clusterissuer/mesh-ca --for=condition=Ready --timeout=5m', 'kubectl -n linkerd wait certificate/linkerd-identity-issuer --for=condition=Ready --timeout=5m']);
    expect(add.checkCommands.slice(1)).toEqual(['kubectl wait bundle/linkerd-identity-trust-roots --for=condition=Synced --timeout=5m', 'kubectl wait clusterbundle/all-roots --for=condition=Synced --timeout=5m']);
    expect([add.rollbackCommands.length, drop.rollbackCommands.length]).toEqual([2, 0]);
    expect(drop.purpose).toContain('rootGeneration: 2');
    expect(rotation.planText()).toMatch(/^# Change of a root\n[^]*## 1\. Trust the new root beside the old one[^]*## 3\./);
  });

  test('ends where the app begins with the next number of the root', () => {
    const { rotation, authority } = made({}, { rootGeneration: 2 });
    expect(authority.rootSecretName).toBe('mesh-ca-root-2');
    expect(kindOf(rotation.charts[1], 'ClusterIssuer')[0].spec.ca.secretName).toBe('mesh-ca-root-3');
  });

  test.each<[string, Partial<pki.RootRotationProps>, pki.CertManagerAuthorityProps, string]>([
    ['phases shorter than the lives of certificates', { longestLifetime: Duration.hours(24), overlap: Duration.hours(24) }, {}, 'MESH-E057'],
    ['a root that ends before two phases are over', { longestLifetime: Duration.days(90) }, { rootLifetime: Duration.days(365), renewBefore: Duration.days(120) }, 'MESH-E057'],
    ['no bundle', { bundles: [] }, {}, 'MESH-E030'],
  ])('is refused with %s', (_, props, authorityProps, code) => {
    expect(errorOf(() => made(props, authorityProps))).toMatchObject({ code, constructPath: 'rotation' });
  });

  test('is refused for bundles without the root, and for roots that are kept elsewhere', () => {
    const { app, chart, authority } = made();
    const stranger = new certmanager.Bundle(chart, 'stranger', { sources: [certmanager.BundleSource.publicRoots()] });
    expect(errorOf(() => new pki.RootRotation(app, 'b', { authority, bundles: [stranger] })).code).toBe('MESH-E056');
    const vault = new pki.CertManagerAuthority(chart, 'vault', { issuer: certmanager.ClusterIssuer.fromClusterIssuerName(chart, 'v', 'vault') });
    expect(errorOf(() => new pki.RootRotation(app, 'c', { authority: vault, bundles: [stranger] })).code).toBe('MESH-E031');
    expect(errorOf(() => new pki.CertManagerAuthority(chart, 'd', { rootGeneration: 0 })).code).toBe('MESH-E028');
  });

  test('tells Istio of what its bundle does not', () => {
    const app = new App({ outdir: '/nonexistent' });
    const chart = chartIn(app, 'test', { namespace: 'shop' });
    const authority = new pki.CertManagerAuthority(chart, 'mesh-ca');
    const csr = new pki.IstioCsr(chart, 'csr', { authority });
    const rotation = new pki.RootRotation(app, 'rotation', { authority, bundles: [csr.trustRoots], mesh: new istio.IstioMesh(chart, 'mesh', { authority }) });
    expect(rotation.plan()[0].commands.join('\n')).toContain('caCertificates');
  });
});

test('the change of a root of a store is the steps of the command, each an output of its own', () => {
  const { authority, place } = pkiApp();
  const plan = authority.rotationPlan('npm run synth -- --output', 'out');
  expect(plan.map(({ phaseName }) => phaseName)).toEqual(ROTATION_STEPS);
  expect(plan.map(({ output }) => output)).toEqual(['out/add-root', 'out/switch-issuer', 'out/drop-old-root']);
  expect(plan[1].commands.slice(0, 2)).toEqual([`cdk8s-mesh pki rotate --store ${place.folder} --authority shop --phase switch-issuer`, 'npm run synth -- --output out/switch-issuer']);
  expect(plan[2].rollbackCommands).toEqual([]);
});
