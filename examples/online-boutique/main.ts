import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { PROFILES } from './profiles';
import { Shop } from './shop';
import { printSummary, writeLosses } from './summary';

const { out, mesh: name } = parseArgs({ options: { out: { type: 'string', default: 'dist' }, mesh: { type: 'string', default: 'istio' } } }).values;
const profile = PROFILES[name];
if (!profile) {
  console.error(`unknown mesh "${name}": use one of ${Object.keys(PROFILES).join(', ')}`);
  process.exit(2);
}

const app = new App({ outdir: out });
const platform = new Chart(app, 'platform', { disableResourceNameHashes: true });
new kplus.Namespace(platform, 'namespace', { metadata: { name: 'shop' } });
new Shop(app, 'shop', { mesh: profile.mesh(platform), gateway: profile.gateway, namespace: 'shop', host: 'shop.example.com' });

app.synth();
writeLosses(app);
printSummary(app);
