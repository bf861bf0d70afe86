import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import { AccessMode, IMesh, consul, istio, linkerd, MeshedService, MeshedWorkload, MtlsMigration, Peer, Port } from 'cdk8s-mesh';

const { out, mesh: name } = parseArgs({ options: { out: { type: 'string', default: 'dist' }, mesh: { type: 'string', default: 'istio' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });

// While callers are found out, access is only reported; mutual TLS is what becomes strict.
const meshes: { readonly [mesh: string]: () => IMesh } = {
  'istio': () => new istio.IstioMesh(chart, 'mesh', { access: AccessMode.AUDIT }),
  'istio-ambient': () => new istio.IstioMesh(chart, 'mesh', { dataPlane: istio.DataPlane.AMBIENT, access: AccessMode.AUDIT }),
  'linkerd': () => new linkerd.LinkerdMesh(chart, 'mesh', { access: AccessMode.AUDIT }),
  'consul': () => new consul.ConsulMesh(chart, 'mesh', { access: AccessMode.OPEN }),
};
const mesh = meshes[name]();

const service = (id: string) => new MeshedService(chart, id, { mesh, image: `registry.example.com/${id}:1.0.0`, ports: [Port.http(80, { targetPort: 8080 })] });
const [web, orders, payments] = ['web', 'orders', 'payments'].map(service);
const nightly = new MeshedWorkload(chart, 'nightly', { mesh, image: 'registry.example.com/nightly:1.0.0' });
web.connections.allowTo(orders);
orders.connections.allowTo(payments);
nightly.connections.allowTo(orders);
// An old system without a proxy: orders must take its calls until it is gone. Consul knows no callers by address.
if (name !== 'consul') { orders.connections.allowFrom(Peer.addresses('10.20.0.0/16')); }

const migration = new MtlsMigration(app, 'mtls', { mesh, checkCommands: ['./smoke-test.sh'] });
migration.criticality(orders, 5);
migration.criticality(payments, 10);

app.synth();
console.log(migration.planText());
