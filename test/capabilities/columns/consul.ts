import { Duration } from 'cdk8s';
import { AccessMode, CircuitBreaker, consul, delivery, Destination, Jwt, Locality, MeshNeeds, PathMatch, PathRewrite } from '../../../src';
import { Intent, INTENTS } from '../intents';
import { Shop } from '../shop';
import { Column, Emitted, Evidence } from '../walk';

const HTTP = 'spec.routes[0].match.http';
const TO = 'spec.routes[0].destination';
const LIMITED = 'spec.upstreamConfig.overrides[0]';
const SOURCE = 'spec.sources[0]';
const PERMITTED = `${SOURCE}.permissions[0]`;
const POD = 'spec.template.metadata.annotations';

const emits = (kind: string, at: string, value: unknown): Evidence => ({ emits: [{ kind, at, value }] });

const router = (at: string, value: unknown): Evidence => emits('ServiceRouter', at, value);

const balancer = (value: object): Evidence => emits('ServiceResolver', 'spec.loadBalancer', value);

const intention = (at: string, value: unknown): Evidence => emits('ServiceIntentions', at, value);

/** Consul sets limits at those who call. */
function limited(circuitBreaker: CircuitBreaker, value: object): Evidence {
  return { declare: (shop) => shop.service('web').connections.allowTo(shop.service('cart', { circuitBreaker })), ...emits('ServiceDefaults', LIMITED, value) };
}

/** A resource by hand, after saying what for. */
function byHand(id: string, write: Intent, emitted: readonly Emitted[]): Evidence {
  return {
    declare: (shop) => {
      MeshNeeds.of(shop.mesh).add(id);
      write(shop);
    },
    emits: emitted,
  };
}

function proxyDefaults(shop: Shop, spec: consul.crd.ProxyDefaultsSpec): void {
  new consul.crd.ProxyDefaults(shop.chart, 'global', { metadata: { name: 'global' }, spec });
}

function serviceDefaults(shop: Shop, spec: consul.crd.ServiceDefaultsSpec): void {
  new consul.crd.ServiceDefaults(shop.chart, 'defaults', { metadata: { name: 'legacy' }, spec });
}

/** Mutual TLS is on unless something turns it off. */
const STRICT: Evidence = {
  emits: [{ kind: 'ServiceDefaults', at: 'spec', value: { protocol: 'http' } }, { kind: 'Deployment', at: `${POD}["consul.hashicorp.com/connect-inject"]`, value: 'true' }],
};

/** What the control plane is told when it is installed. */
function installed(at: string, value: unknown, props: Partial<consul.ControlPlaneProps> = {}): Evidence {
  return {
    declare: (shop) => {
      const mesh = shop.mesh as consul.ConsulMesh;
      const source = delivery.FluxChartSource.helmRepository('hashicorp');
      new consul.ControlPlane(shop.chart, 'control-plane', { mesh, version: '1.9.11', delivery: delivery.ChartDelivery.fluxHelmRelease({ source }), ...props });
    },
    ...emits('HelmRelease', at, value),
  };
}

const TERMINATING = emits('TerminatingGateway', 'spec.services[0]', { name: 'payments' });

const TERMINATING_CALLED: Evidence = { declare: INTENTS['egress.allowlist'], ...TERMINATING };

const TRACING = JSON.stringify({ http: { name: 'envoy.tracers.zipkin' } });

/** What Consul has for each capability. */
export const CONSUL: Column = {
  profile: 'consul',
  mesh: (scope, options) => new consul.ConsulMesh(scope, 'mesh', options),
  accept: [],
  // Hosts are known to gateways; a service has one port, so that there is nothing to tell apart.
  apart: ['match.host', 'authz.port'],
  evidence: {
    'match.path.exact': router(`${HTTP}.pathExact`, '/pay'),
    // A prefix of characters, which whole segments take two of.
    'match.path.prefix': { emits: [{ kind: 'ServiceRouter', at: `${HTTP}.pathExact`, value: '/pay' }, { kind: 'ServiceRouter', at: 'spec.routes[1].match.http.pathPrefix', value: '/pay/' }] },
    'match.path.regex': router(`${HTTP}.pathRegex`, '/pay/[0-9]+'),
    'match.path.ignoreCase': {
      declare: (shop) => new consul.crd.ServiceRouter(shop.chart, 'router', { metadata: { name: 'legacy' }, spec: { routes: [{ match: { http: { pathExact: '/Pay', caseInsensitive: true } } }] } }),
      ...router(`${HTTP}.caseInsensitive`, true),
    },
    'match.header.exact': router(`${HTTP}.header[0]`, { name: 'x-beta', exact: 'yes' }),
    'match.header.regex': router(`${HTTP}.header[0]`, { name: 'x-beta', regex: 'y.*' }),
    'match.header.present': router(`${HTTP}.header[0]`, { name: 'x-beta', present: true }),
    'match.header.invert': router(`${HTTP}.header[0]`, { name: 'x-beta', exact: 'yes', invert: true }),
    'match.query.exact': router(`${HTTP}.queryParam[0]`, { name: 'beta', exact: 'yes' }),
    'match.query.regex': router(`${HTTP}.queryParam[0]`, { name: 'beta', regex: 'y.*' }),
    'match.method': router(`${HTTP}.methods`, ['DELETE']),
    'match.grpc': {
      declare: (shop) => shop.grpc('orders').addRoute({ matches: [{ path: PathMatch.exact('/shop.Orders/Get') }], destinations: [Destination.service(shop.grpc('canary'))] }),
      emits: [{ kind: 'ServiceRouter', at: `${HTTP}.pathExact`, value: '/shop.Orders/Get' }, { kind: 'ServiceDefaults', at: 'spec.protocol', value: 'grpc' }],
    },
    'route.order': {
      declare: (shop) => {
        const destinations = [Destination.service(shop.service('canary'))];
        shop.service('cart').addRoute({ matches: [{ path: PathMatch.prefix('/') }], destinations });
        shop.service('cart').addRoute({ matches: [{ path: PathMatch.exact('/first') }], destinations: [Destination.service(shop.service('beta'))] });
      },
      ...router(`${HTTP}.pathExact`, '/first'),
    },
    'split.weight': emits('ServiceSplitter', 'spec.splits', [{ service: 'cart', serviceSubset: 'all', weight: 90 }, { service: 'canary', weight: 10 }]),
    'split.subset': {
      emits: [
        { kind: 'ServiceSplitter', at: 'spec.splits', value: [{ service: 'cart', serviceSubset: 'v1', weight: 90 }, { service: 'cart', serviceSubset: 'v2', weight: 10 }] },
        { kind: 'ServiceResolver', at: 'spec.subsets.v1.filter', value: 'Service.Meta.version == "v1"' },
      ],
    },
    'rewrite.path.prefix': router(TO, { service: 'canary', prefixRewrite: '/new' }),
    'rewrite.path.full': {
      declare: (shop) => shop.service('cart').addRoute({
        matches: [{ path: PathMatch.exact('/old') }], pathRewrite: PathRewrite.full('/new'), destinations: [Destination.service(shop.service('canary'))],
      }),
      ...router(TO, { service: 'canary', prefixRewrite: '/new' }),
      refuses: {
        declare: (shop) => shop.service('cart').addRoute({
          matches: [{ path: PathMatch.prefix('/old') }], pathRewrite: PathRewrite.full('/new'), destinations: [Destination.service(shop.service('canary'))],
        }),
        error: /needs rewrite\.path\.full, which consul knows for exact paths only \[MESH-E021\]/,
      },
    },
    'headers.request': router(`${TO}.requestHeaders`, { set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] }),
    'headers.response': router(`${TO}.responseHeaders`, { set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] }),
    'headers.backend': {
      declare: (shop) => new consul.crd.ServiceSplitter(shop.chart, 'splitter', { metadata: { name: 'legacy' }, spec: { splits: [{ weight: 100, requestHeaders: { set: { 'x-a': '1' } } }] } }),
      ...emits('ServiceSplitter', 'spec.splits[0].requestHeaders', { set: { 'x-a': '1' } }),
    },
    'timeout.request': router(`${TO}.requestTimeout`, '1.5s'),
    'timeout.idle': router(`${TO}.idleTimeout`, '30s'),
    'timeout.connect': emits('ServiceResolver', 'spec.connectTimeout', '3s'),
    'retry.count': router(`${TO}.numRetries`, 2),
    'retry.http': router(`${TO}.retryOnStatusCodes`, [503]),
    'retry.connect': router(`${TO}.retryOnConnectFailure`, true),
    'retry.grpc': router(`${TO}.retryOn`, ['unavailable']),
    'retry.idempotent': router('spec.routes[0]', {
      match: { http: { methods: ['GET'], pathExact: '/read' } }, destination: { service: 'canary', numRetries: 2, retryOnStatusCodes: [503] },
    }),
    'cb.pool.tcp': limited(CircuitBreaker.of({ pool: { maxConnections: 10 } }), { name: 'cart', limits: { maxConnections: 10 } }),
    'cb.pool.http': limited(CircuitBreaker.of({ pool: { maxPendingRequests: 10, maxRequests: 20 } }), { name: 'cart', limits: { maxPendingRequests: 10, maxConcurrentRequests: 20 } }),
    'cb.outlier.5xx': limited(CircuitBreaker.consecutiveErrors(5), { name: 'cart', passiveHealthCheck: { maxFailures: 5, enforcingConsecutive5xx: 100 } }),
    'cb.outlier.ejection': limited(CircuitBreaker.of({ outliers: { consecutiveServerErrors: 5, baseEjectionTime: Duration.seconds(30) } }),
      { passiveHealthCheck: { maxFailures: 5, enforcingConsecutive5xx: 100, baseEjectionTime: '30s' } }),
    'ratelimit.local': byHand('ratelimit.local', (shop) => serviceDefaults(shop, { protocol: 'http', rateLimits: { instanceLevel: { requestsPerSecond: 10 } } }),
      [{ kind: 'ServiceDefaults', at: 'spec.rateLimits.instanceLevel', value: { requestsPerSecond: 10 } }]),
    'ratelimit.global': byHand('ratelimit.global', (shop) => serviceDefaults(shop, { protocol: 'http', envoyExtensions: [{ name: 'builtin/wasm', arguments: { protocol: 'http' } }] }),
      [{ kind: 'ServiceDefaults', at: 'spec.envoyExtensions[0].name', value: 'builtin/wasm' }]),
    'healthcheck.active': {
      // The readiness of a pod is the check of its instance; the annotation asks the proxy instead.
      declare: (shop) => shop.service('cart').workload.addPodAnnotations({ 'consul.hashicorp.com/use-proxy-health-check': 'true' }),
      ...emits('Deployment', `${POD}["consul.hashicorp.com/use-proxy-health-check"]`, 'true'),
    },
    'lb.roundRobin': balancer({ policy: 'round_robin' }),
    'lb.leastRequest': balancer({ policy: 'least_request' }),
    'lb.random': balancer({ policy: 'random' }),
    'lb.hash.header': balancer({ policy: 'ring_hash', hashPolicies: [{ field: 'header', fieldValue: 'x-user' }] }),
    'lb.hash.cookie': balancer({ policy: 'ring_hash', hashPolicies: [{ field: 'cookie', fieldValue: 'session', cookieConfig: { ttl: '10m0s' } }] }),
    'lb.hash.ip': balancer({ policy: 'ring_hash', hashPolicies: [{ sourceIP: true }] }),
    'lb.hash.query': balancer({ policy: 'ring_hash', hashPolicies: [{ field: 'query_parameter', fieldValue: 'user' }] }),
    'lb.algo.ring': balancer({ policy: 'maglev', hashPolicies: [{ field: 'header', fieldValue: 'x-user' }] }),
    'locality.prefer': { declare: (shop) => { shop.service('cart', { locality: Locality.preferLocal() }); }, ...emits('ServiceResolver', 'spec.prioritizeByLocality', { mode: 'failover' }) },
    'locality.failover': {
      declare: (shop) => { shop.service('cart', { locality: Locality.failover({ east: 'west' }) }); },
      emits: [
        { kind: 'ServiceResolver', at: 'spec.prioritizeByLocality', value: { mode: 'failover' } },
        { kind: 'ServiceResolver', at: 'spec.failover', value: { '*': { datacenters: ['west'] } } },
      ],
    },
    'mtls.strict': STRICT,
    'mtls.permissive': {
      emits: [{ kind: 'ServiceDefaults', at: 'spec.mutualTLSMode', value: 'permissive' }, { kind: 'Mesh', at: 'spec.allowEnablingPermissiveMutualTLS', value: true }],
    },
    'mtls.version': {
      declare: (shop) => new consul.crd.Mesh(shop.chart, 'settings', { metadata: { name: 'mesh' }, spec: { tls: { incoming: { tlsMinVersion: 'TLSv1_3' } } } }),
      ...emits('Mesh', 'spec.tls.incoming', { tlsMinVersion: 'TLSv1_3' }),
    },
    // The trust domain is made of the id of the cluster; nobody can choose it.
    'spiffe.td': { declare: INTENTS['mtls.strict'], ...STRICT },
    'ca.external': installed('spec.values.connectInject.enabled', true, { additionalValues: { global: { secretsBackend: { vault: { enabled: true } } } } }),
    'ca.rotation': installed('spec.values.global.tls', { enabled: true, httpsOnly: true, verify: true }),
    'cert.leafTtl': installed('spec.values.server.extraConfig', '{"default_intention_policy":"deny","connect":{"ca_config":{"leaf_cert_ttl":"1h0m0s"}}}', { leafCertificateLifetime: Duration.hours(1) }),
    'authz.identity': intention('spec.sources', [{ name: 'web', action: 'allow' }, { name: '*', action: 'deny' }]),
    'authz.namespace': intention('spec.sources', [{ name: '*', namespace: 'tools', action: 'allow' }, { name: '*', namespace: '*', action: 'deny' }]),
    'authz.method': intention(PERMITTED, { action: 'allow', http: { pathPrefix: '/', methods: ['GET'] } }),
    'authz.path': intention(PERMITTED, { action: 'allow', http: { pathExact: '/api' } }),
    'authz.header': intention(PERMITTED, { action: 'allow', http: { pathPrefix: '/', header: [{ name: 'x-team', exact: 'shop' }] } }),
    'authz.jwt': intention(`${PERMITTED}.jwt`, { providers: [{ name: 'id-example-com', verifyClaims: [{ path: ['role'], value: 'buyer' }] }] }),
    'authn.jwt': {
      declare: (shop) => shop.service('cart', { access: AccessMode.OPEN }).requireJwt(Jwt.issuedBy('https://id.example.com', { jwksUri: 'https://id.example.com/keys' })),
      emits: [{ kind: 'JWTProvider', at: 'spec.issuer', value: 'https://id.example.com' }, { kind: 'ServiceIntentions', at: `${PERMITTED}.jwt`, value: { providers: [{ name: 'id-example-com' }] } }],
    },
    'authz.deny': intention(SOURCE, { name: 'web', action: 'deny' }),
    'authz.defaultDeny': intention('spec.sources', [{ name: '*', action: 'deny' }]),
    'authz.custom': byHand('authz.custom', (shop) => serviceDefaults(shop, { protocol: 'http', envoyExtensions: [{ name: 'builtin/ext-authz', arguments: { proxyType: 'connect-proxy' } }] }),
      [{ kind: 'ServiceDefaults', at: 'spec.envoyExtensions[0].name', value: 'builtin/ext-authz' }]),
    'authz.probes': { declare: (shop) => { shop.service('cart'); }, ...emits('Deployment', `${POD}["consul.hashicorp.com/transparent-proxy-overwrite-probes"]`, 'true') },
    'egress.allowlist': { emits: [...TERMINATING.emits, { kind: 'ServiceDefaults', at: 'spec.destination', value: { addresses: ['api.payments.example.com'], port: 443 } }] },
    'egress.gateway': TERMINATING_CALLED,
    'egress.tls': emits('TerminatingGateway', 'spec.services[0]', { caFile: '/etc/ssl/certs/ca-certificates.crt', sni: 'api.payments.example.com' }),
    'telemetry.accessLog': { declare: (shop) => proxyDefaults(shop, { accessLogs: { enabled: true, type: 'stdout' } }), ...emits('ProxyDefaults', 'spec.accessLogs', { enabled: true, type: 'stdout' }) },
    'telemetry.tracing': byHand('telemetry.tracing', (shop) => proxyDefaults(shop, { config: { envoy_tracing_json: TRACING } }),
      [{ kind: 'ProxyDefaults', at: 'spec.config.envoy_tracing_json', value: TRACING }]),
    'telemetry.sampling': { declare: (shop) => proxyDefaults(shop, { config: { envoy_tracing_json: TRACING } }), ...emits('ProxyDefaults', 'spec.config.envoy_tracing_json', TRACING) },
    'telemetry.metrics': {
      declare: (shop) => proxyDefaults(shop, { config: { envoy_stats_flush_interval: '10s' } }), ...emits('ProxyDefaults', 'spec.config.envoy_stats_flush_interval', '10s'),
    },
    'metrics.golden': installed('spec.values.global.metrics', { enabled: true, enableAgentMetrics: true }),
    'mc.export': {
      declare: (shop) => new consul.crd.ExportedServices(shop.chart, 'exported', { metadata: { name: 'default' }, spec: { services: [{ name: 'cart', consumers: [{ peer: 'west' }] }] } }),
      ...emits('ExportedServices', 'spec.services[0].consumers', [{ peer: 'west' }]),
    },
    'mc.import': {
      declare: (shop) => shop.service('web').workload.addPodAnnotations({ 'consul.hashicorp.com/connect-service-upstreams': 'cart.svc.west.peer:9090' }),
      ...emits('Deployment', `${POD}["consul.hashicorp.com/connect-service-upstreams"]`, 'cart.svc.west.peer:9090'),
    },
    'mc.failover': {
      declare: (shop) => new consul.crd.ServiceResolver(shop.chart, 'resolver', { metadata: { name: 'legacy' }, spec: { failover: { '*': { targets: [{ peer: 'west' }] } } } }),
      ...emits('ServiceResolver', 'spec.failover', { '*': { targets: [{ peer: 'west' }] } }),
    },
    'mc.gateway': installed('spec.values.meshGateway', { enabled: true, service: { type: 'LoadBalancer' } }, { meshGateway: {} }),
    'vm.workload': {
      declare: (shop) => new consul.crd.Registration(shop.chart, 'vm', { metadata: { name: 'vm' }, spec: { node: 'vm-1', address: '192.0.2.1', service: { name: 'ledger', port: 80 } } as consul.crd.RegistrationSpec }),
      ...emits('Registration', 'spec.service', { name: 'ledger', port: 80 }),
    },
    'peering.ca': {
      declare: (shop) => new consul.crd.PeeringAcceptor(shop.chart, 'peer', { metadata: { name: 'west' }, spec: { peer: { secret: { name: 'west-token', key: 'data', backend: 'kubernetes' } } } }),
      ...emits('PeeringAcceptor', 'spec.peer.secret', { name: 'west-token', key: 'data', backend: 'kubernetes' }),
    },
    // Proxies learn of what intentions let them call.
    'sidecar.scope': intention('spec.sources', [{ name: '*', action: 'deny' }]),
    'proxy.wasm': {
      declare: (shop) => serviceDefaults(shop, { protocol: 'http', envoyExtensions: [{ name: 'builtin/wasm', arguments: { protocol: 'http' } }] }),
      ...emits('ServiceDefaults', 'spec.envoyExtensions[0].name', 'builtin/wasm'),
    },
    'canary.argo': byHand('canary.argo', (shop) => new delivery.crd.Rollout(shop.chart, 'rollout', {
      spec: { strategy: { canary: { trafficRouting: { plugins: { 'hashicorp/consul': { serviceName: 'cart' } } } } } } as unknown as delivery.crd.RolloutSpec,
    }), [{ kind: 'Rollout', at: 'spec.strategy.canary.trafficRouting.plugins["hashicorp/consul"]', value: { serviceName: 'cart' } }]),
  },
};
