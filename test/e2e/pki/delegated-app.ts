import { App, Chart, Duration } from 'cdk8s';
import { certmanager, Identity, pki } from '../../../src';
import { Manifest } from '../lab/api-client';

/** Everything that can be delegated to cert-manager and its relatives, in one app. */
export function delegatedObjects(): Manifest[] {
  const app = new App({ outdir: '/nonexistent' });
  const chart = new Chart(app, 'delegated', { namespace: 'shop' });
  const authority = new pki.CertManagerAuthority(chart, 'mesh-ca', { namespaces: ['shop'] });
  new pki.CertManagerIstioCa(chart, 'istio', { authority, clusterName: 'east' });
  const linkerd = new pki.CertManagerLinkerdIdentity(chart, 'linkerd', { authority });
  new pki.IstioCsr(chart, 'csr', { authority });
  new pki.CertManagerGatewayCertificate(chart, 'web-tls', { issuer: authority.issuer, namespace: 'istio-ingress', hosts: ['shop.example.com'] });
  new certmanager.Certificate(chart, 'cart-tls', {
    issuer: authority.issuer, uris: [Identity.serviceAccount('shop', 'cart').spiffeId], dnsNames: ['cart.shop.svc'], duration: Duration.hours(24), renewBefore: Duration.hours(8),
  });
  new certmanager.ClusterBundle(chart, 'all-roots', { sources: [authority.trustSource, certmanager.BundleSource.publicRoots()] });
  new certmanager.CertificateRequestPolicy(chart, 'mesh-ca-requests', {
    issuer: authority.issuer,
    commonName: '*',
    isCa: true,
    usages: [certmanager.crd.KeyUsage.CERT_SIGN, certmanager.crd.KeyUsage.CRL_SIGN],
    requesters: [{ serviceAccountName: 'cert-manager', namespace: 'cert-manager' }],
  });
  const { VaultAuth, IssuerSource } = certmanager;
  [VaultAuth.kubernetes('mesh', 'issuer'), VaultAuth.appRole('id', 'secret'), VaultAuth.token('token'), VaultAuth.clientCertificate('tls')].forEach((auth, index) =>
    new certmanager.Issuer(chart, `vault-${index}`, { source: IssuerSource.vault({ server: 'https://vault.example.com:8200', path: 'pki/sign/mesh', auth }) }));
  new certmanager.ClusterIssuer(chart, 'acme', {
    source: IssuerSource.acme({
      server: 'https://acme.example.com/directory', accountSecretName: 'account', solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [{ name: 'web' }] } } }],
    }),
  });
  new pki.ClusterSpiffeId(chart, 'spire', { podLabels: { 'spiffe.io/spire-managed-identity': 'true' }, ttl: Duration.hours(1) });
  const rotation = new pki.RootRotation(app, 'rotation', { authority, bundles: [linkerd.trustRoots] });
  return [chart, ...rotation.charts].flatMap((one) => one.toJson() as Manifest[]);
}

/** What cert-manager's own controllers need of it to issue. */
export function issuingObjects(objects: readonly Manifest[]): Manifest[] {
  const wanted = new Set(['mesh-ca-root', 'mesh-ca', 'cacerts', 'linkerd-identity-issuer', 'web-tls', 'cart-tls']);
  const seen = new Set<string>();
  return objects.filter(({ apiVersion, kind, metadata }) => {
    // Phases of the rotation come later and would take the place of what is there.
    const key = `${kind} ${metadata.name}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst && apiVersion === 'cert-manager.io/v1' && wanted.has(metadata.name ?? '');
  });
}
