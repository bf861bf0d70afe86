import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { delivery, linkerd, MeshedService, MeshedWorkload, Percent, Port, Retries, RetryOn } from '../../src';
import { errorOf, kindOf } from '../support/manifests';

const { CallSettings, FailureAccrual, ProxySettings } = linkerd;

/** Every option, and the annotations that stand for it. */
const FULL: linkerd.ProxyOptions = {
  injection: linkerd.Injection.INGRESS,
  image: { image: 'registry.example.com/proxy', version: 'edge-1', pullPolicy: linkerd.ImagePullPolicy.ALWAYS },
  debugImage: { image: 'registry.example.com/debug', version: 'edge-2', pullPolicy: linkerd.ImagePullPolicy.NEVER },
  debugSidecar: true,
  ports: { control: 5190, inbound: 5143, outbound: 5140, admin: 5191 },
  bypass: {
    podInboundPorts: [80, 81],
    skipInboundPorts: ['25', '4000-5000'],
    skipOutboundPorts: ['smtp'],
    skipSubnets: ['10.0.0.0/8', '192.0.2.1'],
    opaquePorts: ['3306'],
    disableOutboundDetectTimeout: true,
    disableInboundDetectTimeout: false,
  },
  resources: { requests: { cpu: delivery.Cpu.millis(100), memory: Size.mebibytes(20) }, limits: { cpu: delivery.Cpu.cores(1), memory: Size.mebibytes(250) } },
  ephemeralStorageRequest: Size.mebibytes(10),
  ephemeralStorageLimit: Size.mebibytes(20),
  cpuRatioLimit: Percent.of(25),
  userId: 2103,
  groupId: 2104,
  adminShutdown: true,
  telemetry: {
    logLevel: 'warn,linkerd=debug',
    logFormat: linkerd.ProxyLogFormat.JSON,
    logHttpHeaders: true,
    accessLog: linkerd.AccessLogFormat.APACHE,
    hostnameLabels: true,
    traceAttributes: { 'deployment.environment': 'test' },
  },
  timeouts: {
    outboundConnect: Duration.millis(1500),
    inboundConnect: Duration.millis(100),
    outboundDiscoveryCache: Duration.seconds(5),
    inboundDiscoveryCache: Duration.seconds(90),
    closeWait: Duration.minutes(60),
    shutdownGracePeriod: Duration.minutes(2),
    waitBeforeExit: Duration.seconds(7),
  },
  externalProfiles: true,
  requireIdentityPorts: ['80'],
  defaultInboundPolicy: linkerd.ServerAccess.CLUSTER_AUTHENTICATED,
  gateway: true,
  nativeSidecar: true,
  await: false,
  environment: { B: '2', A: '1' },
};

const ANNOTATIONS = {
  'linkerd.io/inject': 'ingress',
  'config.linkerd.io/proxy-image': 'registry.example.com/proxy',
  'config.linkerd.io/proxy-version': 'edge-1',
  'config.linkerd.io/image-pull-policy': 'Always',
  'config.linkerd.io/debug-image': 'registry.example.com/debug',
  'config.linkerd.io/debug-image-version': 'edge-2',
  'config.linkerd.io/debug-image-pull-policy': 'Never',
  'config.linkerd.io/enable-debug-sidecar': 'true',
  'config.linkerd.io/control-port': '5190',
  'config.linkerd.io/inbound-port': '5143',
  'config.linkerd.io/outbound-port': '5140',
  'config.linkerd.io/admin-port': '5191',
  'config.linkerd.io/pod-inbound-ports': '80,81',
  'config.linkerd.io/skip-inbound-ports': '25,4000-5000',
  'config.linkerd.io/skip-outbound-ports': 'smtp',
  'config.linkerd.io/skip-subnets': '10.0.0.0/8,192.0.2.1/32',
  'config.linkerd.io/opaque-ports': '3306',
  'config.linkerd.io/proxy-disable-outbound-protocol-detect-timeout': 'true',
  'config.linkerd.io/proxy-disable-inbound-protocol-detect-timeout': 'false',
  'config.linkerd.io/proxy-cpu-request': '100m',
  'config.linkerd.io/proxy-cpu-limit': '1',
  'config.linkerd.io/proxy-memory-request': '20Mi',
  'config.linkerd.io/proxy-memory-limit': '250Mi',
  'config.linkerd.io/proxy-ephemeral-storage-request': '10Mi',
  'config.linkerd.io/proxy-ephemeral-storage-limit': '20Mi',
  'config.linkerd.io/proxy-cpu-ratio-limit': '0.25',
  'config.linkerd.io/proxy-uid': '2103',
  'config.linkerd.io/proxy-gid': '2104',
  'config.linkerd.io/proxy-admin-shutdown': 'enabled',
  'config.linkerd.io/proxy-log-level': 'warn,linkerd=debug',
  'config.linkerd.io/proxy-log-format': 'json',
  'config.linkerd.io/proxy-log-http-headers': 'insecure',
  'config.linkerd.io/access-log': 'apache',
  'config.linkerd.io/proxy-metrics-hostname-labels': 'true',
  'config.linkerd.io/enable-external-profiles': 'true',
  'config.linkerd.io/proxy-require-identity-inbound-ports': '80',
  'config.linkerd.io/proxy-outbound-connect-timeout': '1500ms',
  'config.linkerd.io/proxy-inbound-connect-timeout': '100ms',
  'config.linkerd.io/proxy-outbound-discovery-cache-unused-timeout': '5s',
  'config.linkerd.io/proxy-inbound-discovery-cache-unused-timeout': '90s',
  'config.linkerd.io/close-wait-timeout': '1h',
  'config.linkerd.io/shutdown-grace-period': '120s',
  'config.linkerd.io/enable-gateway': 'true',
  'config.linkerd.io/proxy-enable-native-sidecar': 'true',
  'config.linkerd.io/proxy-await': 'disabled',
  'config.linkerd.io/default-inbound-policy': 'cluster-authenticated',
  'config.linkerd.io/proxy-additional-env': '[{"name":"A","value":"1"},{"name":"B","value":"2"}]',
  'config.alpha.linkerd.io/proxy-wait-before-exit-seconds': '7',
  'resource.opentelemetry.io/deployment.environment': 'test',
};

function setUp() {
  const chart = new Chart(new App(), 'test', { namespace: 'shop' });
  const mesh = new linkerd.LinkerdMesh(chart, 'mesh');
  return { chart, mesh };
}

describe('settings of proxies', () => {
  test('have an annotation for everything that Linkerd knows', () => {
    expect(ProxySettings.of(FULL).annotations).toEqual(ANNOTATIONS);
    expect(ProxySettings.of({}).annotations).toEqual({});
    expect(ProxySettings.of({ bypass: { opaquePorts: [] } }).annotations).toEqual({ 'config.linkerd.io/opaque-ports': '' });
  });

  test('are written to the pods of services, workloads and what others made, and to namespaces', () => {
    const { chart, mesh } = setUp();
    const settings = ProxySettings.of({ nativeSidecar: true });
    const said = { 'config.linkerd.io/proxy-enable-native-sidecar': 'true' };
    settings.applyToService(new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80)] }));
    settings.applyToWorkload(new MeshedWorkload(chart, 'worker', { mesh, image: 'worker' }));
    settings.applyToPods(new kplus.Deployment(chart, 'own', { containers: [{ image: 'own' }] }));
    settings.applyToNamespace(new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } }));
    expect(kindOf(chart, 'Deployment').map((deployment) => deployment.spec.template.metadata.annotations)).toEqual([0, 1, 2].map(() => expect.objectContaining(said)));
    expect(kindOf(chart, 'Namespace')[0].metadata.annotations).toEqual(said);
    expect(errorOf(() => settings.applyToNamespace(chart))).toMatchObject({ code: 'MESH-E012' });
  });

  test.each<[string, linkerd.ProxyOptions, string]>([
    ['a range of ports from high to low', { bypass: { skipInboundPorts: ['5000-4000'] } }, 'MESH-E003'],
    ['port 0', { bypass: { opaquePorts: ['0'] } }, 'MESH-E003'],
    ['a port name in capitals', { bypass: { skipOutboundPorts: ['SMTP'] } }, 'MESH-E003'],
    ['a network that is none', { bypass: { skipSubnets: ['10.0.0.0/64'] } }, 'MESH-E032'],
    ['a port of the proxy twice', { ports: { admin: 4190, control: 4190 } }, 'MESH-E004'],
    ['a user that is root', { userId: 0 }, 'MESH-E028'],
    ['all cores as a share', { cpuRatioLimit: Percent.of(100) }, 'MESH-E006'],
    ['a log level that is none', { telemetry: { logLevel: 'loud' } }, 'MESH-E028'],
    ['a log level with a target and none', { telemetry: { logLevel: 'linkerd=' } }, 'MESH-E028'],
    ['half a second before the end', { timeouts: { waitBeforeExit: Duration.millis(500) } }, 'MESH-E010'],
    ['half a millisecond to connect', { timeouts: { outboundConnect: Duration.millis(0) } }, 'MESH-E010'],
    ['a variable with a dash', { environment: { 'A-B': '1' } }, 'MESH-E001'],
    ['an attribute with a space', { telemetry: { traceAttributes: { 'a b': '1' } } }, 'MESH-E001'],
    ['less memory than is promised', { resources: { requests: { memory: Size.mebibytes(2) }, limits: { memory: Size.mebibytes(1) } } }, 'MESH-E031'],
  ])('%s is refused', (_, options, code) => {
    expect(errorOf(() => ProxySettings.of(options))).toMatchObject({ code });
  });
});

describe('settings of calls', () => {
  const accrual = FailureAccrual.consecutive({ maxFailures: 5, minPenalty: Duration.seconds(2), maxPenalty: Duration.minutes(1), jitterRatio: 1 });

  test('have an annotation for everything that Linkerd knows', () => {
    expect(CallSettings.of({
      requestTimeout: Duration.seconds(2),
      responseTimeout: Duration.seconds(1),
      idleTimeout: Duration.millis(1500),
      failureAccrual: accrual,
      retries: Retries.attempts(3, { conditions: [RetryOn.SERVER_ERROR, RetryOn.GRPC_UNAVAILABLE], statusCodes: [429], perTryTimeout: Duration.millis(200) }),
    }).annotations).toEqual({
      'timeout.linkerd.io/request': '2s',
      'timeout.linkerd.io/response': '1s',
      'timeout.linkerd.io/idle': '1500ms',
      'retry.linkerd.io/http': '5xx,429',
      'retry.linkerd.io/grpc': 'unavailable',
      'retry.linkerd.io/limit': '3',
      'retry.linkerd.io/timeout': '200ms',
      'balancer.linkerd.io/failure-accrual': 'consecutive',
      'balancer.linkerd.io/failure-accrual-consecutive-max-failures': '5',
      'balancer.linkerd.io/failure-accrual-consecutive-min-penalty': '2s',
      'balancer.linkerd.io/failure-accrual-consecutive-max-penalty': '60s',
      'balancer.linkerd.io/failure-accrual-consecutive-jitter-ratio': '1',
    });
    expect(FailureAccrual.successRate({ threshold: Percent.of(90), window: Duration.seconds(20), minRequests: 10, honorRetryAfter: true }).annotations).toEqual({
      'balancer.linkerd.io/failure-accrual': 'unified',
      'balancer.alpha.linkerd.io/failure-accrual-success-rate-threshold': '0.9',
      'balancer.alpha.linkerd.io/failure-accrual-success-rate-window': '20s',
      'balancer.alpha.linkerd.io/failure-accrual-success-rate-min-requests': '10',
      'balancer.alpha.linkerd.io/failure-accrual-honor-retry-after': 'true',
    });
  });

  test('are written to the Service, once', () => {
    const { chart, mesh } = setUp();
    const cart = new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80)] });
    mesh.tuneCalls(cart, CallSettings.of({ responseTimeout: Duration.seconds(1) }));
    mesh.exportService(cart, linkerd.ExportMode.DIRECT);
    const [service] = kindOf(chart, 'Service');
    expect(service.metadata.annotations).toEqual({ 'timeout.linkerd.io/response': '1s' });
    expect(service.metadata.labels['mirror.linkerd.io/exported']).toBe('remote-discovery');
    expect(errorOf(() => mesh.tuneCalls(cart, CallSettings.of({})))).toMatchObject({ code: 'MESH-E031' });
  });

  test.each<[string, () => unknown, string]>([
    ['a longest penalty below the shortest', () => FailureAccrual.consecutive({ minPenalty: Duration.minutes(2) }), 'MESH-E028'],
    ['no failure', () => FailureAccrual.consecutive({ maxFailures: 0 }), 'MESH-E028'],
    ['jitter above 100', () => FailureAccrual.consecutive({ jitterRatio: 101 }), 'MESH-E028'],
    ['a window of a millisecond', () => FailureAccrual.successRate({ window: Duration.millis(1) }), 'MESH-E010'],
    ['retries of connections only', () => CallSettings.of({ retries: Retries.attempts(1, { conditions: [RetryOn.CONNECT_FAILURE] }) }), 'MESH-E021'],
    ['a back-off', () => CallSettings.of({ retries: Retries.attempts(1, { conditions: [RetryOn.SERVER_ERROR], backoff: Duration.seconds(1) }) }), 'MESH-E021'],
  ])('%s is refused', (_, step, code) => {
    expect(errorOf(step)).toMatchObject({ code });
  });
});
