import { App, Chart } from 'cdk8s';
import { IMesh, istio } from 'cdk8s-mesh';
import * as kplus from 'cdk8s-plus-28';
import { parseArgs } from 'node:util';
import { Shop } from './shop';
import { printSummary } from './summary';

/** The meshes that the shop can run in. */
const MESHES: { readonly [name: string]: (scope: Chart) => IMesh } = {
  'istio': (scope) => new istio.IstioMesh(scope, 'istio', { meshWide: true }),
  'istio-ambient': (scope) => new istio.IstioMesh(scope, 'istio', { meshWide: true, dataPlane: istio.DataPlane.AMBIENT, accept: ['match.source'] }),
};

const { out, mesh: name } = parseArgs({ options: { out: { type: 'string', default: 'dist' }, mesh: { type: 'string', default: 'istio' } } }).values;
if (!MESHES[name]) {
  console.error(`unknown mesh "${name}": use one of ${Object.keys(MESHES).join(', ')}`);
  process.exit(2);
}

const app = new App({ outdir: out });
const platform = new Chart(app, 'platform', { disableResourceNameHashes: true });
new kplus.Namespace(platform, 'namespace', { metadata: { name: 'shop' } });
new Shop(app, 'shop', { mesh: MESHES[name](platform), namespace: 'shop', host: 'shop.example.com' });

app.synth();
printSummary(app);
