import { Duration } from 'cdk8s';
import { istio } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf } from '../support/manifests';

const { AccessLogFormat, ExtensionProvider, Host, ProviderPurpose, Telemetry } = istio;

const SERVICE = { host: Host.kubernetesService('collector', 'observability'), port: 4317 };
const RENDERED = { service: 'collector.observability.svc.cluster.local', port: 4317 };

describe('an extension provider', () => {
  test.each<[string, istio.ExtensionProvider, object]>([
    ['Prometheus', ExtensionProvider.prometheus('mine'), { prometheus: {} }],
    ['OTLP over gRPC', ExtensionProvider.openTelemetry('mine', { ...SERVICE, maxTagLength: 100 }), { opentelemetry: { ...RENDERED, maxTagLength: 100 } }],
    ['OTLP over gRPC with metadata', ExtensionProvider.openTelemetry('mine', { ...SERVICE, timeout: Duration.seconds(3), headers: [{ name: 'a', envName: 'TOKEN' }] }),
      { opentelemetry: { ...RENDERED, grpc: { timeout: '3s', initialMetadata: [{ name: 'a', envName: 'TOKEN' }] } } }],
    ['OTLP over HTTP', ExtensionProvider.openTelemetry('mine', { ...SERVICE, httpPath: '/v1/traces', headers: [{ name: 'a', text: 'b' }], timeout: Duration.millis(500) }),
      { opentelemetry: { ...RENDERED, http: { path: '/v1/traces', timeout: '0.500s', headers: [{ name: 'a', value: 'b' }] } } }],
    ['Zipkin', ExtensionProvider.zipkin('mine', { ...SERVICE, path: '/spans', use64BitTraceIds: true }), { zipkin: { ...RENDERED, path: '/spans', enable64bitTraceId: true } }],
    ['Datadog', ExtensionProvider.datadog('mine', SERVICE), { datadog: RENDERED }],
    ['SkyWalking', ExtensionProvider.skywalking('mine', { ...SERVICE, additionalConfig: { accessToken: 'x' } }), { skywalking: { ...RENDERED, accessToken: 'x' } }],
    ['a file', ExtensionProvider.fileAccessLog('mine', '/dev/stderr', AccessLogFormat.text('%START_TIME%')),
      { envoyFileAccessLog: { path: '/dev/stderr', logFormat: { text: '%START_TIME%\n' } } }],
    ['OTLP logs', ExtensionProvider.openTelemetryAccessLog('mine', { ...SERVICE, logName: 'mesh' }, AccessLogFormat.json({ code: '%RESPONSE_CODE%' })),
      { envoyOtelAls: { ...RENDERED, logName: 'mesh', logFormat: { labels: { code: '%RESPONSE_CODE%' } } } }],
    ['a log service for requests', ExtensionProvider.httpAccessLogService('mine', SERVICE), { envoyHttpAls: RENDERED }],
    ['a log service for connections', ExtensionProvider.tcpAccessLogService('mine', { ...SERVICE, lookupNamespace: 'ops' }),
      { envoyTcpAls: { ...RENDERED, service: 'ops/collector.observability.svc.cluster.local' } }],
    ['a decision over gRPC', ExtensionProvider.externalAuthorizationGrpc('mine', { ...SERVICE, timeout: Duration.seconds(1), failOpen: true, reroute: true }),
      { envoyExtAuthzGrpc: { ...RENDERED, timeout: '1s', failOpen: true, clearRouteCache: true } }],
    ['a decision over HTTP', ExtensionProvider.externalAuthorizationHttp('mine', {
      ...SERVICE,
      statusOnError: 503,
      maxBodyBytes: 1024,
      allowPartialBody: true,
      pathPrefix: '/check',
      requestHeaders: ['authorization'],
      additionalHeaders: { a: 'b' },
      headersToApplication: ['x-user'],
      headersToClientOnAllow: ['set-cookie'],
      headersToClientOnDeny: ['location'],
    }), {
      envoyExtAuthzHttp: {
        ...RENDERED,
        statusOnError: '503',
        includeRequestBodyInCheck: { maxRequestBytes: 1024, allowPartialMessage: true },
        pathPrefix: '/check',
        includeRequestHeadersInCheck: ['authorization'],
        includeAdditionalHeadersInCheck: { a: 'b' },
        headersToUpstreamOnAllow: ['x-user'],
        headersToDownstreamOnAllow: ['set-cookie'],
        headersToDownstreamOnDeny: ['location'],
      },
    }],
    ['another kind', ExtensionProvider.custom('mine', [ProviderPurpose.TRACING], { stackdriver: { maxTagLength: 5 } }), { stackdriver: { maxTagLength: 5 } }],
  ])('for %s is what the mesh config lists', (_, provider, expected) => {
    expect(provider.toMeshConfig()).toEqual({ name: 'mine', ...expected });
    expect(provider.isDeclared).toBe(false);
  });

  test('that the mesh has already is only named', () => {
    expect(ExtensionProvider.prometheus()).toMatchObject({ providerName: 'prometheus', isDeclared: true });
    expect(ExtensionProvider.declaredElsewhere('otel', ProviderPurpose.TRACING)).toMatchObject({ isDeclared: true, purposes: ['tracing'] });
  });

  test('can be a service of this app, by one of its ports', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const opa = serviceIn(chart, 'opa', mesh);
    expect(ExtensionProvider.externalAuthorizationGrpc('opa', { host: Host.service(opa), port: 8080 }).toMeshConfig().envoyExtAuthzGrpc.service).toBe('opa.shop.svc.cluster.local');
    expect(errorOf(() => ExtensionProvider.externalAuthorizationGrpc('opa', { host: Host.service(opa), port: 80 }))).toMatchObject({ code: 'MESH-E005', fix: 'name one of 8080' });
  });

  test.each<[string, () => unknown, string]>([
    ['a name with spaces', () => ExtensionProvider.prometheus('a b'), 'MESH-E001'],
    ['no purpose', () => ExtensionProvider.declaredElsewhere('a'), 'MESH-E030'],
    ['two kinds', () => ExtensionProvider.custom('a', [ProviderPurpose.TRACING], { a: {}, b: {} }), 'MESH-E031'],
    ['a wildcard host', () => ExtensionProvider.datadog('a', { host: Host.fqdn('*.example.com'), port: 1 }), 'MESH-E002'],
    ['no port', () => ExtensionProvider.datadog('a', { ...SERVICE, port: 0 }), 'MESH-E003'],
    ['a header that says nothing', () => ExtensionProvider.openTelemetry('a', { ...SERVICE, headers: [{ name: 'a' }] }), 'MESH-E031'],
    ['part of a body that is not shown', () => ExtensionProvider.externalAuthorizationGrpc('a', { ...SERVICE, allowPartialBody: true }), 'MESH-E031'],
    ['no HTTP status', () => ExtensionProvider.externalAuthorizationGrpc('a', { ...SERVICE, statusOnError: 42 }), 'MESH-E028'],
    ['no path', () => ExtensionProvider.externalAuthorizationHttp('a', { ...SERVICE, pathPrefix: 'check' }), 'MESH-E009'],
    ['an empty log format', () => AccessLogFormat.text(' '), 'MESH-E030'],
    ['a log format without fields', () => AccessLogFormat.json({}), 'MESH-E030'],
  ])('with %s is refused', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });
});

describe('the providers of an app', () => {
  test('are those that its resources use, each once, by name', () => {
    const chart = chartIn();
    const [otel, log] = [ExtensionProvider.openTelemetry('otel', SERVICE), ExtensionProvider.fileAccessLog('log')];
    new Telemetry(chart, 'a', { tracing: { provider: otel }, accessLogs: [{ providers: [log] }] });
    new Telemetry(chart, 'b', { tracing: { provider: ExtensionProvider.openTelemetry('otel', SERVICE) } });
    expect(ExtensionProvider.usedIn(chart)).toEqual([log, otel]);
    expect(ExtensionProvider.usedIn(chartIn())).toEqual([]);
  });

  test('cannot be two of one name', () => {
    const chart = chartIn();
    new Telemetry(chart, 'a', { tracing: { provider: ExtensionProvider.openTelemetry('otel', SERVICE) } });
    expect(errorOf(() => new Telemetry(chart, 'b', { tracing: { provider: ExtensionProvider.openTelemetry('otel', { ...SERVICE, port: 4318 }) } }))).toMatchObject({
      code: 'MESH-E027', what: 'extension provider "otel" is another one at test/a', constructPath: 'test/b',
    });
  });
});
