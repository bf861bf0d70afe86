import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { consul, delivery } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'platform', { disableResourceNameHashes: true });
new kplus.Namespace(chart, 'namespace', { metadata: { name: 'consul' } });

const mesh = new consul.ConsulMesh(chart, 'mesh');
const controlPlane = new consul.ControlPlane(chart, 'consul', {
  mesh,
  version: '1.9.11',
  delivery: delivery.ChartDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('hashicorp') }),
  leafCertificateLifetime: Duration.hours(24),
  terminatingGateways: [{ replicas: delivery.Replicas.fixed(2) }],
  gossipKey: { secretName: 'consul-gossip', secretKey: 'key' },
});

// Values of the application; the token that may write them is in a Secret.
new consul.KeyValue(chart, 'flags', {
  entries: { 'shop/flags/beta': 'on', 'shop/limits/carts': '20' },
  token: { secretName: 'flags-writer', secretKey: 'token' },
  authority: { secretName: 'consul-ca-cert', secretKey: 'tls.crt' },
  metadata: { name: 'flags', namespace: 'consul' },
});

app.synth();
console.log(controlPlane.upgradeSteps().join('\n'));
