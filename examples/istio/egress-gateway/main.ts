import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { EgressGateway, ExternalService, istio, MeshedService, Port, Retries } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'egress-gateway', { namespace: 'shop', disableResourceNameHashes: true });
['shop', 'istio-system'].forEach((name) => new kplus.Namespace(chart, `namespace-${name}`, { metadata: { name } }));

// The egress gateway of the installation, as Istio's chart for gateways makes it. Usually it is there already.
const labels = { istio: 'egressgateway' };
const deployment = new kplus.Deployment(chart, 'gateway', {
  metadata: { name: 'istio-egressgateway', namespace: 'istio-system' },
  podMetadata: { labels: { ...labels, 'app.kubernetes.io/name': 'istio-egressgateway', 'app.kubernetes.io/version': '1.31', 'sidecar.istio.io/inject': 'true' }, annotations: { 'inject.istio.io/templates': 'gateway' } },
  serviceAccount: kplus.ServiceAccount.fromServiceAccountName(chart, 'account', 'istio-egressgateway-service-account'),
  select: false,
  containers: [{ name: 'istio-proxy', image: 'auto', ports: [{ number: 8443, name: 'https' }], securityContext: { ensureNonRoot: true } }],
});
deployment.select(kplus.LabelSelector.of({ labels }));
new kplus.Service(chart, 'gateway-service', {
  metadata: { name: 'istio-egressgateway', namespace: 'istio-system' }, selector: deployment, ports: [{ name: 'https', port: 443, targetPort: 8443 }],
});

// Nothing leaves but what is declared here.
const mesh = new istio.IstioMesh(chart, 'mesh', { outboundPolicy: istio.OutboundPolicy.REGISTRY_ONLY });
const egressGateway = EgressGateway.ofMesh();
const checkout = new MeshedService(chart, 'checkout', { mesh, image: 'registry.example.com/checkout:3.1.0', ports: [Port.http(8080)] });

// Plain HTTP as far as the gateway, which adds TLS. Timeouts and retries are those of the caller's proxy.
const payments = new ExternalService(chart, 'payments', {
  mesh, egressGateway, hosts: ['api.payments.example.com'], ports: [Port.http(80)], originateTls: true, timeout: Duration.seconds(5), retries: Retries.attempts(2),
});

// TLS of the application goes through as it is.
const maps = new ExternalService(chart, 'maps', { mesh, egressGateway, hosts: ['maps.example.com', 'tiles.example.com'], ports: [Port.tls(443)] });

// A byte stream, told apart by its address.
const ledger = new ExternalService(chart, 'ledger-db', { mesh, egressGateway, hosts: ['ledger-db.example.com'], ports: [Port.tcp(5432)], endpoints: ['192.0.2.10'] });

// All names below a wildcard; the gateway asks DNS for each.
const partners = new ExternalService(chart, 'partners', { mesh, egressGateway, hosts: ['*.partners.example.com'], ports: [Port.http(80)] });

[payments, maps, ledger, partners].forEach((external) => checkout.connections.allowTo(external));

app.synth();
