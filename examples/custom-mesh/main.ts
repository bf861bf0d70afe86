import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { EnvoyStaticMesh } from './envoy-static-mesh';
import { shop } from './shop';
import { pki } from 'cdk8s-mesh';

const { out, store, keys } = parseArgs({
  options: {
    out: { type: 'string', default: 'dist' },
    // Certificates are in the repository; their private keys are not.
    store: { type: 'string', default: path.join(__dirname, 'pki') },
    // Where the private keys come from: a vault, or the private half of the store, for a cluster that is thrown away.
    keys: { type: 'string', default: 'vault' },
  },
}).values;

const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } });

const authority = new pki.MeshCertificateAuthority(chart, 'authority', {
  store: pki.CertificateStore.folder(store, { reportAt: '2026-11-22T00:00:00Z' }),
  authorityName: 'shop',
});
const mesh = new EnvoyStaticMesh(chart, 'mesh', {
  authority,
  sinkOf: (namespace, secretName) => (keys === 'plain'
    ? pki.SecretSink.plain({ iUnderstandThatThePrivateKeyIsInTheOutput: true })
    : pki.SecretSink.externalSecret('vault', `mesh/${namespace}/${secretName}`)),
  healthChecks: { intervalSeconds: 1 },
});
shop(chart, mesh);
app.synth();
