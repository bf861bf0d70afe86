import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import { Identity, Ingress, istio, MeshedService, pki, Port } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });

// The public half of the store is committed; the private keys are elsewhere. `reportAt` is for this example only: its certificates are never renewed.
const store = pki.CertificateStore.folder(path.join(__dirname, 'store'), { reportAt: '2026-11-21T13:37:00Z' });
const authority = new pki.MeshCertificateAuthority(chart, 'shop-ca', { store });
// What `kubeseal --fetch-cert` prints: only the controller of the cluster can open what is sealed for it.
const sink = pki.SecretSink.sealedSecret(fs.readFileSync(path.join(__dirname, 'sealed-secrets.pem'), 'utf8'));

// A mesh whose istiod signs below the root of the store, a cluster each.
const mesh = new istio.IstioMesh(chart, 'mesh', { authority });
new pki.IstioCaSecret(chart, 'cacerts', { authority, sink, clusterName: 'east' });

// A gateway that answers by HTTPS, with its certificate where its pods run.
const web = new pki.GatewayCertificate(chart, 'web-tls', { authority, sink, mesh, hosts: ['shop.example.com'] });
const cart = new MeshedService(chart, 'cart', { mesh, image: 'registry.example.com/cart:1.0.0', ports: [Port.http(8080)] });
new Ingress(chart, 'web', { mesh, hosts: ['shop.example.com'], tls: web.tlsSource }).route(cart);

// A machine outside of the mesh that has an identity in it, and whoever wants to check it.
new pki.WorkloadCertificate(chart, 'ledger-tls', { authority, sink, identity: Identity.serviceAccount('shop', 'ledger'), dnsNames: ['ledger.example.com'] });
new pki.TrustBundle(chart, 'shop-roots', { authorities: [authority], namespaces: ['shop', 'billing'] });

app.synth();
