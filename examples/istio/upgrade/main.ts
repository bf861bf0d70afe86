import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import { delivery, istio, MeshedService, Port, Workload } from 'cdk8s-mesh';

/** How the control plane is delivered: what runs now, and what takes over. */
const WAYS = {
  helm: {
    current: { version: '1.30.3', revisionName: '1-30-3' },
    next: { version: '1.31.1', revision: '1-31-1', delivery: istio.ControlPlaneDelivery.helmValues() },
  },
  flux: {
    current: { version: '1.30.3', revisionName: '1-30-3' },
    next: {
      version: '1.31.1',
      revision: '1-31-1',
      delivery: istio.ControlPlaneDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('istio') }),
    },
  },
  sail: {
    current: { version: '1.29.6', revisionName: 'default-v1-29-6', managedBySail: true },
    next: {
      version: '1.30.3',
      revision: undefined,
      delivery: istio.ControlPlaneDelivery.sail({ updateStrategy: istio.SailUpdateStrategy.REVISION_BASED }),
    },
  },
};

const { out, way: name } = parseArgs({ options: { out: { type: 'string', default: 'dist' }, way: { type: 'string', default: 'helm' } } }).values;
if (!Object.hasOwn(WAYS, name)) {
  console.error(`unknown way "${name}": use one of ${Object.keys(WAYS).join(', ')}`);
  process.exit(2);
}
const { current, next } = WAYS[name as keyof typeof WAYS];

const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });

// Two tags: what can go wrong goes wrong in the tools first.
const running = istio.ControlPlane.fromControlPlaneAttributes(chart, 'current', current);
const canary = istio.RevisionTag.fromTagName(chart, 'canary', 'canary');
const stable = istio.RevisionTag.fromTagName(chart, 'stable', 'stable');

const mesh = new istio.IstioMesh(chart, 'mesh', { revisionTag: stable });
new MeshedService(chart, 'cart', { mesh, workload: Workload.image('registry.example.com/cart:1.4.2'), ports: [Port.http(8080)] });

const upgrade = new istio.MeshUpgrade(app, 'upgrade', {
  current: running,
  next: { mesh, ...next, cni: {} },
  waves: [
    { tag: canary, namespaces: ['tools'] },
    { tag: stable, namespaces: ['shop', 'accounts'] },
  ],
  checkCommands: ['curl --fail --silent --output /dev/null https://shop.example.com/health'],
});

app.synth();
console.log(upgrade.planText());
console.log('# Findings\n');
upgrade.findings().forEach(({ change, text }) => console.log(`- ${change}: ${text}`));
