import { Chart, Duration } from 'cdk8s';
import {
  Access, AccessMode, CircuitBreaker, delivery, Destination, gatewayapi, Identity, IngressGateway, linkerd, LoadBalancing, Locality, MtlsMode, PathMatch, PathRewrite,
  Percent, Redirect, Weight,
} from '../../../src';
import { Intent } from '../intents';
import { Shop } from '../shop';
import { Column, Emitted, Evidence } from '../walk';

const MATCH = 'spec.rules[0].matches[0]';
const FILTER = 'spec.rules[0].filters[0]';
const POD = 'spec.template.metadata.annotations';
const WEB = Identity.serviceAccount('shop', 'web');

const { AuthenticationRef, HttpLocalRateLimitPolicy, LabelSelector, PolicyTarget, ProxySettings, Server, ServerPort } = linkerd;
const { HttpRoute, RouteBackend, RouteParent } = gatewayapi;

const route = (at: string, value: unknown): Evidence => ({ emits: [{ kind: 'HTTPRoute', at, value }] });

const filter = (value: object): Evidence => route(FILTER, value);

const annotation = (kind: string, at: string, key: string, value: string): Emitted => ({ kind, at: `${at}["${key}"]`, value });

const onService = (key: string, value: string): Emitted => annotation('Service', 'metadata.annotations', key, value);

const onRoute = (key: string, value: string): Emitted => annotation('HTTPRoute', 'metadata.annotations', key, value);

const onPod = (key: string, value: string): Emitted => annotation('Deployment', POD, key, value);

const serverOf = (shop: Shop, props: Partial<linkerd.ServerProps> = {}) =>
  new Server(shop.chart, 'server', { pods: LabelSelector.labels({ app: 'cart' }), port: ServerPort.number(8080), ...props });

/** Routes for the Service `cart` that only Gateway API words can say. */
const routed = (rule: gatewayapi.HttpRouteRule, metadata?: { namespace: string }): Intent => (shop) => new HttpRoute(shop.chart, 'route', {
  metadata, parents: [RouteParent.service(shop.service('cart'))], rules: [{ backends: [RouteBackend.service(shop.service('cart'))], ...rule }],
});

const tuned = (settings: () => linkerd.CallSettings): Intent => (shop) => (shop.mesh as linkerd.LinkerdMesh).tuneCalls(shop.service('cart'), settings());

const installed = (props: Partial<linkerd.ControlPlaneProps> = {}): Intent => (shop) => new linkerd.ControlPlane(shop.chart, 'linkerd', {
  mesh: shop.mesh as linkerd.LinkerdMesh,
  version: '2026.8.3',
  delivery: delivery.ChartDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('linkerd') }),
  identity: linkerd.IdentitySource.existing({ proxyLifetime: Duration.hours(12) }),
  ...props,
});

const value = (at: string, wanted: unknown): Emitted => ({ kind: 'HelmRelease', at: `spec.values.${at}`, value: wanted });

/** Linkerd does it by itself, and has nothing to set: the intent is taken, and nothing is written for it. */
const BUILT_IN: Evidence = { emits: [onPod('linkerd.io/inject', 'enabled')] };

const exported = (mode?: linkerd.ExportMode): Intent => (shop) => (shop.mesh as linkerd.LinkerdMesh).exportService(shop.service('cart'), mode);

/** What Linkerd has for each capability. */
export const LINKERD: Column = {
  profile: 'linkerd',
  mesh: (scope: Chart, options) => new linkerd.LinkerdMesh(scope, 'mesh', options),
  gateway: IngressGateway.gatewayApi({ className: 'eg', serviceAccountName: 'shop' }),
  accept: [],
  evidence: {
    'match.path.exact': route(`${MATCH}.path`, { type: 'Exact', value: '/pay' }),
    'match.path.prefix': route(`${MATCH}.path`, { type: 'PathPrefix', value: '/pay' }),
    'match.path.regex': route(`${MATCH}.path`, { type: 'RegularExpression', value: '/pay/[0-9]+' }),
    'match.path.ignoreCase': { declare: routed({ matches: [{ path: PathMatch.regex('(?i)/pay') }] }), ...route(`${MATCH}.path`, { type: 'RegularExpression', value: '(?i)/pay' }) },
    'match.header.exact': route(`${MATCH}.headers`, [{ name: 'x-beta', value: 'yes' }]),
    'match.header.regex': route(`${MATCH}.headers`, [{ name: 'x-beta', type: 'RegularExpression', value: 'y.*' }]),
    'match.header.present': route(`${MATCH}.headers`, [{ name: 'x-beta', type: 'RegularExpression', value: '.*' }]),
    'match.query.exact': route(`${MATCH}.queryParams`, [{ name: 'beta', value: 'yes' }]),
    'match.query.regex': route(`${MATCH}.queryParams`, [{ name: 'beta', type: 'RegularExpression', value: 'y.*' }]),
    'match.method': route(`${MATCH}.method`, 'DELETE'),
    'match.host': {
      ...route('spec.hostnames', ['shop.example.com']),
      refuses: {
        declare: (shop) => new HttpRoute(shop.chart, 'route', {
          parents: [RouteParent.serviceNamed('cart')], hostnames: ['shop.example.com'], rules: [{ backends: [RouteBackend.serviceNamed('cart', 80)] }],
        }),
        error: /host names in a route for calls within the mesh, where they are ignored \[MESH-E037\]/,
      },
    },
    'match.grpc': {
      emits: [
        { kind: 'GRPCRoute', at: 'metadata.annotations["timeout.linkerd.io/request"]', value: '2s' },
        { kind: 'GRPCRoute', at: `${MATCH}.method`, value: { service: 'shop.Orders', method: 'Get' } },
      ],
    },
    'match.source': {
      declare: routed({ timeout: Duration.seconds(2) }, { namespace: 'front' }),
      emits: [{ kind: 'HTTPRoute', at: 'metadata.namespace', value: 'front' }, { kind: 'HTTPRoute', at: 'spec.rules[0].timeouts', value: { request: '2s' } }],
      refuses: {
        declare: (shop) => {
          shop.service('web').connections.allowTo(shop.service('cart'), Access.all(), { timeout: Duration.seconds(2) });
          shop.service('batch').connections.allowTo(shop.service('cart'), Access.all(), { timeout: Duration.seconds(60) });
        },
        error: /single callers needs match\.source, which linkerd decides by the age of routes \[MESH-E021\]/,
      },
    },
    'match.tls.sni': {
      emits: [
        { kind: 'TLSRoute', at: 'spec.hostnames', value: ['a.example.com'] },
        { kind: 'TLSRoute', at: 'spec.rules', value: [{ backendRefs: [{ name: 'keys', namespace: 'shop', port: 443 }] }] },
      ],
    },
    'match.tcp': { emits: [{ kind: 'TCPRoute', at: 'spec.rules', value: [{ backendRefs: [{ name: 'replica', namespace: 'shop', port: 5432 }] }] }] },
    'route.consumer': {
      declare: routed({ timeout: Duration.seconds(1) }, { namespace: 'front' }),
      emits: [
        { kind: 'HTTPRoute', at: 'metadata.namespace', value: 'front' },
        { kind: 'HTTPRoute', at: 'spec.parentRefs[0]', value: { kind: 'Service', name: 'cart', namespace: 'shop' } },
      ],
    },
    'split.weight': route('spec.rules[0].backendRefs', [
      { name: 'cart', namespace: 'shop', port: 80, weight: 90 }, { name: 'canary', namespace: 'shop', port: 80, weight: 10 },
    ]),
    'redirect': {
      ...filter({ type: 'RequestRedirect', requestRedirect: { hostname: 'new.example.com', statusCode: 301 } }),
      refuses: {
        declare: (shop) => shop.service('cart').addRoute({ matches: [{ path: PathMatch.prefix('/old') }], redirect: Redirect.to({ path: PathRewrite.full('/new') }) }),
        error: /a redirect to another path needs redirect, of which linkerd knows scheme, host, port and status only \[MESH-E021\]/,
      },
    },
    'headers.request': filter({
      type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value: '1' }], add: [{ name: 'x-b', value: '2' }], remove: ['x-c'] },
    }),
    'headers.response': filter({
      type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'x-a', value: '1' }], add: [{ name: 'x-b', value: '2' }], remove: ['x-c'] },
    }),
    'headers.backend': {
      declare: (shop) => new HttpRoute(shop.chart, 'route', {
        parents: [RouteParent.service(shop.service('cart'))],
        rules: [{ backends: [RouteBackend.service(shop.service('cart'), { filters: { requestHeaders: { setHeaders: { 'x-a': '1' } } } })] }],
      }),
      ...route('spec.rules[0].backendRefs[0].filters', [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value: '1' }] } }]),
    },
    'timeout.request': route('spec.rules[0].timeouts', { request: '1s500ms' }),
    'timeout.perTry': { emits: [onRoute('retry.linkerd.io/timeout', '500ms')] },
    'timeout.idle': { emits: [onService('timeout.linkerd.io/idle', '30s')] },
    'timeout.connect': {
      declare: (shop) => shop.service('web').connections.allowTo(shop.service('cart', { circuitBreaker: CircuitBreaker.of({ pool: { connectTimeout: Duration.seconds(3) } }) })),
      emits: [onPod('config.linkerd.io/proxy-outbound-connect-timeout', '3s')],
      refuses: {
        declare: (shop) => [3, 4].forEach((seconds) => shop.service('web').connections.allowTo(
          shop.service(`cart-${seconds}`, { circuitBreaker: CircuitBreaker.of({ pool: { connectTimeout: Duration.seconds(seconds) } }) }))),
        error: /connect timeouts of 3s and 4s for calls of one client need timeout\.connect, of which linkerd knows one for each client \[MESH-E021\]/,
      },
    },
    'retry.count': { emits: [onRoute('retry.linkerd.io/limit', '2')] },
    'retry.http': { emits: [onRoute('retry.linkerd.io/http', '503')] },
    'retry.grpc': { emits: [{ kind: 'GRPCRoute', at: 'metadata.annotations["retry.linkerd.io/grpc"]', value: 'unavailable' }] },
    'retry.budget': {
      declare: (shop) => new linkerd.ServiceProfile(shop.chart, 'profile', {
        service: shop.service('cart'), retryBudget: { share: Percent.of(20), minRetriesPerSecond: 5, ttl: Duration.seconds(10) },
      }),
      emits: [{ kind: 'ServiceProfile', at: 'spec.retryBudget', value: { retryRatio: 0.2, minRetriesPerSecond: 5, ttl: '10s' } }],
      refuses: {
        declare: (shop) => { shop.service('cart', { retryBudget: { share: Percent.of(20) } }); },
        error: /a retry budget needs retry\.budget, which linkerd has in ServiceProfiles only \[MESH-E021\]/,
      },
    },
    'retry.idempotent': { emits: [onRoute('retry.linkerd.io/http', '503'), { kind: 'HTTPRoute', at: MATCH, value: { method: 'GET', path: { type: 'PathPrefix', value: '/read' } } }] },
    'cb.outlier.5xx': { emits: [onService('balancer.linkerd.io/failure-accrual', 'consecutive'), onService('balancer.linkerd.io/failure-accrual-consecutive-max-failures', '5')] },
    'cb.outlier.rate': {
      declare: tuned(() => linkerd.CallSettings.of({ failureAccrual: linkerd.FailureAccrual.successRate({ threshold: Percent.of(90) }) })),
      emits: [onService('balancer.linkerd.io/failure-accrual', 'unified'), onService('balancer.alpha.linkerd.io/failure-accrual-success-rate-threshold', '0.9')],
    },
    'cb.outlier.ejection': {
      emits: [onService('balancer.linkerd.io/failure-accrual-consecutive-min-penalty', '30s')],
      refuses: {
        declare: (shop) => { shop.service('cart', { circuitBreaker: CircuitBreaker.of({ outliers: { maxEjection: Percent.of(50) } }) }); },
        error: /maxEjection of a circuit breaker needs cb\.outlier\.ejection, of which linkerd knows only the time \[MESH-E021\]/,
      },
    },
    'fault.abort': {
      declare: (shop) => shop.service('cart').splitTo(Destination.service(shop.service('cart'), Weight.of(90)), Destination.service(shop.service('injector'), Weight.of(10))),
      ...route('spec.rules[0].backendRefs[1]', { name: 'injector', namespace: 'shop', port: 80, weight: 10 }),
    },
    'ratelimit.local': {
      declare: (shop) => new HttpLocalRateLimitPolicy(shop.chart, 'limit', {
        server: serverOf(shop), totalRequestsPerSecond: 100, clientRequestsPerSecond: 10, overrides: [{ requestsPerSecond: 20, clients: [WEB] }],
      }),
      emits: [{
        kind: 'HTTPLocalRateLimitPolicy',
        at: 'spec',
        value: {
          total: { requestsPerSecond: 100 },
          identity: { requestsPerSecond: 10 },
          overrides: [{ requestsPerSecond: 20, clientRefs: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }] }],
        },
      }],
    },
    'warmup': BUILT_IN,
    'lb.leastRequest': BUILT_IN,
    'lb.passthrough': {
      declare: (shop) => ProxySettings.of({ bypass: { skipOutboundPorts: ['5432'] } }).applyToService(shop.service('cart')),
      emits: [onPod('config.linkerd.io/skip-outbound-ports', '5432')],
      refuses: {
        declare: (shop) => { shop.service('cart', { loadBalancing: LoadBalancing.passthrough() }); },
        error: /passthrough needs lb\.passthrough, which linkerd has for ports that go past the proxy only \[MESH-E021\]/,
      },
    },
    'locality.prefer': {
      emits: [{ kind: 'Service', at: 'spec.trafficDistribution', value: 'PreferClose' }],
      refuses: {
        declare: (shop) => { shop.service('cart', { locality: Locality.distribute({ origin: 'a/*', shares: { 'a/*': Weight.of(80), 'b/*': Weight.of(20) } }), circuitBreaker: CircuitBreaker.consecutiveErrors(5) }); },
        error: /shares of places needs locality\.prefer, of which Kubernetes knows only near and far \[MESH-E021\]/,
      },
    },
    'mtls.strict': { emits: [onPod('config.linkerd.io/default-inbound-policy', 'deny'), { kind: 'Server', at: 'spec.accessPolicy', value: 'deny' }] },
    'mtls.permissive': {
      declare: (shop) => { shop.service('cart', { mtls: MtlsMode.PERMISSIVE, access: AccessMode.OPEN }); },
      emits: [onPod('config.linkerd.io/default-inbound-policy', 'all-unauthenticated')],
    },
    'mtls.disable': { emits: [onPod('linkerd.io/inject', 'disabled')] },
    'mtls.port': {
      declare: (shop) => serverOf(shop, { port: ServerPort.number(9000), access: linkerd.ServerAccess.ALL_AUTHENTICATED }),
      emits: [{ kind: 'Server', at: 'spec', value: { port: 9000, accessPolicy: 'all-authenticated' } }],
    },
    'spiffe.td': { declare: installed(), emits: [value('identityTrustDomain', 'cluster.local')] },
    'ca.external': { declare: installed(), emits: [value('identity', { externalCA: true })] },
    'ca.rotation': { declare: installed(), emits: [value('identity.issuer', { scheme: 'kubernetes.io/tls' }), value('identity', { externalCA: true })] },
    'cert.leafTtl': { declare: installed(), emits: [value('identity.issuer.issuanceLifetime', '12h0m0s')] },
    'authz.identity': {
      emits: [
        { kind: 'MeshTLSAuthentication', at: 'spec.identityRefs', value: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }] },
        { kind: 'AuthorizationPolicy', at: 'spec.targetRef', value: { group: 'policy.linkerd.io', kind: 'Server', name: 'cart-http' } },
      ],
    },
    'authz.namespace': { emits: [{ kind: 'MeshTLSAuthentication', at: 'spec.identityRefs', value: [{ kind: 'Namespace', name: 'tools' }] }] },
    'authz.ip': { emits: [{ kind: 'NetworkAuthentication', at: 'spec.networks', value: [{ cidr: '10.1.0.0/16' }] }] },
    'authz.port': {
      emits: [
        { kind: 'Server', at: 'spec.port', value: 8081 },
        { kind: 'AuthorizationPolicy', at: 'spec.targetRef.name', value: 'cart-http-81' },
      ],
    },
    'authz.method': {
      emits: [
        { kind: 'HTTPRoute', at: MATCH, value: { method: 'GET' } },
        { kind: 'AuthorizationPolicy', at: 'spec.targetRef', value: { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'cart-http-1' } },
      ],
    },
    'authz.path': {
      emits: [
        { kind: 'HTTPRoute', at: `${MATCH}.path`, value: { type: 'PathPrefix', value: '/api' } },
        { kind: 'AuthorizationPolicy', at: 'spec.targetRef', value: { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'cart-http-1' } },
      ],
    },
    'authz.header': {
      emits: [
        { kind: 'HTTPRoute', at: `${MATCH}.headers`, value: [{ name: 'x-team', value: 'shop' }] },
        { kind: 'AuthorizationPolicy', at: 'spec.targetRef.kind', value: 'HTTPRoute' },
      ],
    },
    'authz.defaultDeny': { emits: [onPod('config.linkerd.io/default-inbound-policy', 'deny'), { kind: 'Server', at: 'spec.accessPolicy', value: 'deny' }] },
    'authz.audit': { emits: [onPod('config.linkerd.io/default-inbound-policy', 'audit'), { kind: 'Server', at: 'spec.accessPolicy', value: 'audit' }] },
    'authz.probes': {
      declare: (shop) => {
        const server = serverOf(shop, { proxyProtocol: linkerd.ProxyProtocol.HTTP1 });
        const probes = new HttpRoute(shop.chart, 'probes', { metadata: { name: 'probes' }, parents: [server.routeParent], rules: [{ matches: [{ path: PathMatch.exact('/ready') }] }] });
        const kubelet = new linkerd.NetworkAuthentication(shop.chart, 'kubelet', { networks: [{ cidr: '10.128.0.0/16' }] });
        new linkerd.AuthorizationPolicy(shop.chart, 'policy', { target: PolicyTarget.httpRoute(probes), authentications: [AuthenticationRef.network(kubelet)] });
      },
      emits: [
        { kind: 'HTTPRoute', at: `${MATCH}.path`, value: { type: 'Exact', value: '/ready' } },
        { kind: 'AuthorizationPolicy', at: 'spec.targetRef', value: { kind: 'HTTPRoute', name: 'probes' } },
      ],
    },
    'egress.allowlist': {
      declare: (shop) => {
        const out = new linkerd.EgressNetwork(shop.chart, 'out', { traffic: linkerd.EgressTraffic.DENY });
        new gatewayapi.TlsRoute(shop.chart, 'payments', { parents: [out.routeParent(443)], hostnames: ['api.payments.example.com'], backends: [out.routeBackend(443)] });
      },
      emits: [
        { kind: 'EgressNetwork', at: 'spec.trafficPolicy', value: 'Deny' },
        { kind: 'TLSRoute', at: 'spec.hostnames', value: ['api.payments.example.com'] },
        { kind: 'TLSRoute', at: 'spec.parentRefs[0]', value: { kind: 'EgressNetwork', port: 443 } },
      ],
    },
    'telemetry.accessLog': {
      declare: (shop) => ProxySettings.of({ telemetry: { accessLog: linkerd.AccessLogFormat.JSON } }).applyToService(shop.service('cart')),
      emits: [onPod('config.linkerd.io/access-log', 'json')],
    },
    'telemetry.tracing': {
      declare: (shop) => {
        installed({ tracing: { collector: 'collector.tracing.svc.cluster.local:4317' } })(shop);
        ProxySettings.of({ telemetry: { traceAttributes: { 'deployment.environment': 'test' } } }).applyToService(shop.service('cart'));
      },
      emits: [
        value('proxy.tracing', { enabled: true }),
        value('proxy.tracing.collector.endpoint', 'collector.tracing.svc.cluster.local:4317'),
        onPod('resource.opentelemetry.io/deployment.environment', 'test'),
      ],
    },
    'telemetry.sampling': {
      declare: installed({ tracing: { collector: 'collector.tracing.svc.cluster.local:4317' } }),
      emits: [value('proxy.tracing.collector', { endpoint: 'collector.tracing.svc.cluster.local:4317', meshIdentity: { serviceAccountName: 'collector', namespace: 'tracing' } })],
    },
    'telemetry.metrics': {
      declare: (shop) => ProxySettings.of({ telemetry: { hostnameLabels: true } }).applyToService(shop.service('cart')),
      emits: [onPod('config.linkerd.io/proxy-metrics-hostname-labels', 'true')],
    },
    'metrics.golden': { declare: (shop) => { shop.service('cart'); }, emits: [onPod('linkerd.io/inject', 'enabled')] },
    'mc.export': { declare: exported(), emits: [{ kind: 'Service', at: 'metadata.labels["mirror.linkerd.io/exported"]', value: 'true' }] },
    'mc.import': {
      declare: (shop) => new linkerd.Link(shop.chart, 'west', { clusterName: 'west' }),
      emits: [{ kind: 'Link', at: 'spec', value: { targetClusterName: 'west', remoteDiscoverySelector: { matchLabels: { 'mirror.linkerd.io/exported': 'remote-discovery' } } } }],
    },
    'mc.failover': {
      declare: exported(linkerd.ExportMode.FEDERATED),
      emits: [{ kind: 'Service', at: 'metadata.labels["mirror.linkerd.io/federated"]', value: 'member' }],
    },
    'mc.gateway': {
      declare: (shop) => {
        installed({ multicluster: {} })(shop);
        new linkerd.Link(shop.chart, 'west', { clusterName: 'west', gateway: { addresses: ['192.0.2.1'], port: 4143, identity: 'gw.linkerd-multicluster.serviceaccount.identity.linkerd.cluster.local' } });
      },
      emits: [value('gateway', { enabled: true }), { kind: 'Link', at: 'spec.gatewayAddress', value: '192.0.2.1' }],
    },
    'vm.workload': {
      declare: (shop) => new linkerd.ExternalWorkload(shop.chart, 'vm', { identity: 'spiffe://root.linkerd.cluster.local/vm', serverName: 'vm.example.com', ip: '192.0.2.10' }),
      emits: [{ kind: 'ExternalWorkload', at: 'spec.meshTLS', value: { identity: 'spiffe://root.linkerd.cluster.local/vm', serverName: 'vm.example.com' } }],
    },
    'canary.flagger': {
      declare: (shop) => new delivery.crd.Canary(shop.chart, 'canary', {
        spec: { provider: 'gatewayapi:v1', targetRef: { name: 'cart', kind: 'Deployment' }, service: { port: 80 }, analysis: {} } as delivery.crd.CanarySpec,
      }),
      emits: [{ kind: 'Canary', at: 'spec.provider', value: 'gatewayapi:v1' }],
    },
    'canary.argo': {
      declare: (shop) => new delivery.crd.Rollout(shop.chart, 'rollout', {
        spec: { strategy: { canary: { trafficRouting: { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'cart', namespace: 'shop' } } } } } } as unknown as delivery.crd.RolloutSpec,
      }),
      emits: [{ kind: 'Rollout', at: 'spec.strategy.canary.trafficRouting.plugins["argoproj-labs/gatewayAPI"]', value: { httpRoute: 'cart', namespace: 'shop' } }],
    },
  },
};
