import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Access, Destination, EgressGateway, ExternalService, istio, MeshedService, MethodMatch, Mirror, PathMatch, Port, Retries, Weight } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'ambient', { namespace: 'shop', disableResourceNameHashes: true });
['shop', 'reports', 'edge'].forEach((name) => new kplus.Namespace(chart, `namespace-${name}`, { metadata: { name } }));
const mesh = new istio.IstioMesh(chart, 'mesh', { dataPlane: istio.DataPlane.AMBIENT });

// The node's proxy encrypts and tells who calls. Nothing here needs a look into requests, so there is no waypoint on the way.
const redis = new MeshedService(chart, 'redis', { mesh, image: 'registry.example.com/redis:7.4', ports: [Port.tcp(6379)] });

// Timeouts, and access by method and path, are the business of a waypoint, which is made for the namespace.
const cart = new MeshedService(chart, 'cart', { mesh, image: 'registry.example.com/cart:1.4.2', ports: [Port.http(8080)], timeout: Duration.seconds(2) });
cart.connections.allowTo(redis, Access.ports(6379));

const web = new MeshedService(chart, 'web', { mesh, image: 'registry.example.com/web:2.0.1', ports: [Port.http(8080)] });
web.connections.allowTo(cart, Access.http({ methods: [MethodMatch.GET, MethodMatch.PUT], paths: [PathMatch.prefix('/carts')] }));

// Calls to `checkout` are sent on by its waypoint: the two versions let in that waypoint, and nobody else.
const version = (name: string) => new MeshedService(chart, name, { mesh, image: `registry.example.com/${name}:1.0.0`, ports: [Port.http(8080)] });
const [stable, canary, shadow] = [version('checkout-stable'), version('checkout-canary'), version('checkout-shadow')];
const checkout = new MeshedService(chart, 'checkout', { mesh, image: 'registry.example.com/checkout-stable:1.0.0', ports: [Port.http(8080)], retries: Retries.none() });
checkout.addRoute({
  destinations: [Destination.service(stable, Weight.of(90)), Destination.service(canary, Weight.of(10))],
  mirrors: [Mirror.to(Destination.service(shadow))],
});
web.connections.allowTo(checkout);

// A waypoint of another namespace, which several use.
const shared = new istio.Waypoint(chart, 'shared', { waypointName: 'shared', namespace: 'edge', sharedAcrossNamespaces: true });
const reports = new MeshedService(chart, 'reports', { mesh, namespace: 'reports', image: 'registry.example.com/reports:1.1.0', ports: [Port.grpc(7070)] });
mesh.useWaypoint(reports, shared);
web.connections.allowTo(reports, Access.grpc('shop.v1.Reports', 'Read'));

// On the way out it is a waypoint, too, that lets the declared callers pass and adds TLS.
const payments = new ExternalService(chart, 'payments', {
  mesh, hosts: ['api.payments.example.com'], ports: [Port.http(80)], originateTls: true, timeout: Duration.seconds(5), egressGateway: EgressGateway.ofMesh(),
});
stable.connections.allowTo(payments);

app.synth();
