import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import { certmanager, Identity, IMesh, Ingress, istio, linkerd, MeshedService, pki, Port } from 'cdk8s-mesh';

const { out, mesh: name } = parseArgs({ options: { out: { type: 'string', default: 'dist' }, mesh: { type: 'string', default: 'istio' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });

// A root that cert-manager keeps in the cluster. Every certificate of a namespace of the mesh must chain to it.
const authority = new pki.CertManagerAuthority(chart, 'mesh-ca');
const { issuer } = authority;

// What the mesh takes from it, and the bundles by which everybody learns of its root.
const meshes: { readonly [mesh: string]: () => [IMesh, certmanager.ICertificateBundle] } = {
  // istiod signs, with an intermediate of its own in each cluster.
  'istio': () => {
    new pki.CertManagerIstioCa(chart, 'cacerts', { authority, clusterName: 'east' });
    return [new istio.IstioMesh(chart, 'mesh', { authority }), new certmanager.Bundle(chart, 'mesh-roots', { sources: [authority.trustSource] })];
  },
  // cert-manager signs everything itself.
  'istio-csr': () => {
    const csr = new pki.IstioCsr(chart, 'csr', { authority, ambient: true });
    return [new istio.IstioMesh(chart, 'mesh', { authority, dataPlane: istio.DataPlane.AMBIENT }), csr.trustRoots];
  },
  'linkerd': () => {
    const identity = new pki.CertManagerLinkerdIdentity(chart, 'identity', { authority });
    return [new linkerd.LinkerdMesh(chart, 'mesh', { authority }), identity.trustRoots];
  },
};
const [mesh, roots] = meshes[name]();

const cart = new MeshedService(chart, 'cart', { mesh, image: 'registry.example.com/cart:1.0.0', ports: [Port.http(8080)] });
new certmanager.Certificate(chart, 'ledger-tls', {
  issuer, uris: [Identity.serviceAccount('shop', 'ledger').spiffeId], dnsNames: ['ledger.example.com'], duration: Duration.hours(24), renewBefore: Duration.hours(8),
});

// What clients outside are shown comes from a public authority.
const acme = new certmanager.ClusterIssuer(chart, 'public', {
  source: certmanager.IssuerSource.acme({
    server: 'https://acme-v02.api.letsencrypt.org/directory', accountSecretName: 'acme-account', solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [{ name: 'web' }] } } }],
  }),
});
const web = new pki.CertManagerGatewayCertificate(chart, 'web-tls', { issuer: acme, hosts: ['shop.example.com'], ...name === 'linkerd' ? { namespace: 'edge' } : { mesh } });
if (name !== 'linkerd') { new Ingress(chart, 'web', { mesh, hosts: ['shop.example.com'], tls: web.tlsSource }).route(cart); }

// Who may ask for what: needs approver-policy, and cert-manager's own approver switched off.
new certmanager.CertificateRequestPolicy(chart, 'mesh-identities', {
  issuer,
  uris: [`spiffe://${authority.trustDomain}/ns/*/sa/*`],
  dnsNames: ['*.example.com'],
  maxDuration: Duration.hours(24),
  usages: [certmanager.crd.KeyUsage.DIGITAL_SIGNATURE, certmanager.crd.KeyUsage.KEY_ENCIPHERMENT],
  requesters: [{ serviceAccountName: 'cert-manager', namespace: 'cert-manager' }],
});

// How its root will be changed one day: an output for each phase.
const rotation = new pki.RootRotation(app, 'rotation', { authority, bundles: [roots], mesh });
console.log(rotation.planText());

app.synth();
