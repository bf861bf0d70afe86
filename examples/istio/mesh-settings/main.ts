import { parseArgs } from 'node:util';
import { App, Chart, Duration, Size, Yaml } from 'cdk8s';
import { CircuitBreaker, delivery, istio, Locality, Percent } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'platform', { disableResourceNameHashes: true });

// Services that proxies work with: a collector of traces, and a decision about every call.
const traces = istio.ExtensionProvider.openTelemetry('traces', { host: istio.Host.kubernetesService('collector', 'observability'), port: 4317 });
const decisions = istio.ExtensionProvider.externalAuthorizationGrpc('decisions', {
  host: istio.Host.kubernetesService('opa', 'policy'),
  port: 9191,
  timeout: Duration.millis(500),
});
const log = istio.ExtensionProvider.fileAccessLog('log', '/dev/stdout', istio.AccessLogFormat.json({
  time: '%START_TIME%',
  status: '%RESPONSE_CODE%',
  path: '%REQ(:PATH)%',
}));

const mesh = new istio.IstioMesh(chart, 'mesh', {
  trustDomain: 'mesh.example.com',
  // Workloads that got their identities before the trust domain was changed are still known.
  trustDomainAliases: ['cluster.local'],
  outboundPolicy: istio.OutboundPolicy.REGISTRY_ONLY,
  pathNormalization: istio.PathNormalization.DECODE_AND_MERGE_SLASHES,
  extensionProviders: [decisions],
  defaultProviders: { accessLogging: [log], tracing: [traces] },
  locality: Locality.failover({ 'eu-west': 'eu-central', 'eu-central': 'eu-west' }),
  circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 5, maxEjection: Percent.of(50) } }),
  proxyDefaults: {
    resources: { requests: { cpu: delivery.Cpu.millis(50), memory: Size.mebibytes(96) }, limits: { memory: Size.mebibytes(512) } },
    logLevel: istio.ProxyLogLevel.WARNING,
    nativeSidecars: true,
    terminationDrain: Duration.seconds(20),
  },
  // Whatever has no property.
  additionalMeshConfig: { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } },
});

new istio.ControlPlane(chart, 'istio', {
  mesh,
  version: '1.31.1',
  delivery: istio.ControlPlaneDelivery.helmValues(),
  createNamespaces: true,
});

app.synth();
console.log(Yaml.stringify(mesh.meshConfig()));
