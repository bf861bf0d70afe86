import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import {
  Access, consul, ExternalService, IMesh, Ingress, IngressGateway, istio, Jwt, linkerd, MeshedService, MeshedWorkload,
  MethodMatch, Metrics, PathMatch, Peer, Port, ZeroTrustNamespace,
} from 'cdk8s-mesh';

const { out, mesh: name } = parseArgs({ options: { out: { type: 'string', default: 'dist' }, mesh: { type: 'string', default: 'istio' } } }).values;
const app = new App({ outdir: out });
const front = new Chart(app, 'front', { namespace: 'front', disableResourceNameHashes: true });
const payments = new Chart(app, 'payments', { namespace: 'payments', disableResourceNameHashes: true });

const meshes: { readonly [mesh: string]: () => IMesh } = {
  'istio': () => new istio.IstioMesh(front, 'mesh'),
  'istio-ambient': () => new istio.IstioMesh(front, 'mesh', { dataPlane: istio.DataPlane.AMBIENT }),
  'linkerd': () => new linkerd.LinkerdMesh(front, 'mesh'),
  'consul': () => new consul.ConsulMesh(front, 'mesh', { denyUndeclaredEgress: true }),
};
const mesh = meshes[name]();

// Nothing goes into the namespace, or out of it, that is not said below.
new ZeroTrustNamespace(payments, 'zone', { mesh, namespaceName: 'payments', scrapers: [Peer.namespace('monitoring')] });

const web = new MeshedService(front, 'web', { mesh, image: 'registry.example.com/web:1.0.0', ports: [Port.http(8080)] });
const api = new MeshedService(payments, 'api', {
  mesh, image: 'registry.example.com/payments-api:1.0.0', ports: [Port.http(80, { targetPort: 8080 })], metrics: Metrics.merged(9090),
});
const ledger = new MeshedService(payments, 'ledger', { mesh, image: 'registry.example.com/ledger:1.0.0', ports: [Port.grpc(7070)] });
const settle = new MeshedWorkload(payments, 'settle', { mesh, image: 'registry.example.com/settle:1.0.0' });
const bank = new ExternalService(payments, 'bank', { mesh, hosts: ['api.bank.example.com'], ports: [Port.tls(443)] });

web.connections.allowTo(api, Access.http({ methods: [MethodMatch.GET, MethodMatch.POST], paths: [PathMatch.prefix('/v1/payments')] }));
settle.connections.allowTo(bank);

// The ledger is called by these and by nobody else: another edge would be an error.
ledger.allowOnly([api, settle], Access.grpc('payments.v1.Ledger'));

// Where the mesh can check tokens of end users, every request to the API brings one.
if (name !== 'linkerd') {
  api.requireJwt(Jwt.issuedBy('https://login.example.com', { jwksUri: 'https://login.example.com/.well-known/jwks.json', audiences: ['payments'] }));
}

// Linkerd has no gateway of its own: Envoy Gateway takes the calls, with a Linkerd proxy at its side.
const gateway = name === 'linkerd' ? IngressGateway.gatewayApi({ className: 'eg', serviceAccountName: 'public' }) : undefined;
new Ingress(front, 'public', { mesh, hosts: ['pay.example.com'], gateway }).route(web);

app.synth();
