import { AccessMode, delivery, Destination, fleet, istio, MeshNeeds, MtlsMode, PathMatch, Percent, Port, RequestLimit } from '../../../src';
import { Intent, INTENTS } from '../intents';
import { Shop } from '../shop';
import { Column, Emitted, Evidence } from '../walk';

const RULE = 'spec.http[0]';
const MATCH = `${RULE}.match[0]`;
const POD = 'spec.template.metadata';

export const emits = (kind: string, at: string, value: unknown): Evidence => ({ emits: [{ kind, at, value }] });

/** What a part of the traffic policy of a service says. */
export const traffic = (at: string, value: unknown): Evidence => emits('DestinationRule', `spec.trafficPolicy.${at}`, value);

/** What the first rule for the callers of a service says. */
export const callers = (at: string, value: unknown): Evidence => emits('AuthorizationPolicy', `spec.rules[0].${at}`, value);

/** Something done by another evidence's means. */
export const by = (declare: Intent, { emits: emitted }: Evidence): Evidence => ({ declare, emits: emitted });

/** Resources by hand, after saying what for. */
export function byHand(id: string, write: Intent, emitted: readonly Emitted[]): Evidence {
  return {
    declare: (shop) => {
      MeshNeeds.of(shop.mesh).add(id);
      write(shop);
    },
    emits: emitted,
  };
}

const rule = (at: string, value: unknown): Evidence => emits('VirtualService', `${RULE}${at}`, value);

const matching = (at: string, value: unknown): Evidence => emits('VirtualService', `${MATCH}.${at}`, value);

/** What the control plane is told when it is installed. */
export function installed(at: string, value: unknown, props: Partial<istio.ControlPlaneProps> = {}): Evidence {
  return {
    declare: (shop) => {
      const source = delivery.FluxChartSource.helmRepository('istio');
      const way = istio.ControlPlaneDelivery.fluxHelmRelease({ source });
      new istio.ControlPlane(shop.chart, 'control-plane', { mesh: shop.mesh as istio.IstioMesh, version: '1.31.1', delivery: way, createNamespaces: true, ...props });
    },
    ...emits('HelmRelease', at, value),
  };
}

const meshConfig = (config: object): { readonly additionalValues: { readonly [key: string]: unknown } } => ({ additionalValues: { meshConfig: config } });

const onCart = (shop: Shop) => istio.WorkloadSelector.service(shop.service('cart'));

const virtualService = (props: (shop: Shop) => istio.VirtualServiceProps): Intent => (shop) => { new istio.VirtualService(shop.chart, 'by-hand', props(shop)); };

const cartHost = (shop: Shop) => istio.Host.service(shop.service('cart'));

/** What the curated resource takes as further fields, by hand. */
const raw = (http: istio.crd.HTTPRoute): Intent => (shop) => {
  new istio.crd.VirtualService(shop.chart, 'by-hand', { metadata: { name: 'by-hand' }, spec: { hosts: ['cart.shop.svc.cluster.local'], http: [http] } });
};

/** Requests of the callers of a namespace only, by a VirtualService that stands there. */
const consumer = virtualService((shop) => ({
  metadata: { namespace: 'front' }, hosts: [cartHost(shop)], exportTo: istio.Visibility.ownNamespace(), httpRoutes: [{ destinations: [istio.RouteTarget.host(cartHost(shop))] }],
}));

export const wasm: Intent = (shop) => new istio.WasmPlugin(shop.chart, 'wasm', {
  selector: onCart(shop), module: istio.WasmModule.oci('registry.example.com/filters/auth:1.0.0'),
});

export const flagger = (provider: string): Evidence => by((shop) => new delivery.crd.Canary(shop.chart, 'canary', {
  spec: { provider, targetRef: { name: 'cart', kind: 'Deployment' }, service: { port: 80 }, analysis: {} } as delivery.crd.CanarySpec,
}), emits('Canary', 'spec.provider', provider));

export const rollout = (trafficRouting: object, at: string, value: unknown): Evidence => by((shop) => new delivery.crd.Rollout(shop.chart, 'rollout', {
  spec: { strategy: { canary: { trafficRouting } } } as unknown as delivery.crd.RolloutSpec,
}), emits('Rollout', `spec.strategy.canary.trafficRouting.${at}`, value));

/** A machine outside of the cluster, and the service that it is part of. */
export const machine: Evidence = by((shop) => {
  const machines = istio.WorkloadSelector.labels({ app: 'ledger' });
  new istio.ServiceEntry(shop.chart, 'ledger', {
    hosts: [istio.Host.fqdn('ledger.vm.example.com')], ports: [Port.http(80)], location: istio.ServiceLocation.INTERNAL, resolution: istio.ServiceResolution.workloads(machines),
  });
  new istio.WorkloadEntry(shop.chart, 'ledger-1', { address: '192.0.2.20', labels: machines.matchLabels, serviceAccountName: 'ledger' });
}, { emits: [{ kind: 'WorkloadEntry', at: 'spec.address', value: '192.0.2.20' }, { kind: 'ServiceEntry', at: 'spec.workloadSelector.labels', value: { app: 'ledger' } }] });

export const external: Evidence = by(INTENTS['egress.allowlist'], emits('ServiceEntry', 'spec.hosts', ['api.payments.example.com']));

/** What is there in every app: the identity of a workload, and with it a certificate that is renewed by itself. */
export const certified: Evidence = by(INTENTS['mtls.strict'], emits('PeerAuthentication', 'spec.mtls', { mode: 'STRICT' }));

export const telemetry = (props: () => istio.TelemetryProps, at: string, value: unknown): Evidence =>
  by((shop) => new istio.Telemetry(shop.chart, 'telemetry', props()), emits('Telemetry', at, value));

export const traces = () => istio.ExtensionProvider.declaredElsewhere('traces', istio.ProviderPurpose.TRACING);

const filters = (name: string, config: object): Intent => (shop) => new istio.crd.EnvoyFilter(shop.chart, 'filter', {
  metadata: { name }, spec: { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: config } }] } as istio.crd.EnvoyFilterSpec,
});

const HERE = { destination: { host: 'cart.shop.svc.cluster.local' } };

/** A match by path in whatever case. */
export const ignoreCase: Evidence = by(raw({ match: [{ uri: { prefix: '/Pay' }, ignoreUriCase: true }], route: [HERE] }), matching('ignoreUriCase', true));

/** Rules that stand in another VirtualService. */
export const delegate: Evidence = by(raw({ delegate: { name: 'cart-rules', namespace: 'shop' } }), rule('.delegate', { name: 'cart-rules', namespace: 'shop' }));

const backendHeaders: Evidence = by(raw({ route: [{ ...HERE, headers: { request: { set: { 'x-a': '1' } } } }] }), rule('.route[0].headers.request', { set: { 'x-a': '1' } }));

/** Someone else decides about requests. */
export const judged = (scope: (shop: Shop) => Partial<istio.AuthorizationPolicyProps>): Evidence => by((shop) => new istio.AuthorizationPolicy(shop.chart, 'judged', {
  metadata: { name: 'judged' },
  ...scope(shop),
  rules: [{ everything: true }],
  action: istio.AuthorizationAction.custom(istio.ExtensionProvider.declaredElsewhere('judge', istio.ProviderPurpose.AUTHORIZATION)),
}), emits('AuthorizationPolicy', 'spec', { action: 'CUSTOM', provider: { name: 'judge' } }));

/** Shared by both data planes: what stands in kinds that both read alike. */
export const COMMON: { readonly [capability: string]: Evidence } = {
  'timeout.idle': traffic('connectionPool.http', { idleTimeout: '30s' }),
  'timeout.connect': traffic('connectionPool.tcp', { connectTimeout: '3s' }),
  'retry.budget': traffic('retryBudget', { percent: 20, minRetryConcurrency: 5 }),
  'cb.pool.tcp': traffic('connectionPool.tcp', { maxConnections: 10 }),
  'cb.pool.http': traffic('connectionPool.http', { http1MaxPendingRequests: 10, http2MaxRequests: 20 }),
  'cb.outlier.5xx': traffic('outlierDetection', { consecutive5xxErrors: 5 }),
  'cb.outlier.ejection': traffic('outlierDetection', { consecutive5xxErrors: 5, baseEjectionTime: '30s' }),
  'warmup': traffic('loadBalancer.warmup', { duration: '60s' }),
  'lb.roundRobin': traffic('loadBalancer', { simple: 'ROUND_ROBIN' }),
  'lb.leastRequest': traffic('loadBalancer', { simple: 'LEAST_REQUEST' }),
  'lb.random': traffic('loadBalancer', { simple: 'RANDOM' }),
  'lb.hash.header': traffic('loadBalancer.consistentHash', { httpHeaderName: 'x-user' }),
  'lb.hash.cookie': traffic('loadBalancer.consistentHash', { httpCookie: { name: 'session', ttl: '600s' } }),
  'lb.hash.ip': traffic('loadBalancer.consistentHash', { useSourceIp: true }),
  'lb.hash.query': traffic('loadBalancer.consistentHash', { httpQueryParameterName: 'user' }),
  'lb.algo.ring': traffic('loadBalancer.consistentHash', { httpHeaderName: 'x-user', maglev: { tableSize: 65537 } }),
  'locality.prefer': traffic('loadBalancer.localityLbSetting', { enabled: true }),
  'locality.failover': traffic('loadBalancer.localityLbSetting', { enabled: true, failover: [{ from: 'east', to: 'west' }] }),
  'mtls.strict': emits('PeerAuthentication', 'spec.mtls', { mode: 'STRICT' }),
  'mtls.permissive': emits('PeerAuthentication', 'spec.mtls', { mode: 'PERMISSIVE' }),
  'mtls.port': by((shop) => new istio.PeerAuthentication(shop.chart, 'ports', {
    metadata: { name: 'ports' }, selector: onCart(shop), mode: MtlsMode.STRICT, ports: [{ port: istio.PolicyPort.container(8080), mode: MtlsMode.PERMISSIVE }],
  }),
  emits('PeerAuthentication', 'spec.portLevelMtls', { 8080: { mode: 'PERMISSIVE' } })),
  'authz.identity': callers('from[0].source', { principals: ['cluster.local/ns/shop/sa/web'] }),
  'authz.namespace': callers('from[0].source', { namespaces: ['tools'] }),
  'authz.ip': callers('from[0].source', { ipBlocks: ['10.1.0.0/16'] }),
  'authz.port': callers('to[0].operation', { ports: ['8081'] }),
  'authz.method': callers('to[0].operation', { methods: ['GET'] }),
  'authz.path': callers('to[0].operation', { paths: ['/api', '/api/*'] }),
  'authz.header': callers('when', [{ key: 'request.headers[x-team]', values: ['shop'] }]),
  'authz.jwt': callers('when', [{ key: 'request.auth.claims[role]', values: ['buyer'] }]),
  'authn.jwt': emits('RequestAuthentication', 'spec.jwtRules', [{ issuer: 'https://id.example.com', jwksUri: 'https://id.example.com/keys' }]),
  'authz.deny': emits('AuthorizationPolicy', 'spec', { action: 'DENY', rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] }] }),
  'authz.defaultDeny': emits('AuthorizationPolicy', 'spec', { action: 'ALLOW' }),
  'authz.audit': emits('AuthorizationPolicy', 'metadata.annotations["istio.io/dry-run"]', 'true'),
  'egress.allowlist': external,
  'egress.tls': emits('DestinationRule', 'spec.trafficPolicy.portLevelSettings[0].tls', { mode: 'SIMPLE', sni: 'api.payments.example.com' }),
  'telemetry.accessLog': telemetry(() => ({ accessLogs: [{ providers: [istio.ExtensionProvider.fileAccessLog('log')] }] }), 'spec.accessLogging[0].providers', [{ name: 'log' }]),
  'telemetry.metrics': telemetry(() => ({
    metrics: [{ providers: [istio.ExtensionProvider.prometheus()], overrides: [{ metric: istio.StandardMetric.REQUEST_SIZE, disabled: true }] }],
  }), 'spec.metrics[0].overrides[0]', { disabled: true }),
  'vm.workload': machine,
  'proxy.wasm': by(wasm, emits('WasmPlugin', 'spec.url', 'oci://registry.example.com/filters/auth:1.0.0')),
  'spiffe.td': installed('spec.values.meshConfig.trustDomain', 'cluster.local'),
  'mtls.version': installed('spec.values.meshConfig.meshMTLS', { minProtocolVersion: 'TLSV1_3' }, meshConfig({ meshMTLS: { minProtocolVersion: 'TLSV1_3' } })),
  'ca.external': installed('spec.values.global', { caAddress: 'cert-manager-istio-csr.cert-manager.svc:443' }, { additionalValues: { global: { caAddress: 'cert-manager-istio-csr.cert-manager.svc:443' } } }),
  'ca.rotation': certified,
  'cert.leafTtl': installed('spec.values.meshConfig.defaultConfig.proxyMetadata', { SECRET_TTL: '12h' }, meshConfig({ defaultConfig: { proxyMetadata: { SECRET_TTL: '12h' } } })),
  'peering.ca': installed('spec.values.meshConfig.trustDomainAliases', ['west.example.com'], meshConfig({ trustDomainAliases: ['west.example.com'] })),
};

/** What Istio with sidecars has for each capability. */
export const ISTIO: Column = {
  profile: 'istio',
  mesh: (scope, options) => new istio.IstioMesh(scope, 'mesh', options),
  accept: [],
  evidence: {
    ...COMMON,
    'match.path.exact': matching('uri', { exact: '/pay' }),
    // A prefix of characters, which whole segments take two of.
    'match.path.prefix': rule('.match', [{ uri: { exact: '/pay' } }, { uri: { prefix: '/pay/' } }]),
    'match.path.regex': matching('uri', { regex: '/pay/[0-9]+' }),
    'match.path.ignoreCase': ignoreCase,
    'match.header.exact': matching('headers', { 'x-beta': { exact: 'yes' } }),
    'match.header.regex': matching('headers', { 'x-beta': { regex: 'y.*' } }),
    'match.header.present': matching('headers', { 'x-beta': {} }),
    'match.header.invert': matching('withoutHeaders', { 'x-beta': { exact: 'yes' } }),
    'match.query.exact': matching('queryParams', { beta: { exact: 'yes' } }),
    'match.query.regex': matching('queryParams', { beta: { regex: 'y.*' } }),
    'match.method': matching('method', { exact: 'DELETE' }),
    'match.host': emits('VirtualService', 'spec.hosts', ['shop.example.com']),
    'match.grpc': by((shop) => shop.grpc('orders').addRoute({ matches: [{ path: PathMatch.prefix('/shop.Orders') }], destinations: [Destination.service(shop.grpc('canary'))] }),
      rule('.match', [{ uri: { exact: '/shop.Orders' } }, { uri: { prefix: '/shop.Orders/' } }])),
    'match.source': matching('sourceNamespace', 'back'),
    'match.tls.sni': emits('VirtualService', 'spec.tls[0].match', [{ port: 443, sniHosts: ['a.example.com'] }]),
    'match.tcp': emits('VirtualService', 'spec.tcp[0].match', [{ port: 5432 }]),
    'route.consumer': by(consumer, { emits: [{ kind: 'VirtualService', at: 'metadata.namespace', value: 'front' }, { kind: 'VirtualService', at: 'spec.exportTo', value: ['.'] }] }),
    'route.delegate': delegate,
    'route.order': by((shop) => {
      shop.service('cart').addRoute({ matches: [{ path: PathMatch.prefix('/') }], destinations: [Destination.service(shop.service('canary'))] });
      shop.service('cart').addRoute({ matches: [{ path: PathMatch.exact('/first') }], destinations: [Destination.service(shop.service('beta'))] });
    }, matching('uri', { exact: '/first' })),
    'split.weight': rule('.route', [{ destination: { host: 'cart.shop.svc.cluster.local' }, weight: 90 }, { destination: { host: 'canary.shop.svc.cluster.local' }, weight: 10 }]),
    'split.subset': {
      emits: [
        { kind: 'DestinationRule', at: 'spec.subsets', value: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }] },
        { kind: 'VirtualService', at: `${RULE}.route[1]`, value: { destination: { host: 'cart.shop.svc.cluster.local', subset: 'v2' }, weight: 10 } },
      ],
    },
    'mirror': rule('.mirrors', [{ destination: { host: 'shadow.shop.svc.cluster.local' }, percentage: { value: 100 } }]),
    'mirror.percent': rule('.mirrors', [{ destination: { host: 'shadow.shop.svc.cluster.local' }, percentage: { value: 10 } }]),
    'rewrite.path.prefix': rule('.rewrite', { uri: '/new' }),
    'rewrite.path.full': rule('.rewrite.uriRegexRewrite', { match: '^.*$', rewrite: '/new' }),
    'rewrite.path.regex': rule('.rewrite.uriRegexRewrite', { match: '/old/(.*)', rewrite: '/new/\\1' }),
    'rewrite.host': rule('.rewrite', { authority: 'inner.example.com' }),
    'redirect': rule('.redirect', { authority: 'new.example.com', redirectCode: 301 }),
    'directResponse': rule('.directResponse', { status: 410 }),
    'headers.request': rule('.headers.request', { set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] }),
    'headers.response': rule('.headers.response', { set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] }),
    'headers.backend': backendHeaders,
    'cors': rule('.corsPolicy', { allowOrigins: [{ exact: 'https://shop.example.com' }] }),
    'fault.delay': rule('.fault.delay', { fixedDelay: '1s', percentage: { value: 100 } }),
    'fault.abort': rule('.fault.abort', { httpStatus: 503, percentage: { value: 10 } }),
    'timeout.request': rule('.timeout', '1.500s'),
    'timeout.perTry': rule('.retries', { attempts: 2, perTryTimeout: '0.500s' }),
    'retry.count': rule('.retries', { attempts: 2, retryOn: '5xx' }),
    'retry.http': rule('.retries', { attempts: 2, retryOn: '503' }),
    'retry.connect': rule('.retries', { attempts: 2, retryOn: '5xx,connect-failure' }),
    'retry.grpc': rule('.retries', { attempts: 2, retryOn: 'unavailable' }),
    'retry.backoff': rule('.retries', { attempts: 2, backoff: '0.100s' }),
    'retry.idempotent': rule('.retries', { attempts: 2, retryOn: '503' }),
    'cb.outlier.rate': byHand('cb.outlier.rate', filters('success-rate', { outlier_detection: { enforcing_success_rate: 100 } }),
      [{ kind: 'EnvoyFilter', at: 'spec.configPatches[0].patch.value.outlier_detection', value: { enforcing_success_rate: 100 } }]),
    'ratelimit.local': byHand('ratelimit.local', (shop) => istio.RateLimit.local(shop.chart, 'limit', { at: istio.EnforcementPoint.service(shop.service('cart')), limit: RequestLimit.perSecond(10) }),
      [{ kind: 'EnvoyFilter', at: 'spec.configPatches[0].applyTo', value: 'HTTP_FILTER' }]),
    'ratelimit.global': byHand('ratelimit.global', (shop) => istio.RateLimit.global(shop.chart, 'limit', {
      at: istio.EnforcementPoint.service(shop.service('cart')), domain: 'shop', service: istio.Host.service(shop.grpc('limiter')), rules: [{ ruleName: 'all', limit: RequestLimit.perSecond(10) }],
    }), [{ kind: 'EnvoyFilter', at: 'spec.configPatches[0].applyTo', value: 'HTTP_FILTER' }]),
    'lb.passthrough': traffic('loadBalancer', { simple: 'PASSTHROUGH' }),
    'mtls.disable': {
      emits: [{ kind: 'PeerAuthentication', at: 'spec.mtls', value: { mode: 'DISABLE' } }, { kind: 'DestinationRule', at: 'spec.trafficPolicy.tls', value: { mode: 'DISABLE' } }],
    },
    'authz.custom': judged((shop) => ({ selector: onCart(shop) })),
    'authz.probes': by((shop) => { shop.service('cart'); }, emits('Deployment', `${POD}.labels["sidecar.istio.io/inject"]`, 'true')),
    'egress.gateway': by((shop) => new istio.crd.Gateway(shop.chart, 'out', {
      metadata: { name: 'out' }, spec: { selector: { istio: 'egressgateway' }, servers: [{ port: { number: 443, name: 'tls', protocol: 'TLS' }, hosts: ['api.payments.example.com'], tls: { mode: 'PASSTHROUGH' } }] } as istio.crd.GatewaySpec,
    }), emits('Gateway', 'spec.selector', { istio: 'egressgateway' })),
    'telemetry.tracing': telemetry(() => ({ tracing: { provider: traces() } }), 'spec.tracing[0].providers', [{ name: 'traces' }]),
    'telemetry.sampling': telemetry(() => ({ tracing: { provider: traces(), sampling: Percent.of(1) } }), 'spec.tracing[0].randomSamplingPercentage', 1),
    'metrics.golden': telemetry(() => ({ metrics: [{ providers: [istio.ExtensionProvider.prometheus()] }] }), 'spec.metrics[0].providers', [{ name: 'prometheus' }]),
    'mc.export': by((shop) => new fleet.crd.ServiceExport(shop.chart, 'export', { metadata: { name: 'cart' } }), emits('ServiceExport', 'metadata.name', 'cart')),
    'mc.import': by((shop) => shop.service('web').connections.allowTo(shop.service('cart', { access: AccessMode.DECLARED })), callers('from[0].source', { principals: ['cluster.local/ns/shop/sa/web'] })),
    'mc.failover': by(INTENTS['locality.failover'], COMMON['locality.failover']),
    'mc.gateway': by((shop) => new istio.crd.Gateway(shop.chart, 'east-west', {
      metadata: { name: 'east-west' }, spec: { selector: { istio: 'eastwestgateway' }, servers: [{ port: { number: 15443, name: 'tls', protocol: 'TLS' }, hosts: ['*.local'], tls: { mode: 'AUTO_PASSTHROUGH' } }] } as istio.crd.GatewaySpec,
    }), emits('Gateway', 'spec.servers[0].tls', { mode: 'AUTO_PASSTHROUGH' })),
    'sidecar.scope': emits('Sidecar', 'spec.egress', [{ hosts: ['~/*'] }]),
    'canary.flagger': flagger('istio'),
    'canary.argo': rollout({ istio: { virtualServices: [{ name: 'cart' }] } }, 'istio.virtualServices', [{ name: 'cart' }]),
  },
};
