import { parseArgs } from 'node:util';
import { App, Chart, Duration, Yaml } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { istio, MeshedService, Percent, Port } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const platform = new Chart(app, 'platform', { namespace: 'istio-system', disableResourceNameHashes: true });
const shop = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
['istio-system', 'shop', 'observability'].forEach((name) => new kplus.Namespace(platform, `namespace-${name}`, { metadata: { name } }));

const mesh = new istio.IstioMesh(platform, 'mesh');
const collector = new MeshedService(platform, 'collector', {
  mesh, namespace: 'observability', image: 'otel/opentelemetry-collector:0.120.0', ports: [Port.grpc(4317)],
});
const orders = new MeshedService(shop, 'orders', { mesh, image: 'registry.example.com/orders:1.0.0', ports: [Port.http(80, { targetPort: 8080 })] });

// Providers are objects: whoever uses one has it in the configuration of the mesh, and no name can dangle.
const traces = istio.ExtensionProvider.openTelemetry('traces', { host: istio.Host.service(collector), port: 4317 });
const log = istio.ExtensionProvider.fileAccessLog('json-log', '/dev/stdout', istio.AccessLogFormat.json({
  time: '%START_TIME%', method: '%REQ(:METHOD)%', path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%', status: '%RESPONSE_CODE%', flags: '%RESPONSE_FLAGS%',
}));

// The whole mesh: one trace in a hundred, a log line for whatever goes wrong, and one label less in all metrics.
new istio.Telemetry(platform, 'mesh-default', {
  tracing: { provider: traces, sampling: Percent.of(1), tags: { cluster: istio.SpanTag.literal('eu-1'), pod: istio.SpanTag.environment('POD_NAME') } },
  accessLogs: [{ providers: [log], filter: istio.AccessLogFilter.cel('response.code >= 400 || response.flags != 0') }],
  metrics: [{ providers: [istio.ExtensionProvider.prometheus()], overrides: [{ removeTags: ['request_protocol'] }] }],
});

// The orders: every trace, with the tenant; request counts by operation; no histogram of sizes.
new istio.Telemetry(shop, 'orders-telemetry', {
  selector: istio.WorkloadSelector.service(orders),
  tracing: { sampling: Percent.of(100), tags: { tenant: istio.SpanTag.header('x-tenant', 'none') } },
  metrics: [{
    providers: [istio.ExtensionProvider.prometheus()],
    reportingInterval: Duration.seconds(10),
    overrides: [
      { metric: istio.StandardMetric.REQUEST_COUNT, mode: istio.TelemetryMode.SERVER, setTags: { operation: 'request.url_path.startsWith("/orders") ? "orders" : "other"' } },
      { metric: istio.StandardMetric.REQUEST_SIZE, disabled: true },
    ],
  }],
  accessLogs: [{ mode: istio.TelemetryMode.SERVER, providers: [log] }],
});

app.synth();
console.log(Yaml.stringify(mesh.meshConfig()));
