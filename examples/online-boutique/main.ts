import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { istio } from 'cdk8s-mesh';
import { Shop } from './shop';
import { printSummary } from './summary';

const out = process.argv[process.argv.indexOf('--out') + 1];
const app = new App({ outdir: process.argv.includes('--out') ? out : 'dist' });
const platform = new Chart(app, 'platform', { disableResourceNameHashes: true });
new kplus.Namespace(platform, 'namespace', { metadata: { name: 'shop' } });
const mesh = new istio.IstioMesh(platform, 'istio', { meshWide: true });

new Shop(app, 'shop', { mesh, namespace: 'shop', host: 'shop.example.com' });

app.synth();
printSummary(app);
