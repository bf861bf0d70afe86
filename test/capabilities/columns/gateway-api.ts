import { Duration } from 'cdk8s';
import { Access, delivery, gatewayapi, IngressGateway, Locality, PathMatch, Weight } from '../../../src';
import { Shop } from '../shop';
import { Column, Emitted, Evidence } from '../walk';

const MATCH = 'spec.rules[0].matches[0]';
const FILTER = 'spec.rules[0].filters[0]';

const route = (at: string, value: unknown): Evidence => ({ emits: [{ kind: 'HTTPRoute', at, value }] });

const filter = (value: object): Evidence => route(FILTER, value);

const NEAR: Emitted = { kind: 'Service', at: 'spec.trafficDistribution', value: 'PreferClose' };

/** Telemetry of the Gateway API has a proposal, and no kind or field yet. */
const TELEMETRY: Evidence = { emits: [], awaits: { apiGroup: 'gateway.networking.k8s.io', field: /telemetry|accessLog|tracing|sampling/i } };

const { ExternalAuth, HttpRoute, ReleaseChannel, RouteBackend, RouteParent, XBackend } = gatewayapi;

function externalBackend(shop: Shop): void {
  ReleaseChannel.useExperimental(shop.chart);
  const gateway = new gatewayapi.Gateway(shop.chart, 'out', { className: 'eg', listeners: [gatewayapi.Listener.http()] });
  new XBackend(shop.chart, 'payments', { metadata: { name: 'payments' }, hostname: 'api.payments.example.com', port: 443 });
  new HttpRoute(shop.chart, 'route', {
    parents: [RouteParent.gateway(gateway)],
    rules: [{ backends: [RouteBackend.of({ group: 'gateway.networking.x-k8s.io', kind: 'XBackend', name: 'payments' })] }],
  });
}

function backendTls(shop: Shop): void {
  new gatewayapi.BackendTlsPolicy(shop.chart, 'vault', {
    targets: [gatewayapi.TlsBackend.serviceNamed('vault', 'https')], hostname: 'vault.example.com', authorities: gatewayapi.ServerAuthorities.system(),
  });
}

function externalAuth(shop: Shop): void {
  new HttpRoute(shop.chart, 'route', {
    parents: [RouteParent.serviceNamed('cart')],
    rules: [{ backends: [RouteBackend.serviceNamed('cart', 80)], externalAuth: ExternalAuth.grpc(RouteBackend.serviceNamed('judge', 9000)) }],
  });
}

/** What the Gateway API has for each capability. */
export const GATEWAY_API: Column = {
  profile: 'gateway-api',
  mesh: (scope, options) => new gatewayapi.GatewayApiMesh(scope, 'mesh', options),
  gateway: IngressGateway.gatewayApi({ className: 'eg', serviceAccountName: 'shop' }),
  accept: ['mtls.strict', 'authz.defaultDeny'],
  evidence: {
    'match.path.exact': route(`${MATCH}.path`, { type: 'Exact', value: '/pay' }),
    'match.path.prefix': route(`${MATCH}.path`, { type: 'PathPrefix', value: '/pay' }),
    'match.path.regex': route(`${MATCH}.path`, { type: 'RegularExpression', value: '/pay/[0-9]+' }),
    'match.path.ignoreCase': {
      declare: (shop) => new HttpRoute(shop.chart, 'route', {
        parents: [RouteParent.serviceNamed('cart')], rules: [{ matches: [{ path: PathMatch.regex('(?i)/pay') }], backends: [RouteBackend.serviceNamed('cart', 80)] }],
      }),
      ...route(`${MATCH}.path`, { type: 'RegularExpression', value: '(?i)/pay' }),
    },
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
      declare: (shop) => new gatewayapi.GrpcRoute(shop.chart, 'route', {
        parents: [RouteParent.service(shop.grpc('orders'))],
        rules: [{ matches: [{ call: gatewayapi.GrpcCall.method('shop.Orders', 'Get') }], backends: [RouteBackend.service(shop.grpc('orders'))] }],
      }),
      emits: [{ kind: 'GRPCRoute', at: `${MATCH}.method`, value: { service: 'shop.Orders', method: 'Get' } }],
    },
    'match.source': {
      emits: [
        { kind: 'HTTPRoute', at: 'metadata.namespace', value: 'front' },
        { kind: 'HTTPRoute', at: 'spec.rules[0].timeouts', value: { request: '2s' } },
        { kind: 'HTTPRoute', at: 'metadata.namespace', value: 'back' },
        { kind: 'HTTPRoute', at: 'spec.rules[0].timeouts', value: { request: '1m' } },
      ],
      refuses: {
        declare: (shop) => {
          shop.service('web').connections.allowTo(shop.service('cart'), Access.all(), { timeout: Duration.seconds(2) });
          shop.service('batch').connections.allowTo(shop.service('cart'), Access.all(), { timeout: Duration.seconds(60) });
        },
        error: /single callers in namespace shop needs match\.source, of which routes know only other namespaces as a whole \[MESH-E021\]/,
      },
    },
    'match.tls.sni': {
      emits: [
        { kind: 'TLSRoute', at: 'spec.hostnames', value: ['a.example.com'] },
        { kind: 'TLSRoute', at: 'spec.rules[0].backendRefs[0]', value: { name: 'keys', namespace: 'shop', port: 443 } },
      ],
    },
    'match.tcp': { emits: [{ kind: 'TCPRoute', at: 'spec.rules[0].backendRefs[0]', value: { name: 'replica', namespace: 'shop', port: 5432 } }] },
    'route.consumer': {
      declare: (shop) => new HttpRoute(shop.chart, 'route', {
        metadata: { namespace: 'front' }, parents: [RouteParent.service(shop.service('cart'))], rules: [{ backends: [RouteBackend.service(shop.service('cart'))], timeout: Duration.seconds(1) }],
      }),
      emits: [
        { kind: 'HTTPRoute', at: 'metadata.namespace', value: 'front' },
        { kind: 'HTTPRoute', at: 'spec.parentRefs[0]', value: { kind: 'Service', name: 'cart', namespace: 'shop' } },
      ],
    },
    'split.weight': route('spec.rules[0].backendRefs', [
      { name: 'cart', namespace: 'shop', port: 80, weight: 90 }, { name: 'canary', namespace: 'shop', port: 80, weight: 10 },
    ]),
    'mirror': filter({ type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow', namespace: 'shop', port: 80 } } }),
    'mirror.percent': filter({ type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow', namespace: 'shop', port: 80 }, percent: 10 } }),
    'rewrite.path.prefix': filter({ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } } }),
    'rewrite.path.full': filter({ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } } }),
    'rewrite.host': filter({ type: 'URLRewrite', urlRewrite: { hostname: 'inner.example.com' } }),
    'redirect': filter({ type: 'RequestRedirect', requestRedirect: { hostname: 'new.example.com', statusCode: 301 } }),
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
    'cors': filter({ type: 'CORS', cors: { allowOrigins: ['https://shop.example.com'] } }),
    'timeout.request': route('spec.rules[0].timeouts', { request: '1s500ms' }),
    'timeout.perTry': {
      declare: (shop) => new HttpRoute(shop.chart, 'route', {
        parents: [RouteParent.service(shop.service('cart'))], rules: [{ backends: [RouteBackend.service(shop.service('cart'))], backendTimeout: Duration.millis(500) }],
      }),
      ...route('spec.rules[0].timeouts', { backendRequest: '500ms' }),
    },
    'retry.count': route('spec.rules[0].retry', { attempts: 2 }),
    'retry.http': route('spec.rules[0].retry', { attempts: 2, codes: [503] }),
    'retry.connect': route('spec.rules[0].retry', { attempts: 2 }),
    'retry.backoff': route('spec.rules[0].retry', { attempts: 2, backoff: '100ms' }),
    'retry.budget': {
      emits: [
        { kind: 'XBackendTrafficPolicy', at: 'spec.retryConstraint', value: { budget: { percent: 20 }, minRetryRate: { count: 5, interval: '1s' } } },
        { kind: 'XBackendTrafficPolicy', at: 'spec.targetRefs', value: [{ group: '', kind: 'Service', name: 'cart' }] },
      ],
    },
    'retry.idempotent': {
      emits: [
        { kind: 'HTTPRoute', at: `${MATCH}`, value: { method: 'GET', path: { type: 'PathPrefix', value: '/read' } } },
        { kind: 'HTTPRoute', at: 'spec.rules[0].retry', value: { attempts: 2, codes: [503] } },
      ],
    },
    'lb.hash.cookie': {
      emits: [{
        kind: 'XBackendTrafficPolicy', at: 'spec.sessionPersistence', value: { type: 'Cookie', absoluteTimeout: '10m', cookie: { name: 'session', lifetimeType: 'Permanent' } },
      }],
    },
    'locality.prefer': {
      declare: (shop) => { shop.service('cart', { locality: Locality.preferLocal() }); },
      emits: [NEAR],
      refuses: {
        declare: (shop) => { shop.service('cart', { locality: Locality.distribute({ origin: 'a/*', shares: { 'a/*': Weight.of(80), 'b/*': Weight.of(20) } }) }); },
        error: /shares of places needs locality\.prefer, of which Kubernetes knows only near and far \[MESH-E021\]/,
      },
    },
    'authz.custom': {
      declare: externalAuth,
      optIn: (shop) => ReleaseChannel.useExperimental(shop.chart),
      ...filter({ type: 'ExternalAuth', externalAuth: { protocol: 'GRPC', grpc: {}, backendRef: { group: '', kind: 'Service', name: 'judge', port: 9000 } } }),
    },
    'egress.gateway': {
      declare: externalBackend,
      emits: [
        { kind: 'XBackend', at: 'spec.externalHostname', value: { hostname: 'api.payments.example.com' } },
        { kind: 'HTTPRoute', at: 'spec.rules[0].backendRefs[0]', value: { kind: 'XBackend', name: 'payments' } },
      ],
    },
    'egress.tls': {
      declare: backendTls,
      emits: [{ kind: 'BackendTLSPolicy', at: 'spec.validation', value: { hostname: 'vault.example.com', wellKnownCACertificates: 'System' } }],
    },
    'telemetry.accessLog': TELEMETRY,
    'telemetry.tracing': TELEMETRY,
    'telemetry.sampling': TELEMETRY,
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
