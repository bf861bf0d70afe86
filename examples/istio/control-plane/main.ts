import { parseArgs } from 'node:util';
import { App, Chart, Size } from 'cdk8s';
import { delivery, istio } from 'cdk8s-mesh';

/** The ways of delivery, and the version that each installs: the Sail operator has its own list. */
const WAYS: { readonly [name: string]: { readonly delivery: istio.ControlPlaneDelivery; readonly version: string } } = {
  'sail': {
    version: '1.30.3',
    delivery: istio.ControlPlaneDelivery.sail(),
  },
  'sail-revisions': {
    version: '1.30.3',
    delivery: istio.ControlPlaneDelivery.sail({ updateStrategy: istio.SailUpdateStrategy.REVISION_BASED }),
  },
  'sail-one-revision': {
    version: '1.30.3',
    delivery: istio.ControlPlaneDelivery.sail({ resource: istio.SailResource.ISTIO_REVISION }),
  },
  'flux': {
    version: '1.31.1',
    delivery: istio.ControlPlaneDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('istio') }),
  },
  'argo-cd': {
    version: '1.31.1',
    delivery: istio.ControlPlaneDelivery.argoCdApplication({ project: 'platform' }),
  },
  'helm': {
    version: '1.31.1',
    delivery: istio.ControlPlaneDelivery.helmValues(),
  },
};

const { out, way: name, ambient } = parseArgs({
  options: { out: { type: 'string', default: 'dist' }, way: { type: 'string', default: 'flux' }, ambient: { type: 'boolean', default: false } },
}).values;
const way = WAYS[name];
if (!way) {
  console.error(`unknown way "${name}": use one of ${Object.keys(WAYS).join(', ')}`);
  process.exit(2);
}

const app = new App({ outdir: out });
const chart = new Chart(app, 'platform', { disableResourceNameHashes: true });

// Namespaces and workloads name the tag; it moves when the control plane is upgraded.
const stable = new istio.RevisionTag(chart, 'stable');
const mesh = new istio.IstioMesh(chart, 'mesh', {
  dataPlane: ambient ? istio.DataPlane.AMBIENT : istio.DataPlane.SIDECAR,
  revisionTag: stable,
});
const controlPlane = new istio.ControlPlane(chart, 'istio', {
  mesh,
  ...way,
  revision: way.delivery.managedBySail ? undefined : '1-31-1',
  replicas: delivery.Replicas.autoscaled({ min: 2, max: 5 }),
  resources: { requests: { cpu: delivery.Cpu.millis(500), memory: Size.gibibytes(2) } },
  cni: {},
  gateways: way.delivery.managedBySail ? [] : [{ replicas: delivery.Replicas.fixed(3), serviceType: istio.GatewayServiceType.LOAD_BALANCER }],
  createNamespaces: true,
});
stable.pointTo(controlPlane);

app.synth();
console.log(`Istio ${controlPlane.version}, revision ${controlPlane.revisionName}`);
for (const { installId, installCommands, waitCommands } of controlPlane.delivered) {
  console.log([`${installId}:`, ...installCommands, ...waitCommands].join('\n  '));
}
