import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Access, CountKey, istio, MeshedService, MethodMatch, PathMatch, Percent, Port, RequestLimit } from 'cdk8s-mesh';

const { EnforcementPoint, EnvoyContext, EnvoyFilter, EnvoyOperation, EnvoyPatch, Host, RateLimit, Waypoint, WorkloadSelector } = istio;

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'limits', { namespace: 'shop', disableResourceNameHashes: true });
['shop', 'ambient-shop'].forEach((name) => new kplus.Namespace(chart, `namespace-${name}`, { metadata: { name } }));
const mesh = new istio.IstioMesh(chart, 'mesh');

const web = new MeshedService(chart, 'web', { mesh, image: 'registry.example.com/web:2.0.1', ports: [Port.http(8080)] });
const orders = new MeshedService(chart, 'orders', { mesh, image: 'registry.example.com/orders:5.0.0', ports: [Port.http(80, { targetPort: 8080 })] });
const limiter = new MeshedService(chart, 'ratelimit', { mesh, image: 'registry.example.com/ratelimit:1.0.0', ports: [Port.grpc(8081)] });
web.connections.allowTo(orders);
orders.connections.allowTo(limiter, Access.grpc('envoy.service.ratelimit.v3.RateLimitService'));

// Every pod counts by itself: with r pods this lets r times as many through.
RateLimit.local(chart, 'orders-limit', {
  at: EnforcementPoint.service(orders),
  limit: RequestLimit.perSecond(200, 400),
  tellLimits: true,
  rules: [
    { ruleName: 'checkout', match: { path: PathMatch.prefix('/checkout'), method: MethodMatch.POST }, countBy: [CountKey.header('x-customer')], limit: RequestLimit.perMinute(10) },
    { ruleName: 'reports', match: { path: PathMatch.template('/reports/{*}') }, limit: RequestLimit.perMinute(30) },
  ],
});

// All pods ask one service, which is told what they ask.
const shared = RateLimit.global(chart, 'orders-quota', {
  at: EnforcementPoint.service(orders),
  domain: 'shop',
  service: Host.service(limiter),
  timeout: Duration.millis(50),
  rules: [
    { ruleName: 'all', limit: RequestLimit.perSecond(1000) },
    { ruleName: 'keys', countBy: [CountKey.header('x-api-key')], limit: RequestLimit.perHour(5000) },
  ],
});
shared.emitServiceConfig({ name: 'ratelimit-config' });

// At the edge, tried out first: requests above the limit are counted and let through.
RateLimit.local(chart, 'edge-limit', {
  at: EnforcementPoint.gateway(WorkloadSelector.labels({ istio: 'ingressgateway' })),
  metadata: { namespace: 'istio-system' },
  rules: [{ ruleName: 'client', countBy: [CountKey.clientAddress()], limit: RequestLimit.perSecond(50) }],
  enforced: Percent.of(0),
});

// In an ambient mesh the waypoint counts.
const waypoint = new Waypoint(chart, 'waypoint', { namespace: 'ambient-shop' });
RateLimit.local(chart, 'waypoint-limit', { at: EnforcementPoint.waypoint(waypoint), limit: RequestLimit.perSecond(100) });

// What nothing else offers is patched by hand, with an order and for reviewed versions only.
new EnvoyFilter(chart, 'large-headers', {
  priority: 10,
  reviewedFor: ['1.31'],
  workloads: WorkloadSelector.service(web),
  patches: [EnvoyPatch.networkFilter({
    operation: EnvoyOperation.MERGE,
    context: EnvoyContext.SIDECAR_INBOUND,
    filterName: 'envoy.filters.network.http_connection_manager',
    config: {
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
        'max_request_headers_kb': 96,
      },
    },
  })],
});

app.synth();
