import { Duration } from 'cdk8s';
import { Shop } from './shop';
import {
  Access, AccessMode, CircuitBreaker, ClaimMatch,
  Destination, DirectResponse, ExternalService, Fault, HashCookieOptions, HashKey, HashTable, HeaderMatch, HttpRule, Jwt, LoadBalancing,
  Locality, MethodMatch, Mirror, MtlsMode, PathMatch, PathRewrite, Peer, Percent, Port, QueryMatch, Redirect, Retries, RetryOn, TrafficPolicy, Weight,
} from '../../src';

/** A use of one capability, in words that all meshes have in common. */
export type Intent = (shop: Shop) => void;

const rule = (make: (shop: Shop) => HttpRule): Intent => (shop) => {
  const destinations = [Destination.service(shop.service('canary'))];
  shop.service('cart').addRoute({ destinations, ...make(shop) });
};

const matching = (match: NonNullable<HttpRule['matches']>[number]): Intent => rule(() => ({ matches: [match] }));

const acting = (actions: Partial<HttpRule>): Intent => rule(() => ({ matches: [{ path: PathMatch.prefix('/old') }], ...actions }));

const answering = (actions: Partial<HttpRule>): Intent => (shop) => shop.service('cart').addRoute({ matches: [{ path: PathMatch.prefix('/old') }], ...actions });

const policy = (fields: TrafficPolicy): Intent => (shop) => { shop.service('cart', fields); };

const balancing = (loadBalancing: LoadBalancing): Intent => policy({ loadBalancing });

const calling = (access: Access): Intent => (shop) => shop.service('web').connections.allowTo(shop.service('cart', { access: AccessMode.DECLARED }), access);

const admitting = (peer: Peer): Intent => (shop) => shop.service('cart', { access: AccessMode.DECLARED }).connections.allowFrom(peer);

const outlier = (fields: NonNullable<CircuitBreaker['outliers']>): Intent => policy({ circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 5, ...fields } }) });

const pool = (fields: NonNullable<CircuitBreaker['pool']>): Intent => policy({ circuitBreaker: CircuitBreaker.of({ pool: fields }) });

const retrying = (attempts: number, options: Parameters<typeof Retries.attempts>[1]): Intent => policy({ retries: Retries.attempts(attempts, options) });

const COOKIE: HashCookieOptions = { ttl: Duration.minutes(10) };

const SERVER_ERROR = { conditions: [RetryOn.SERVER_ERROR] };

const TOKEN = Jwt.issuedBy('https://id.example.com', { jwksUri: 'https://id.example.com/keys' });

/** A use of every capability that the kernel has words for. What is missing here is particular to meshes. */
export const INTENTS: { readonly [capability: string]: Intent } = {
  'match.path.exact': matching({ path: PathMatch.exact('/pay') }),
  'match.path.prefix': matching({ path: PathMatch.prefix('/pay') }),
  'match.path.regex': matching({ path: PathMatch.regex('/pay/[0-9]+') }),
  'match.header.exact': matching({ headers: [HeaderMatch.exact('x-beta', 'yes')] }),
  'match.header.regex': matching({ headers: [HeaderMatch.regex('x-beta', 'y.*')] }),
  'match.header.present': matching({ headers: [HeaderMatch.present('x-beta')] }),
  'match.header.invert': matching({ headers: [HeaderMatch.not(HeaderMatch.exact('x-beta', 'yes'))] }),
  'match.query.exact': matching({ queryParams: [QueryMatch.exact('beta', 'yes')] }),
  'match.query.regex': matching({ queryParams: [QueryMatch.regex('beta', 'y.*')] }),
  'match.method': matching({ method: MethodMatch.DELETE }),
  'match.host': (shop) => shop.expose(shop.service('web')),
  'match.grpc': (shop) => shop.service('web').connections.allowTo(shop.grpc('orders'), Access.grpc('shop.Orders', 'Get'), { timeout: Duration.seconds(2) }),
  'match.source': (shop) => {
    const cart = shop.service('cart');
    shop.service('web', { namespace: 'front' }).connections.allowTo(cart, Access.all(), { timeout: Duration.seconds(2) });
    shop.service('batch', { namespace: 'back' }).connections.allowTo(cart, Access.all(), { timeout: Duration.seconds(60) });
  },
  'match.tls.sni': (shop) => shop.service('vault', { ports: [Port.tls(443)] })
    .addTcpRoute({ serverNames: ['a.example.com'], destinations: [Destination.service(shop.service('keys', { ports: [Port.tls(443)] }))] }),
  'match.tcp': (shop) => shop.tcp('db').addTcpRoute({ destinations: [Destination.service(shop.tcp('replica'))] }),
  'split.weight': (shop) => shop.service('cart').splitTo(Destination.service(shop.service('cart'), Weight.of(90)), Destination.service(shop.service('canary'), Weight.of(10))),
  'split.subset': (shop) => {
    const cart = shop.service('cart');
    cart.splitTo(Destination.subset(cart.subset('v1'), Weight.of(90)), Destination.subset(cart.subset('v2'), Weight.of(10)));
  },
  'mirror': rule((shop) => ({ mirrors: [Mirror.to(Destination.service(shop.service('shadow')))] })),
  'mirror.percent': rule((shop) => ({ mirrors: [Mirror.to(Destination.service(shop.service('shadow')), Percent.of(10))] })),
  'rewrite.path.prefix': acting({ pathRewrite: PathRewrite.prefix('/new') }),
  'rewrite.path.full': acting({ pathRewrite: PathRewrite.full('/new') }),
  'rewrite.path.regex': acting({ pathRewrite: PathRewrite.regex('/old/(.*)', '/new/\\1') }),
  'rewrite.host': acting({ hostRewrite: 'inner.example.com' }),
  'redirect': answering({ redirect: Redirect.to({ host: 'new.example.com', statusCode: 301 }) }),
  'directResponse': answering({ directResponse: DirectResponse.of(410) }),
  'headers.request': acting({ requestHeaders: { setHeaders: { 'x-a': '1' }, addHeaders: { 'x-b': '2' }, removeHeaders: ['x-c'] } }),
  'headers.response': acting({ responseHeaders: { setHeaders: { 'x-a': '1' }, addHeaders: { 'x-b': '2' }, removeHeaders: ['x-c'] } }),
  'cors': acting({ cors: { allowedOrigins: ['https://shop.example.com'] } }),
  'fault.delay': acting({ fault: Fault.delay(Duration.seconds(1)) }),
  'fault.abort': acting({ fault: Fault.abort(503, Percent.of(10)) }),
  'timeout.request': policy({ timeout: Duration.millis(1500) }),
  'timeout.perTry': retrying(2, { ...SERVER_ERROR, perTryTimeout: Duration.millis(500) }),
  'timeout.idle': pool({ idleTimeout: Duration.seconds(30) }),
  'timeout.connect': pool({ connectTimeout: Duration.seconds(3) }),
  'retry.count': retrying(2, SERVER_ERROR),
  'retry.http': retrying(2, { conditions: [], statusCodes: [503] }),
  'retry.connect': retrying(2, { conditions: [RetryOn.SERVER_ERROR, RetryOn.CONNECT_FAILURE] }),
  'retry.grpc': (shop) => shop.service('orders', { ports: [Port.grpc(7070)], retries: Retries.attempts(2, { conditions: [RetryOn.GRPC_UNAVAILABLE] }) }),
  'retry.backoff': retrying(2, { ...SERVER_ERROR, backoff: Duration.millis(100) }),
  'retry.budget': policy({ retryBudget: { share: Percent.of(20), minConcurrency: 5 } }),
  'retry.idempotent': rule(() => ({ matches: [{ method: MethodMatch.GET, path: PathMatch.prefix('/read') }], retries: Retries.attempts(2, { conditions: [], statusCodes: [503] }) })),
  'cb.pool.tcp': pool({ maxConnections: 10 }),
  'cb.pool.http': pool({ maxPendingRequests: 10, maxRequests: 20 }),
  'cb.outlier.5xx': outlier({}),
  'cb.outlier.ejection': outlier({ baseEjectionTime: Duration.seconds(30) }),
  'warmup': policy({ warmUp: Duration.minutes(1) }),
  'lb.roundRobin': balancing(LoadBalancing.roundRobin()),
  'lb.leastRequest': balancing(LoadBalancing.leastRequest()),
  'lb.random': balancing(LoadBalancing.random()),
  'lb.passthrough': balancing(LoadBalancing.passthrough()),
  'lb.hash.header': balancing(LoadBalancing.consistentHash(HashKey.header('x-user'))),
  'lb.hash.cookie': balancing(LoadBalancing.consistentHash(HashKey.cookie('session', COOKIE))),
  'lb.hash.ip': balancing(LoadBalancing.consistentHash(HashKey.sourceIp())),
  'lb.hash.query': balancing(LoadBalancing.consistentHash(HashKey.queryParam('user'))),
  'lb.algo.ring': balancing(LoadBalancing.consistentHash(HashKey.header('x-user'), HashTable.MAGLEV)),
  'locality.prefer': policy({ locality: Locality.preferLocal(), circuitBreaker: CircuitBreaker.consecutiveErrors(5) }),
  'locality.failover': policy({ locality: Locality.failover({ east: 'west' }), circuitBreaker: CircuitBreaker.consecutiveErrors(5) }),
  'mtls.strict': (shop) => { shop.service('cart', { mtls: MtlsMode.STRICT }); },
  'mtls.permissive': (shop) => { shop.service('cart', { mtls: MtlsMode.PERMISSIVE }); },
  'mtls.disable': (shop) => { shop.service('cart', { mtls: MtlsMode.DISABLED, access: AccessMode.OPEN }); },
  'authz.identity': (shop) => shop.service('cart', { access: AccessMode.DECLARED }).connections.allowFrom(shop.service('web')),
  'authz.namespace': admitting(Peer.namespace('tools')),
  'authz.ip': admitting(Peer.addresses('10.1.0.0/16')),
  'authz.port': (shop) => shop.service('web').connections.allowTo(
    shop.service('cart', { access: AccessMode.DECLARED, ports: [Port.http(80, { targetPort: 8080 }), Port.http(81, { targetPort: 8081 })] }), Access.ports(81)),
  'authz.method': calling(Access.http({ methods: [MethodMatch.GET] })),
  'authz.path': calling(Access.http({ paths: [PathMatch.prefix('/api')] })),
  'authz.header': calling(Access.http({ headers: [HeaderMatch.exact('x-team', 'shop')] })),
  'authz.jwt': (shop) => {
    const cart = shop.service('cart', { access: AccessMode.DECLARED });
    cart.requireJwt(TOKEN);
    shop.service('web').connections.allowTo(cart, Access.http({ claims: [ClaimMatch.oneOf('role', 'buyer')] }));
  },
  'authn.jwt': (shop) => shop.service('cart').requireJwt(TOKEN),
  'authz.deny': (shop) => shop.service('cart').connections.denyFrom(shop.service('web')),
  'authz.defaultDeny': (shop) => { shop.service('cart', { access: AccessMode.DECLARED }); },
  'authz.audit': (shop) => { shop.service('cart', { access: AccessMode.AUDIT }); },
  'egress.allowlist': (shop) => shop.service('web').connections.allowTo(
    new ExternalService(shop.chart, 'payments', { mesh: shop.mesh, hosts: ['api.payments.example.com'], ports: [Port.tls(443)] })),
  'egress.tls': (shop) => shop.service('web').connections.allowTo(
    new ExternalService(shop.chart, 'payments', { mesh: shop.mesh, hosts: ['api.payments.example.com'], ports: [Port.http(80)], originateTls: true })),
  'sidecar.scope': (shop) => { shop.service('cart', { egressScope: true }); },
};

/** Capabilities that only mean something beside another one: a mesh that lacks that one says so, and not that it lacks these too. */
export const PRESUPPOSED: { readonly [capability: string]: string } = {
  ...Object.fromEntries(['identity', 'namespace', 'ip', 'port', 'method', 'path', 'header', 'jwt'].map((by) => [`authz.${by}`, 'authz.defaultDeny'])),
  ...Object.fromEntries(['http', 'connect', 'grpc', 'backoff', 'idempotent'].map((what) => [`retry.${what}`, 'retry.count'])),
  'mirror.percent': 'mirror',
  'timeout.perTry': 'retry.count',
  'authz.deny': 'authz.identity',
  'cb.outlier.ejection': 'cb.outlier.5xx',
  'lb.algo.ring': 'lb.hash.header',
};
