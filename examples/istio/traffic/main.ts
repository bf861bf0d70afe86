import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  DirectResponse, Fault, HeaderMatch, istio, MeshedService, MethodMatch, PathMatch, PathRewrite, Percent, Port, QueryMatch, Redirect, Retries, Weight,
} from 'cdk8s-mesh';

const { DestinationRule, Host, RouteTarget, TextMatch, VirtualService, WorkloadSelector } = istio;

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'traffic', { namespace: 'bookinfo', disableResourceNameHashes: true });
new kplus.Namespace(chart, 'namespace', { metadata: { name: 'bookinfo' } });
const mesh = new istio.IstioMesh(chart, 'mesh');

const page = new MeshedService(chart, 'productpage', { mesh, image: 'registry.example.com/productpage:1.0.0', ports: [Port.http(9080)] });
const reviews = new MeshedService(chart, 'reviews', { mesh, image: 'registry.example.com/reviews:3.0.0', ports: [Port.http(9080)] });
const audit = new MeshedService(chart, 'audit', { mesh, image: 'registry.example.com/audit:1.0.0', ports: [Port.http(9080)] });
const ledger = new MeshedService(chart, 'ledger', { mesh, image: 'registry.example.com/ledger:1.0.0', ports: [Port.tcp(9000), Port.tls(9443)] });
page.connections.allowTo(reviews);
page.connections.allowTo(audit);
page.connections.allowTo(ledger);

// Subsets are objects: a route cannot name one that there is not, and the DestinationRule stands before it.
const host = Host.service(reviews);
const versions = new DestinationRule(chart, 'versions', { host });
const [v1, v2, v3] = ['v1', 'v2', 'v3'].map((version) => versions.addSubset(version, { labels: { 'app.kubernetes.io/name': 'reviews' } }));

// Some of the requests are somebody else's business.
const archive = new VirtualService(chart, 'archive', {
  httpRoutes: [
    { matches: [{ path: PathMatch.prefix('/archive/old') }], redirect: Redirect.to({ path: PathRewrite.prefix('/archive') }) },
    { matches: [{ path: PathMatch.prefix('/archive') }], destinations: [RouteTarget.subset(v1)], timeout: Duration.seconds(10) },
  ],
});

new VirtualService(chart, 'reviews-routes', {
  hosts: [host],
  httpRoutes: [
    {
      routeName: 'testers',
      matches: [{ headers: [HeaderMatch.exact('x-tester', 'yes')] }, { queryParams: [QueryMatch.exact('tester', 'yes')] }],
      destinations: [RouteTarget.subset(v3, { responseHeaders: { setHeaders: { 'x-version': 'v3' } } })],
    },
    { routeName: 'archive', matches: [{ path: PathMatch.prefix('/archive') }], delegate: archive },
    {
      routeName: 'api',
      matches: [{ path: PathMatch.prefix('/api/v1'), method: MethodMatch.GET }],
      destinations: [RouteTarget.subset(v2)],
      pathRewrite: PathRewrite.prefix('/reviews'),
      requestHeaders: { setHeaders: { 'x-api': 'v1' }, removeHeaders: ['x-debug'] },
      mirrors: [{ target: RouteTarget.host(Host.service(audit)), share: Percent.of(10) }],
    },
    {
      routeName: 'page',
      matches: [{ callers: WorkloadSelector.service(page), uri: TextMatch.prefix('/slow-') }],
      destinations: [RouteTarget.subset(v2)],
      fault: Fault.delay(Duration.seconds(2), Percent.of(0.5)),
    },
    { routeName: 'gone', matches: [{ path: PathMatch.exact('/v0') }], directResponse: DirectResponse.of(410, 'gone for good') },
    {
      routeName: 'others',
      destinations: [RouteTarget.subset(v1, { weight: Weight.relative(995) }), RouteTarget.subset(v2, { weight: Weight.relative(5) })],
      timeout: Duration.seconds(3),
      retries: Retries.attempts(2),
    },
  ],
});

// Connections are routed by their port, or by the server name that they ask for.
const ledgerHost = Host.service(ledger);
new VirtualService(chart, 'ledger-routes', {
  hosts: [ledgerHost],
  tcpRoutes: [{ matches: [{ servicePort: 9000 }], destinations: [RouteTarget.host(ledgerHost, { servicePort: 9000 })] }],
  tlsRoutes: [{ matches: [{ servicePort: 9443, sniHosts: [ledgerHost] }], destinations: [RouteTarget.host(ledgerHost, { servicePort: 9443 })] }],
});

app.synth();
