import { App, Chart, Duration } from 'cdk8s';
import {
  Access, AccessMode, Capabilities, CircuitBreaker, ClaimMatch, Destination, DirectResponse, EgressGateway, ExternalAuthorizer, ExternalService, Fault, HashKey, HashTable,
  HeaderMatch, HttpMatch,
  HttpRule, Identity, Jwt, LoadBalancing, Locality, MeshedService, MeshedServiceProps, MeshPlan, MeshProfile, MethodMatch, Mirror, MtlsMode, PathMatch, PathRewrite,
  Peer, Percent, Port, QueryMatch, RateLimitCounter, Redirect, RequestLimit, Retries, RetryOn, Weight,
} from '../../../src';
import { FEATURES } from '../../../src/core/private/features';
import { Usage } from '../../../src/core/private/features/feature';
import { FakeMesh } from '../../support/fake-mesh';
import { chartIn, serviceIn } from '../../support/fixtures';
import { errorsOf, namesOf } from '../../support/manifests';

/** What a sample needs to declare something. */
interface Setting {
  readonly chart: Chart;
  readonly mesh: FakeMesh;
  readonly other: MeshedService;
}

/** How an app comes to use a capability. */
type Sample = (setting: Setting) => unknown;

const service = (props: Partial<MeshedServiceProps> = {}) => ({ chart, mesh }: Setting): MeshedService => serviceIn(chart, 'cart', mesh, props);
const rule = (make: (setting: Setting, cart: MeshedService) => HttpRule): Sample => (setting) => {
  const cart = service()(setting);
  cart.addRoute({ matches: [{ path: PathMatch.exact('/x') }], ...make(setting, cart) });
};
const match = (...matches: HttpMatch[]): Sample => rule(() => ({ matches }));
const headers = (...list: HeaderMatch[]): Sample => match({ headers: list });
const retries = (options: Parameters<typeof Retries.attempts>[1]): Sample => service({ retries: Retries.attempts(2, options) });
const breaker = (options: Parameters<typeof CircuitBreaker.of>[0]): Sample => service({ circuitBreaker: CircuitBreaker.of(options) });
const balance = (loadBalancing: LoadBalancing): Sample => service({ loadBalancing });
const edge = (access: Access, caller?: Peer): Sample => (setting) => {
  const cart = service({ access: AccessMode.DECLARED, ports: [Port.http(80), Port.http(81)] })(setting);
  cart.requireJwt(Jwt.issuedBy('https://issuer.example.com'));
  cart.connections.allowFrom(caller ?? setting.other, access);
};
const prefix = (make: HttpRule): Sample => rule(() => ({ matches: [{ path: PathMatch.prefix('/x') }], ...make }));

const SAMPLES: { readonly [capability: string]: Sample[] } = {
  'match.path.exact': [match({ path: PathMatch.exact('/a') })],
  'match.path.prefix': [match({ path: PathMatch.prefix('/a') })],
  'match.path.regex': [match({ path: PathMatch.regex('/a.*') }), match({ path: PathMatch.template('/{*}') })],
  'match.header.exact': [headers(HeaderMatch.exact('x', 'a'))],
  'match.header.regex': [headers(HeaderMatch.regex('x', 'a'))],
  'match.header.present': [headers(HeaderMatch.present('x')), headers(HeaderMatch.prefix('x', 'a'))],
  'match.header.invert': [headers(HeaderMatch.not(HeaderMatch.exact('x', 'a')))],
  'match.query.exact': [match({ queryParams: [QueryMatch.exact('q', 'a')] })],
  'match.query.regex': [match({ queryParams: [QueryMatch.regex('q', 'a')] })],
  'match.method': [match({ method: MethodMatch.GET })],
  'match.source': [({ chart, mesh, other }) => other.connections.allowTo(serviceIn(chart, 'cart', mesh), Access.all(), { timeout: Duration.seconds(1) })],
  'match.tcp': [(setting) => service({ ports: [Port.tcp(1)] })(setting).addTcpRoute({ destinations: [Destination.service(setting.other)] })],
  'match.tls.sni': [(setting) => service({ ports: [Port.tls(1)] })(setting).addTcpRoute({ serverNames: ['a.example.com'], destinations: [Destination.service(setting.other)] })],
  'split.weight': [rule(({ other }, cart) => ({ destinations: [Destination.service(cart, Weight.of(90)), Destination.service(other, Weight.of(10))] }))],
  'split.subset': [
    rule((_, cart) => ({ destinations: [Destination.subset(cart.subset('v1'))] })),
    rule((_, cart) => ({ mirrors: [Mirror.to(Destination.subset(cart.subset('v1')))] })),
    (setting) => {
      const redis = service({ ports: [Port.tcp(1)] })(setting);
      redis.addTcpRoute({ destinations: [Destination.subset(redis.subset('v1'))] });
    },
  ],
  'mirror': [rule(({ other }) => ({ mirrors: [Mirror.to(Destination.service(other))] }))],
  'mirror.percent': [rule(({ other }) => ({ mirrors: [Mirror.to(Destination.service(other), Percent.of(5))] }))],
  'rewrite.path.prefix': [prefix({ pathRewrite: PathRewrite.prefix('/') })],
  'rewrite.path.full': [rule(() => ({ pathRewrite: PathRewrite.full('/') }))],
  'rewrite.path.regex': [rule(() => ({ pathRewrite: PathRewrite.regex('a', 'b') }))],
  'rewrite.host': [rule(() => ({ hostRewrite: 'a.example.com' }))],
  'redirect': [rule(() => ({ redirect: Redirect.toHttps() }))],
  'directResponse': [rule(() => ({ directResponse: DirectResponse.of(404) }))],
  'headers.request': [rule(() => ({ requestHeaders: { setHeaders: { x: 'a' } } }))],
  'headers.response': [rule(() => ({ responseHeaders: { removeHeaders: ['x'] } }))],
  'cors': [rule(() => ({ cors: { allowedOrigins: ['*'] } }))],
  'fault.delay': [rule(() => ({ fault: Fault.delay(Duration.seconds(1)) })), rule(() => ({ fault: Fault.of({ delay: Duration.seconds(1), abortStatus: 500 }) }))],
  'fault.abort': [rule(() => ({ fault: Fault.abort(500) })), rule(() => ({ fault: Fault.of({ delay: Duration.seconds(1), abortGrpcStatus: 'INTERNAL' }) }))],
  'timeout.request': [service({ timeout: Duration.seconds(1) }), rule(() => ({ timeout: Duration.seconds(1) }))],
  'timeout.perTry': [retries({ perTryTimeout: Duration.seconds(1) })],
  'retry.count': [retries({})],
  'retry.connect': [retries({ conditions: [RetryOn.CONNECT_FAILURE] }), retries({ conditions: [RetryOn.REFUSED_STREAM, RetryOn.RESET] })],
  'retry.grpc': [retries({ conditions: [RetryOn.GRPC_INTERNAL, RetryOn.RESET] })],
  'retry.http': [retries({ conditions: [RetryOn.SERVER_ERROR, RetryOn.GRPC_INTERNAL] }), retries({ statusCodes: [503] })],
  'retry.backoff': [retries({ backoff: Duration.seconds(1) })],
  'retry.budget': [service({ retryBudget: { share: Percent.of(20) } })],
  'cb.outlier.5xx': [breaker({ outliers: { consecutiveServerErrors: 5 }, pool: { maxRequests: 1 } })],
  'cb.outlier.ejection': [breaker({ outliers: { consecutiveServerErrors: 5, maxEjection: Percent.of(50) } }), breaker({ outliers: { interval: Duration.seconds(1) } })],
  'cb.pool.tcp': [breaker({ pool: { maxConnections: 1 } })],
  'cb.pool.http': [breaker({ pool: { maxPendingRequests: 1, maxConnections: 1 } }), breaker({ pool: { maxRetries: 1 } })],
  'timeout.connect': [breaker({ pool: { connectTimeout: Duration.seconds(1) } })],
  'timeout.idle': [breaker({ pool: { idleTimeout: Duration.seconds(1) } })],
  'warmup': [service({ warmUp: Duration.seconds(1) })],
  'lb.hash.header': [balance(LoadBalancing.consistentHash(HashKey.header('x')))],
  'lb.hash.cookie': [balance(LoadBalancing.consistentHash(HashKey.cookie('x')))],
  'lb.hash.ip': [balance(LoadBalancing.consistentHash(HashKey.sourceIp()))],
  'lb.hash.query': [balance(LoadBalancing.consistentHash(HashKey.queryParam('x')))],
  'lb.algo.ring': [balance(LoadBalancing.consistentHash(HashKey.header('x'), HashTable.MAGLEV))],
  'lb.roundRobin': [balance(LoadBalancing.roundRobin())],
  'lb.leastRequest': [balance(LoadBalancing.leastRequest())],
  'lb.random': [balance(LoadBalancing.random())],
  'lb.passthrough': [balance(LoadBalancing.passthrough())],
  'locality.prefer': [service({ locality: Locality.preferLocal() })],
  'locality.failover': [service({ locality: Locality.failover({ a: 'b' }) }), service({ locality: Locality.failoverPriority('topology.kubernetes.io/region') })],
  'mtls.strict': [service({ mtls: MtlsMode.STRICT })],
  'mtls.permissive': [service({ mtls: MtlsMode.PERMISSIVE })],
  'mtls.disable': [service({ mtls: MtlsMode.DISABLED })],
  'authz.defaultDeny': [service({ access: AccessMode.DECLARED })],
  'authz.identity': [edge(Access.all()), edge(Access.all(), Peer.identity(Identity.serviceAccount('a', 'b')))],
  'authz.namespace': [edge(Access.all(), Peer.namespace('a'))],
  'authz.ip': [edge(Access.all(), Peer.addresses('10.0.0.1'))],
  'authz.port': [edge(Access.ports(80))],
  'authz.method': [edge(Access.http({ methods: [MethodMatch.GET] })), (setting) => service()(setting).connections.denyFrom(setting.other, Access.http({ methods: [MethodMatch.GET] }))],
  'authz.path': [edge(Access.http({ paths: [PathMatch.exact('/a')] }))],
  'authz.header': [edge(Access.http({ headers: [HeaderMatch.present('x')] }))],
  'authz.jwt': [edge(Access.http({ claims: [ClaimMatch.oneOf('role', 'admin')] }))],
  'authn.jwt': [edge(Access.all())],
  'authz.deny': [(setting) => service()(setting).connections.denyFrom(setting.other)],
  'authz.audit': [service({ access: AccessMode.AUDIT })],
  'sidecar.scope': [service({ egressScope: true })],
  'egress.allowlist': [({ chart, mesh }) => new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)] })],
  'authz.custom': [(setting) => service()(setting).authorizeBy(ExternalAuthorizer.http(setting.other))],
  'ratelimit.local': [(setting) => service()(setting).limitRequests({ ruleName: 'all', limit: RequestLimit.perSecond(5) })],
  'ratelimit.global': [(setting) => service()(setting).limitRequests({ ruleName: 'all', limit: RequestLimit.perSecond(5) },
    RateLimitCounter.service(serviceIn(setting.chart, 'rls', setting.mesh, { ports: [Port.grpc(8081)] })))],
  'egress.gateway': [({ chart, mesh }) => new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)], egressGateway: EgressGateway.ofMesh() })],
  'egress.tls': [({ chart, mesh }) => new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)], originateTls: true })],
};

const IDS = Object.keys(SAMPLES);
const CASES = IDS.flatMap((id) => SAMPLES[id].map((sample, index): [string, Sample] => [SAMPLES[id].length > 1 ? `${id} (${index + 1})` : id, sample]));
const idOf = (name: string) => name.replace(/ \(\d+\)$/, '');

function setUp(ids: string[], profile: Partial<MeshProfile> = {}): Setting {
  const chart = chartIn(new App(), 'shop');
  const mesh = new FakeMesh(chart, 'mesh', Capabilities.custom('some', ids), { mtls: undefined, ...profile });
  return { chart, mesh, other: serviceIn(chart, 'other', mesh) };
}

/** What is left in a plan of the use of a capability. */
function usesIn(plan: MeshPlan, id: string): string[] {
  const usage: Usage = { ...plan, general: { path: '', policy: {} } };
  return FEATURES.filter((feature) => feature.capability === id).flatMap((feature) => feature.uses(usage)).map((use) => use.what);
}

test('every capability that a plan may ask for has a sample here, and no other', () => {
  expect([...new Set(FEATURES.map((feature) => feature.capability))].sort()).toEqual([...IDS].sort());
  IDS.forEach((id) => expect(Capabilities.ids()).toContain(id));
});

describe.each(CASES)('%s', (name, sample) => {
  const id = idOf(name);
  const others = Capabilities.ids().filter((other) => other !== id);

  test('reaches a mesh that can do it', () => {
    const setting = setUp(Capabilities.ids());
    sample(setting);
    namesOf(setting.chart);
    expect(usesIn(setting.mesh.plan, id)).not.toEqual([]);
  });

  test('is an error for a mesh that cannot, at the construct, with an alternative', () => {
    const setting = setUp(others);
    sample(setting);
    const errors = errorsOf(() => namesOf(setting.chart));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'MESH-E021', constructPath: expect.stringMatching(/^shop\/(cart|pay)$/) });
    expect(errors[0].what).toMatch(new RegExp(` needs ${id.replace(/\./g, '\\.')}, which some lacks$`));
    expect(errors[0].fix).toMatch(new RegExp(`^\\S.+, or accept the loss with accept: \\['${id.replace(/\./g, '\\.')}'\\] on the mesh$`));
  });

  test('is left out of the plan when the loss is accepted', () => {
    const setting = setUp(others, { accept: [id] });
    sample(setting);
    namesOf(setting.chart);
    expect(usesIn(setting.mesh.plan, id)).toEqual([]);
  });
});

describe('what is left without a capability', () => {
  function left(ids: string[], sample: Sample, profile: Partial<MeshProfile> = {}): MeshPlan {
    const setting = setUp(Capabilities.ids().filter((id) => !ids.includes(id)), { accept: ids, ...profile });
    sample(setting);
    namesOf(setting.chart);
    return setting.mesh.plan;
  }
  const cartOf = (plan: MeshPlan) => plan.services.find((candidate) => candidate.serviceName === 'cart')!;

  test('is every other match of a rule', () => {
    const plan = left(['match.path.exact'], match({ path: PathMatch.exact('/a') }, { path: PathMatch.prefix('/b') }));
    expect(cartOf(plan).httpRules.map(({ matches }) => matches.map(({ path }) => path?.toString()))).toEqual([['prefix /b'], [undefined]]);
  });

  test('is the whole service where subsets are not known, with what all of them get', () => {
    const plan = left(['split.subset'], rule(({ other }, cart) => ({
      destinations: [Destination.subset(cart.subset('v1'), Weight.of(50)), Destination.subset(cart.subset('v2'), Weight.of(20)), Destination.service(other, Weight.of(30))],
    })));
    expect(cartOf(plan).httpRules[0].destinations.map(String)).toEqual(['cart 70', 'other 30']);
    const single = left(['split.subset'], rule((_, cart) => ({ destinations: [Destination.subset(cart.subset('v1'), Weight.of(50)), Destination.service(cart, Weight.of(50))] })));
    expect(cartOf(single).httpRules[0].destinations.map(String)).toEqual(['cart']);
  });

  test('is the other part of a fault, the full mirror, the ring', () => {
    const fault = Fault.of({ delay: Duration.seconds(1), abortStatus: 500 });
    expect(cartOf(left(['fault.delay'], rule(() => ({ fault })))).httpRules[0].fault).toMatchObject({ delayTime: undefined, abortStatus: 500 });
    expect(cartOf(left(['fault.abort'], rule(() => ({ fault })))).httpRules[0].fault).toMatchObject({ abortStatus: undefined });
    const mirrors = rule(({ other }, cart) => ({ mirrors: [Mirror.to(Destination.service(other)), Mirror.to(Destination.service(cart), Percent.of(5))] }));
    expect(cartOf(left(['mirror.percent'], mirrors)).httpRules[0].mirrors).toHaveLength(1);
    expect(cartOf(left(['lb.algo.ring'], SAMPLES['lb.algo.ring'][0])).policy.loadBalancing).toMatchObject({ hashKey: { name: 'x' }, hashTable: HashTable.RING });
  });

  test('is access without the condition, still for declared callers only', () => {
    for (const [id, sample] of [['authz.method', SAMPLES['authz.method'][0]], ['authz.path', SAMPLES['authz.path'][0]], ['authz.port', SAMPLES['authz.port'][0]]] as const) {
      const cart = cartOf(left([id], sample));
      expect(cart.access).toBe(AccessMode.DECLARED);
      expect(cart.inbound).toMatchObject([{ access: { methods: [], paths: [], servicePorts: [] } }]);
    }
  });

  test('is an open service where callers cannot be told apart, and nobody refused for more than was said', () => {
    expect(cartOf(left(['authz.identity'], SAMPLES['authz.identity'][0])).access).toBe(AccessMode.OPEN);
    expect(cartOf(left(['authz.method'], SAMPLES['authz.method'][1])).refused).toEqual([]);
  });

  test('is the breaker without its limits, and the retries without their conditions', () => {
    expect(cartOf(left(['cb.outlier.5xx'], SAMPLES['cb.outlier.5xx'][0])).policy.circuitBreaker).toMatchObject({ outliers: undefined, pool: { maxRequests: 1 } });
    expect(cartOf(left(['cb.pool.tcp'], SAMPLES['cb.pool.tcp'][0])).policy.circuitBreaker).toBeUndefined();
    expect(cartOf(left(['retry.http'], SAMPLES['retry.http'][0])).policy.retries!.conditions).toEqual([RetryOn.GRPC_INTERNAL]);
    expect(cartOf(left(['retry.connect'], SAMPLES['retry.connect'][0])).policy.retries).toBeUndefined();
  });
});

describe('what a mesh says of all calls', () => {
  const defaults = { timeout: Duration.seconds(1), loadBalancing: LoadBalancing.random() };
  const lacking = ['timeout.request', 'lb.random'];
  const ids = Capabilities.ids().filter((id) => !lacking.includes(id));

  test('is an error of the mesh, not of each of its services', () => {
    const setting = setUp(ids, { defaults });
    service()(setting).addRoute({ matches: [{ path: PathMatch.exact('/a') }] });
    expect(errorsOf(() => namesOf(setting.chart)).map(({ constructPath, what }) => [constructPath, what.split(',')[0]])).toEqual([
      ['shop/mesh', 'a timeout needs timeout.request'], ['shop/mesh', 'random load balancing needs lb.random'],
    ]);
  });

  test('is left out of all of them', () => {
    const setting = setUp(ids, { defaults, accept: lacking });
    service({ timeout: Duration.seconds(2) })(setting);
    namesOf(setting.chart);
    for (const { policy, httpRules } of setting.mesh.plan.services) {
      expect([policy.timeout, policy.loadBalancing, ...httpRules.map((plan) => plan.policy.timeout)].filter((field) => field !== undefined)).toEqual([]);
    }
  });

  test('does not hide what a service says by itself, and a rule says what its service does not', () => {
    const setting = setUp(ids, { defaults });
    const cart = service({ timeout: Duration.seconds(2) })(setting);
    cart.addRoute({ matches: [{ path: PathMatch.exact('/a') }] });
    cart.addRoute({ matches: [{ path: PathMatch.exact('/b') }], timeout: Duration.seconds(3) }, setting.other);
    expect(errorsOf(() => namesOf(setting.chart)).filter(({ what }) => what.startsWith('a timeout')).map(({ constructPath }) => constructPath)).toEqual(['shop/mesh', 'shop/other', 'shop/cart']);
  });
});
