import { Duration } from 'cdk8s';
import { byHand, by, COMMON, delegate, emits, flagger, ignoreCase, ISTIO, judged, rollout, telemetry, traces } from './istio';
import { Destination, gatewayapi, istio, MethodMatch, Percent, RequestLimit, Retries, RetryOn, RetryOptions } from '../../../src';
import { Shop } from '../shop';
import { Column, Evidence } from '../walk';

const RULE = 'spec.rules[0]';
const MATCH = `${RULE}.matches[0]`;
const FILTER = `${RULE}.filters[0]`;
const LABELS = 'spec.template.metadata.labels';

const { HttpRoute, RouteBackend, RouteParent } = gatewayapi;

const route = (at: string, value: unknown): Evidence => emits('HTTPRoute', at, value);

const filter = (value: object): Evidence => route(FILTER, value);

/** Whoever looks into requests: a proxy of its own, which a service says that it is behind. */
const waypoint = (shop: Shop) => new istio.Waypoint(shop.chart, 'way');

const behind = (shop: Shop) => ({ targets: [istio.PolicyTarget.waypoint(waypoint(shop))] });

const routed = (rule: gatewayapi.HttpRouteRule) => (shop: Shop) => new HttpRoute(shop.chart, 'route', {
  parents: [RouteParent.service(shop.service('cart'))], rules: [{ backends: [RouteBackend.service(shop.service('cart'))], ...rule }],
});

/** Retries that no released field of a HTTPRoute tells. */
const retried = (options: RetryOptions | undefined, value: object): Evidence =>
  by((shop) => { shop.service('cart', { retries: Retries.attempts(2, options) }); }, emits('VirtualService', 'spec.http[0].retries', value));

/** What an ambient Istio has for each capability: ztunnel for connections, waypoints for requests. */
export const AMBIENT: Column = {
  profile: 'istio-ambient',
  mesh: (scope, options) => new istio.IstioMesh(scope, 'mesh', { ...options, dataPlane: istio.DataPlane.AMBIENT }),
  accept: [],
  evidence: {
    ...COMMON,
    'match.path.exact': route(`${MATCH}.path`, { type: 'Exact', value: '/pay' }),
    'match.path.prefix': route(`${MATCH}.path`, { type: 'PathPrefix', value: '/pay' }),
    'match.path.regex': route(`${MATCH}.path`, { type: 'RegularExpression', value: '/pay/[0-9]+' }),
    'match.path.ignoreCase': ignoreCase,
    'match.header.exact': route(`${MATCH}.headers`, [{ name: 'x-beta', value: 'yes' }]),
    'match.header.regex': route(`${MATCH}.headers`, [{ name: 'x-beta', type: 'RegularExpression', value: 'y.*' }]),
    'match.header.present': route(`${MATCH}.headers`, [{ name: 'x-beta', type: 'RegularExpression', value: '.*' }]),
    'match.header.invert': ISTIO.evidence['match.header.invert'],
    'match.query.exact': route(`${MATCH}.queryParams`, [{ name: 'beta', value: 'yes' }]),
    'match.query.regex': route(`${MATCH}.queryParams`, [{ name: 'beta', type: 'RegularExpression', value: 'y.*' }]),
    'match.method': route(`${MATCH}.method`, 'DELETE'),
    'match.host': ISTIO.evidence['match.host'],
    'match.grpc': by((shop) => new gatewayapi.GrpcRoute(shop.chart, 'route', {
      parents: [RouteParent.service(shop.grpc('orders'))],
      rules: [{ matches: [{ call: gatewayapi.GrpcCall.method('shop.Orders', 'Get') }], backends: [RouteBackend.service(shop.grpc('orders'))] }],
    }), emits('GRPCRoute', `${MATCH}.method`, { service: 'shop.Orders', method: 'Get' })),
    'match.tls.sni': ISTIO.evidence['match.tls.sni'],
    'match.tcp': ISTIO.evidence['match.tcp'],
    'route.delegate': delegate,
    'route.order': by(ISTIO.evidence['route.order'].declare!, route(`${MATCH}.path`, { type: 'Exact', value: '/first' })),
    'split.weight': route(`${RULE}.backendRefs`, [{ name: 'cart', namespace: 'shop', port: 80, weight: 90 }, { name: 'canary', namespace: 'shop', port: 80, weight: 10 }]),
    'split.subset': ISTIO.evidence['split.subset'],
    'mirror': filter({ type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow', namespace: 'shop', port: 80 } } }),
    'mirror.percent': filter({ type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow', namespace: 'shop', port: 80 }, percent: 10 } }),
    'rewrite.path.prefix': filter({ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } } }),
    'rewrite.path.full': filter({ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } } }),
    'rewrite.path.regex': ISTIO.evidence['rewrite.path.regex'],
    'rewrite.host': filter({ type: 'URLRewrite', urlRewrite: { hostname: 'inner.example.com' } }),
    'redirect': filter({ type: 'RequestRedirect', requestRedirect: { hostname: 'new.example.com', statusCode: 301 } }),
    'directResponse': ISTIO.evidence.directResponse,
    'headers.request': filter({
      type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value: '1' }], add: [{ name: 'x-b', value: '2' }], remove: ['x-c'] },
    }),
    'headers.response': filter({
      type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'x-a', value: '1' }], add: [{ name: 'x-b', value: '2' }], remove: ['x-c'] },
    }),
    'headers.backend': by((shop) => routed({ backends: [RouteBackend.service(shop.service('cart'), { filters: { requestHeaders: { setHeaders: { 'x-a': '1' } } } })] })(shop),
      route(`${RULE}.backendRefs[0].filters`, [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value: '1' }] } }])),
    'cors': filter({ type: 'CORS', cors: { allowOrigins: ['https://shop.example.com'] } }),
    'fault.delay': ISTIO.evidence['fault.delay'],
    'fault.abort': ISTIO.evidence['fault.abort'],
    'timeout.request': route(`${RULE}.timeouts`, { request: '1s500ms' }),
    'timeout.perTry': by(routed({ backendTimeout: Duration.millis(500) }), route(`${RULE}.timeouts`, { backendRequest: '500ms' })),
    'retry.count': retried(undefined, { attempts: 2 }),
    'retry.http': route(`${RULE}.retry`, { attempts: 2, codes: [503] }),
    'retry.connect': retried({ conditions: [RetryOn.CONNECT_FAILURE] }, { attempts: 2, retryOn: 'connect-failure' }),
    'retry.grpc': ISTIO.evidence['retry.grpc'],
    'retry.backoff': by((shop) => { shop.service('cart', { retries: Retries.attempts(2, { backoff: Duration.millis(100) }) }); }, route(`${RULE}.retry`, { attempts: 2, backoff: '100ms' })),
    'retry.idempotent': by((shop) => shop.service('cart').addRoute({
      matches: [{ method: MethodMatch.GET }], retries: Retries.attempts(2), destinations: [Destination.service(shop.service('canary'))],
    }), emits('VirtualService', 'spec.http[0]', { match: [{ method: { exact: 'GET' } }], retries: { attempts: 2, retryOn: 'connect-failure,refused-stream,unavailable' } })),
    'proxy.wasm': by((shop) => new istio.WasmPlugin(shop.chart, 'wasm', {
      targets: [istio.PolicyTarget.service(shop.service('cart'))], module: istio.WasmModule.oci('registry.example.com/filters/auth:1.0.0'),
    }), emits('WasmPlugin', 'spec.targetRefs[0]', { kind: 'Service', name: 'cart' })),
    'ratelimit.local': byHand('ratelimit.local', (shop) => istio.RateLimit.local(shop.chart, 'limit', { at: istio.EnforcementPoint.waypoint(waypoint(shop)), limit: RequestLimit.perSecond(10) }),
      [{ kind: 'EnvoyFilter', at: 'spec.targetRefs[0]', value: { kind: 'Gateway' } }]),
    'ratelimit.global': byHand('ratelimit.global', (shop) => istio.RateLimit.global(shop.chart, 'limit', {
      at: istio.EnforcementPoint.waypoint(waypoint(shop)), domain: 'shop', service: istio.Host.service(shop.grpc('limiter')), rules: [{ ruleName: 'all', limit: RequestLimit.perSecond(10) }],
    }), [{ kind: 'EnvoyFilter', at: 'spec.targetRefs[0]', value: { kind: 'Gateway' } }]),
    'authz.custom': judged(behind),
    'authz.probes': by((shop) => { shop.service('cart'); }, emits('Deployment', `${LABELS}["istio.io/dataplane-mode"]`, 'ambient')),
    'egress.gateway': by((shop) => new istio.crd.ServiceEntry(shop.chart, 'payments', {
      metadata: { name: 'payments', labels: { 'istio.io/use-waypoint': 'way' } }, spec: { hosts: ['api.payments.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DNS' } as istio.crd.ServiceEntrySpec,
    }), emits('ServiceEntry', 'metadata.labels["istio.io/use-waypoint"]', 'way')),
    'telemetry.tracing': telemetry(() => ({ tracing: { provider: traces() } }), 'spec.tracing[0].providers', [{ name: 'traces' }]),
    'telemetry.sampling': telemetry(() => ({ tracing: { provider: traces(), sampling: Percent.of(1) } }), 'spec.tracing[0].randomSamplingPercentage', 1),
    'metrics.golden': telemetry(() => ({ metrics: [{ providers: [istio.ExtensionProvider.prometheus()] }] }), 'spec.metrics[0].providers', [{ name: 'prometheus' }]),
    'mc.export': ISTIO.evidence['mc.export'],
    'mc.import': ISTIO.evidence['mc.import'],
    'mc.failover': ISTIO.evidence['mc.failover'],
    'mc.gateway': byHand('mc.gateway', (shop) => new gatewayapi.Gateway(shop.chart, 'east-west', { className: 'istio-east-west', listeners: [gatewayapi.Listener.http()] }),
      [{ kind: 'Gateway', at: 'spec.gatewayClassName', value: 'istio-east-west' }]),
    'canary.flagger': flagger('gatewayapi:v1'),
    'canary.argo': rollout({ plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'cart', namespace: 'shop' } } }, 'plugins["argoproj-labs/gatewayAPI"]', { httpRoute: 'cart', namespace: 'shop' }),
  },
};
