import { App, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Access, AccessMode, CircuitBreaker, ClaimMatch, consul, Destination, ExternalService, HashKey, HashTable, HeaderMatch, HttpMatch, HttpRule, Jwt, LoadBalancing, MeshedService,
  MethodMatch, MtlsMode, PathMatch, PathMatchKind, PathRewrite, Port, QueryMatch, Retries, RetryOn, TrafficPolicy, Weight,
} from '../../src';
import { chartIn } from '../support/fixtures';

const NAMES = ['ant', 'bee', 'cat', 'dog'] as const;

const TOKEN = Jwt.issuedBy('https://id.example.com', { jwksUri: 'https://id.example.com/keys' });

const one = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(it: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(it, { nil: undefined, freq: 2 });

const path = one(PathMatch.exact('/a'), PathMatch.prefix('/a'), PathMatch.prefix('/'), PathMatch.prefix('/a/b'), PathMatch.regex('/a/[0-9]+'), PathMatch.template('/a/{*}'));
const header = one(HeaderMatch.exact('x-a', '1'), HeaderMatch.prefix('x-a', '1'), HeaderMatch.regex('x-a', '1.*'), HeaderMatch.present('x-b'), HeaderMatch.not(HeaderMatch.exact('x-b', '2')));
const method = one(MethodMatch.GET, MethodMatch.POST, MethodMatch.DELETE);
const match: fc.Arbitrary<HttpMatch> = fc.record({
  path: maybe(path),
  method: maybe(method),
  headers: maybe(fc.uniqueArray(header, { maxLength: 2, selector: ({ name }) => name })),
  queryParams: maybe(one([QueryMatch.exact('q', '1')], [QueryMatch.regex('q', '1+')])),
});
const retries = one(Retries.none(), Retries.attempts(2), Retries.attempts(3, { conditions: [RetryOn.SERVER_ERROR, RetryOn.CONNECT_FAILURE] }),
  Retries.attempts(1, { conditions: [RetryOn.GRPC_UNAVAILABLE], statusCodes: [503] }));
const timeout = one(Duration.millis(250), Duration.seconds(3), Duration.minutes(2));
const balancing = one(LoadBalancing.roundRobin(), LoadBalancing.leastRequest(), LoadBalancing.random(), LoadBalancing.consistentHash(HashKey.header('x-u')),
  LoadBalancing.consistentHash(HashKey.sourceIp()),
  LoadBalancing.consistentHash(HashKey.cookie('c', { ttl: Duration.minutes(1) })), LoadBalancing.consistentHash(HashKey.cookie('c')), LoadBalancing.consistentHash(HashKey.queryParam('q'), HashTable.MAGLEV));
const breaker = one(CircuitBreaker.consecutiveErrors(3), CircuitBreaker.of({ pool: { maxConnections: 5, connectTimeout: Duration.seconds(1) } }),
  CircuitBreaker.of({ pool: { idleTimeout: Duration.seconds(9) } }),
  CircuitBreaker.of({ outliers: { baseEjectionTime: Duration.seconds(30) }, pool: { maxRequests: 9, maxPendingRequests: 4 } }));
const policy: fc.Arbitrary<TrafficPolicy> = fc.record({ timeout: maybe(timeout), retries: maybe(retries), loadBalancing: maybe(balancing), circuitBreaker: maybe(breaker) });
const target = fc.record({ name: one(...NAMES), version: maybe(one('v1', 'v2')) });
const rule = fc.record({
  matches: maybe(fc.array(match, { minLength: 1, maxLength: 2 })),
  targets: fc.array(target, { maxLength: 3 }),
  retries: maybe(retries),
  timeout: maybe(timeout),
  headers: maybe(one({ setHeaders: { 'x-s': '1' } }, { addHeaders: { 'x-s': '1' }, removeHeaders: ['x-t'] })),
  rewrite: maybe(one(PathRewrite.prefix('/new'), PathRewrite.prefix('/'))),
});
const access = fc.oneof(
  fc.constant(Access.all()),
  fc.record({ methods: fc.uniqueArray(method, { maxLength: 2 }), paths: fc.uniqueArray(path, { maxLength: 2 }), headers: maybe(header), claim: fc.boolean() })
    .map(({ methods, paths, headers, claim }) =>
      Access.http({ methods, paths, headers: headers ? [headers] : [], claims: claim ? [ClaimMatch.oneOf('role', 'a', 'b')] : [] })),
);
const service = fc.record({
  protocol: one('http', 'http', 'http', 'grpc', 'tcp'), policy, rules: fc.array(rule, { maxLength: 3 }), open: fc.boolean(), tokens: fc.boolean(), mtls: maybe(one(MtlsMode.STRICT, MtlsMode.PERMISSIVE)),
});
const edge = fc.record({ from: one(...NAMES), to: one(...NAMES), access, denied: fc.boolean() });

/** An app as data: what is declared of each service, who calls whom, and whether one is called outside. */
export const RANDOM_INTENTS = fc.record({
  services: fc.tuple(service, service, service, service), edges: fc.array(edge, { maxLength: 6 }), outside: maybe(one('ant', 'bee')), enterprise: fc.boolean(),
});

export type RandomIntents = typeof RANDOM_INTENTS extends fc.Arbitrary<infer T> ? T : never;

/** Matches that no other rule has: two rules for the same requests are refused. */
function apart(matches: readonly HttpMatch[] | undefined, position: number): HttpMatch[] {
  return (matches ?? [{}]).map((it) => ({ ...it, headers: [...it.headers ?? [], HeaderMatch.exact('x-rule', String(position))] }));
}

/** Declares an app on Consul. What has no sense at all (a rule by request for connections) is left out, as nobody would write it. */
export function declare({ services, edges, outside, enterprise }: RandomIntents): App {
  const app = new App({ outdir: '/nonexistent' });
  const chart = chartIn(app, 'shop', { namespace: 'shop' });
  const mesh = new consul.ConsulMesh(chart, 'mesh', { enterprise });
  const port = { http: Port.http(80, { targetPort: 8080 }), grpc: Port.grpc(80, { targetPort: 8080 }), tcp: Port.tcp(80, { targetPort: 8080 }) };
  const callable = new Set(edges.filter(({ denied }) => !denied).map(({ to }) => to));
  const made = NAMES.map((name, index) => {
    const { protocol, policy: { circuitBreaker, timeout: limit, retries: tries, loadBalancing }, open, mtls } = services[index];
    const isHttp = protocol !== 'tcp';
    return new MeshedService(chart, name, {
      mesh,
      image: 'a:1',
      ports: [port[protocol as keyof typeof port]],
      mtls,
      access: open ? AccessMode.OPEN : AccessMode.DECLARED,
      circuitBreaker: callable.has(name) && isHttp ? circuitBreaker : undefined,
      ...(isHttp ? { timeout: limit, retries: tries, loadBalancing } : {}),
    });
  });
  const find = (name: string) => made[NAMES.indexOf(name as typeof NAMES[number])];
  const protocolOf = (name: string) => services[NAMES.indexOf(name as typeof NAMES[number])].protocol;
  const subsets = new Map<string, ReturnType<MeshedService['subset']>>();
  NAMES.forEach((name, index) => {
    const { protocol, rules, tokens } = services[index];
    if (protocol === 'tcp') { return; }
    if (tokens) { find(name).requireJwt(TOKEN); }
    for (const [position, { targets, matches: given, headers, rewrite, ...rest }] of rules.entries()) {
      const matches = position === 0 ? given : apart(given, position);
      const same = targets.filter((candidate) => protocolOf(candidate.name) === protocol);
      const distinct = [...new Map(same.map((candidate) => [`${candidate.name}/${candidate.version}`, candidate])).values()];
      const weight = (share: number) => (distinct.length === 1 ? undefined : Weight.of(share === 0 ? 100 - 10 * (distinct.length - 1) : 10));
      const destinations = distinct.map(({ name: to, version }, share) => {
        if (version === undefined) { return Destination.service(find(to), weight(share)); }
        const key = `${to}/${version}`;
        const subset = subsets.get(key) ?? find(to).subset(version);
        subsets.set(key, subset);
        return Destination.subset(subset, weight(share));
      });
      const hasPrefix = matches?.every(({ path: asked }) => asked?.kind === PathMatchKind.EXACT || asked?.kind === PathMatchKind.PREFIX);
      const added: HttpRule = { matches, requestHeaders: headers, pathRewrite: hasPrefix ? rewrite : undefined, ...(destinations.length > 0 ? { destinations } : {}), ...rest };
      find(name).addRoute(added);
    }
  });
  for (const { from, to, access: allowed, denied } of edges) {
    const isHttp = protocolOf(to) !== 'tcp';
    const what = isHttp && (allowed.claims.length === 0 || services[NAMES.indexOf(to)].tokens) ? allowed : Access.all();
    if (from === to) { continue; }
    if (denied) { find(to).connections.denyFrom(find(from), what); } else { find(from).connections.allowTo(find(to), what); }
  }
  if (outside) { find(outside).connections.allowTo(new ExternalService(chart, 'payments', { mesh, hosts: ['api.payments.example.com'], ports: [Port.tls(443)] })); }
  return app;
}
