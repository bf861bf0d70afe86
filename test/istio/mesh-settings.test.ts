import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import { checkMeshConfigFields } from '../../src/engine/compatibility/mesh-config';
import { parseVersion } from '../../src/private/version';
import { CircuitBreaker, delivery, istio, Locality, MtlsMode, Percent } from 'cdk8s-mesh';

const collector = istio.ExtensionProvider.openTelemetry('otel', { host: istio.Host.kubernetesService('collector', 'observability'), port: 4317 });
const log = istio.ExtensionProvider.fileAccessLog('log');

function meshOf(props: istio.IstioMeshProps): istio.IstioMesh {
  return new istio.IstioMesh(new Chart(Testing.app(), 'app'), 'mesh', props);
}

const EVERYTHING: istio.IstioMeshProps = {
  trustDomain: 'example.com',
  trustDomainAliases: ['old.example.com', 'cluster.local'],
  rootNamespace: 'mesh-root',
  outboundPolicy: istio.OutboundPolicy.REGISTRY_ONLY,
  extensionProviders: [collector],
  defaultProviders: { accessLogging: [log], tracing: [collector], metrics: [istio.ExtensionProvider.prometheus()] },
  pathNormalization: istio.PathNormalization.DECODE_AND_MERGE_SLASHES,
  proxyDefaults: {
    resources: { requests: { cpu: delivery.Cpu.millis(50), memory: Size.mebibytes(64) }, limits: { memory: Size.mebibytes(512) } },
    logLevel: istio.ProxyLogLevel.INFO,
    concurrency: 0,
    holdApplicationUntilProxyStarts: true,
    nativeSidecars: false,
    terminationDrain: Duration.seconds(20),
    environment: { B: '2', A: '1' },
    additionalProxyConfig: { gatewayTopology: { numTrustedProxies: 1, proxyProtocol: {} } },
  },
  locality: Locality.failover({ east: 'west' }),
  circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 7, maxEjection: Percent.of(50) }, pool: { maxConnections: 100, connectTimeout: Duration.seconds(3) } }),
  autoMtls: true,
  additionalMeshConfig: { enablePrometheusMerge: false, defaultConfig: { tracing: { sampling: 5 } } },
};

describe('the mesh config', () => {
  test('names trust domain and root namespace, and nothing that was not said', () => {
    expect(meshOf({}).meshConfig()).toEqual({ trustDomain: 'cluster.local', rootNamespace: 'istio-system' });
  });

  test('holds every setting', () => {
    expect(meshOf(EVERYTHING).meshConfig()).toEqual({
      trustDomain: 'example.com',
      trustDomainAliases: ['old.example.com', 'cluster.local'],
      rootNamespace: 'mesh-root',
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      enableAutoMtls: true,
      pathNormalization: { normalization: 'DECODE_AND_MERGE_SLASHES' },
      extensionProviders: [
        { name: 'log', envoyFileAccessLog: { path: '/dev/stdout' } },
        { name: 'otel', opentelemetry: { service: 'collector.observability.svc.cluster.local', port: 4317 } },
      ],
      defaultProviders: { accessLogging: ['log'], tracing: ['otel'], metrics: ['prometheus'] },
      defaultConfig: {
        concurrency: 0,
        holdApplicationUntilProxyStarts: true,
        terminationDrainDuration: '20s',
        proxyMetadata: { A: '1', B: '2' },
        gatewayTopology: { numTrustedProxies: 1, proxyProtocol: {} },
        tracing: { sampling: 5 },
      },
      localityLbSetting: { enabled: true, failover: [{ from: 'east', to: 'west' }] },
      defaultTrafficPolicy: {
        connectionPool: { tcp: { maxConnections: 100, connectTimeout: '3s' } },
        outlierDetection: { consecutive5xxErrors: 7, maxEjectionPercent: 50 },
      },
      enablePrometheusMerge: false,
    });
  });

  test('says only what Istio knows', () => {
    expect(checkMeshConfigFields(meshOf(EVERYTHING).meshConfig(), parseVersion('1.31')!)).toEqual([]);
  });

  test('comes out in one order, whatever the order of its parts', () => {
    const [one, two] = [{ a: { b: 1, c: 2 }, d: 3 }, { d: 3, a: { c: 2, b: 1 } }].map((additionalMeshConfig) => JSON.stringify(meshOf({ additionalMeshConfig }).meshConfig()));
    expect(one).toBe(two);
  });

  test('lists the providers that resources use, also those that are declared after it was asked for', () => {
    const chart = new Chart(Testing.app(), 'app');
    const mesh = new istio.IstioMesh(chart, 'mesh');
    expect(mesh.meshConfig()).not.toHaveProperty('extensionProviders');
    new istio.IstioMesh(chart, 'other', { defaultProviders: { tracing: [collector] } });
    expect(mesh.meshConfig().extensionProviders).toMatchObject([{ name: 'otel' }]);
  });

  test('keeps metrics for Prometheus when other default providers are given, which would turn them off', () => {
    expect(meshOf({ defaultProviders: { accessLogging: [log] } }).meshConfig().defaultProviders).toEqual({ accessLogging: ['log'], metrics: ['prometheus'] });
  });

  test('keeps an empty list of default providers, which turns the built-in ones off', () => {
    expect(meshOf({ defaultProviders: { metrics: [] } }).meshConfig().defaultProviders).toEqual({ metrics: [] });
  });

  test('can be changed where there is no property', () => {
    expect(meshOf({ outboundPolicy: istio.OutboundPolicy.ALLOW_ANY, additionalMeshConfig: { outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } } }).meshConfig())
      .toMatchObject({ outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } });
  });
});

describe('a mesh', () => {
  test('tells its settings', () => {
    const mesh = meshOf(EVERYTHING);
    mesh.trustDomainAliases.push('changed');
    expect(mesh.trustDomainAliases).toEqual(['old.example.com', 'cluster.local']);
    expect(mesh.outboundPolicy).toBe(istio.OutboundPolicy.REGISTRY_ONLY);
    expect(mesh.proxyDefaults.concurrency).toBe(0);
    expect(meshOf({}).outboundPolicy).toBe(istio.OutboundPolicy.ALLOW_ANY);
    expect(meshOf({}).proxyDefaults).toEqual({});
  });

  test('asks for the proxies of its revision tag', () => {
    const chart = new Chart(new App(), 'app');
    const tag = istio.RevisionTag.fromTagName(chart, 'tag', 'stable');
    const mesh = new istio.IstioMesh(chart, 'mesh', { revisionTag: tag });
    expect([mesh.revision, mesh.revisionTag]).toEqual(['stable', tag]);
    expect(() => new istio.IstioMesh(chart, 'both', { revisionTag: tag, revision: '1-31-1' })).toThrow(/a mesh with a revision and a revision tag; give one of them \[MESH-E031\] \(at app\/both\)/);
  });

  test.each<[string, istio.IstioMeshProps, RegExp]>([
    ['an alias that is no DNS name', { trustDomainAliases: ['Old'] }, /invalid trust domain alias, got "Old"; .* \[MESH-E001\]/],
    ['an alias that is the trust domain', { trustDomainAliases: ['cluster.local'] }, /trust domain alias "cluster\.local" is the trust domain itself; leave it out \[MESH-E031\]/],
    ['an alias named twice', { trustDomainAliases: ['a.b', 'a.b'] }, /trust domain alias "a\.b" is named twice; leave it out \[MESH-E031\]/],
    ['strict services and clients without mutual TLS', { autoMtls: false }, /leave autoMtls on, or choose another mtls mode \[MESH-E031\]/],
    ['an impossible number of threads', { proxyDefaults: { concurrency: 1.5 } }, /invalid number of worker threads, got 1\.5; .* \[MESH-E028\]/],
    ['preferred places without circuit breaker', { locality: Locality.preferLocal() }, /add circuitBreaker: CircuitBreaker\.consecutiveErrors\(5\) \[MESH-E027\] \(at app\/mesh\)/],
    ['a provider for something else', { defaultProviders: { tracing: [log] } }, /use a provider for tracing \[MESH-E031\]/],
    ['refused unknown hosts in an ambient mesh', { dataPlane: istio.DataPlane.AMBIENT, outboundPolicy: istio.OutboundPolicy.REGISTRY_ONLY }, /ztunnel does not know outboundPolicy REGISTRY_ONLY; .* \[MESH-E037\]/],
    ['native sidecars in an ambient mesh', { dataPlane: istio.DataPlane.AMBIENT, proxyDefaults: { nativeSidecars: true } }, /leave out nativeSidecars and holdApplicationUntilProxyStarts \[MESH-E037\]/],
  ])('refuses %s', (_, props, message) => {
    expect(() => meshOf(props)).toThrow(message);
  });

  test('may leave mutual TLS to the application when it is not strict', () => {
    expect(meshOf({ autoMtls: false, mtls: MtlsMode.PERMISSIVE }).meshConfig().enableAutoMtls).toBe(false);
  });
});
