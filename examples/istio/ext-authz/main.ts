import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Access, CountKey, ExternalAuthorizer, istio, MeshedService, MethodMatch, PathMatch, Port, RateLimitCounter, RequestLimit,
} from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'ext-authz', { namespace: 'shop', disableResourceNameHashes: true });
['shop', 'auth'].forEach((name) => new kplus.Namespace(chart, `namespace-${name}`, { metadata: { name } }));

// Limits reach below the interface of Istio: EnvoyFilters, reviewed for the versions that they are written for.
const mesh = new istio.IstioMesh(chart, 'mesh', { allowEscapeHatch: true });
const service = (name: string, port: Port, namespace?: string) => new MeshedService(chart, name, { mesh, namespace, image: `registry.example.com/${name}:1.0.0`, ports: [port] });

const orders = service('orders', Port.http(8080));
const accounts = service('accounts', Port.grpc(7070));
const web = service('web', Port.http(8080));
web.connections.allowTo(orders);
web.connections.allowTo(accounts);

// One service decides over HTTP about what changes orders, and tells the application who the user is.
const sessions = service('sessions', Port.http(8000), 'auth');
orders.authorizeBy(
  ExternalAuthorizer.http(sessions, { timeout: Duration.millis(500), requestHeaders: ['authorization', 'cookie'], headersToApplication: ['x-user'] }),
  Access.http({ methods: [MethodMatch.POST, MethodMatch.DELETE] }),
);

// Another one decides by Envoy's protocol about all calls.
accounts.authorizeBy(ExternalAuthorizer.grpc(service('policies', Port.grpc(9191), 'auth')));

// Every proxy counts by itself; a service that all ask counts for each customer.
orders.limitRequests({ ruleName: 'all', limit: RequestLimit.perSecond(200) });
orders.limitRequests(
  { ruleName: 'checkout', match: { path: PathMatch.prefix('/checkout') }, countBy: [CountKey.header('x-customer')], limit: RequestLimit.perMinute(10) },
  RateLimitCounter.service(service('counter', Port.grpc(8081), 'auth'), { timeout: Duration.millis(100) }),
);

app.synth();
