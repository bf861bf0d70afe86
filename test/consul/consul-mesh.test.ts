import { App, Chart, Duration, Testing } from 'cdk8s';
import {
  Access, AccessMode, CircuitBreaker, ClaimMatch, consul, Destination, ExternalService, HashKey, HeaderMatch, Ingress, Jwt, LoadBalancing,
  MeshedService, MeshedServiceProps, MethodMatch, MtlsMode, PathMatch, PathRewrite, Peer, Port, Retries, RetryOn, Weight,
} from '../../src';
import { kindOf, manifestOf } from '../support/manifests';

function setUp(options: consul.ConsulMeshProps = {}) {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  const mesh = new consul.ConsulMesh(chart, 'mesh', options);
  const service = (name: string, props: Partial<MeshedServiceProps> = {}) =>
    new MeshedService(chart, name, { mesh, image: name, ports: [Port.http(80, { targetPort: 8080 })], ...props });
  return { chart, mesh, service };
}

describe('a service on Consul', () => {
  test('is registered under its name, with its protocol', () => {
    const { chart, service } = setUp();
    service('cart', { ports: [Port.grpc(7070)] });
    expect(manifestOf(chart, 'Deployment', 'cart').spec.template.metadata.annotations).toEqual({
      'consul.hashicorp.com/connect-inject': 'true',
      'consul.hashicorp.com/transparent-proxy-overwrite-probes': 'true',
      'consul.hashicorp.com/connect-service-port': '7070',
    });
    expect(manifestOf(chart, 'ServiceDefaults', 'cart').spec).toEqual({ protocol: 'grpc' });
  });

  test('names all of its callers in one object, and refuses everybody else', () => {
    const { chart, service } = setUp();
    const cart = service('cart');
    service('web').connections.allowTo(cart);
    service('jobs').connections.allowTo(cart, Access.http({ methods: [MethodMatch.GET], paths: [PathMatch.prefix('/api')], headers: [HeaderMatch.present('x-job')] }));
    const rest = { methods: ['GET'], header: [{ name: 'x-job', present: true }] };
    expect(manifestOf(chart, 'ServiceIntentions', 'cart').spec).toEqual({
      destination: { name: 'cart' },
      sources: [
        {
          name: 'jobs',
          permissions: [
            { action: 'allow', http: { pathExact: '/api', ...rest } },
            { action: 'allow', http: { pathPrefix: '/api/', ...rest } },
            { action: 'deny', http: { pathPrefix: '/' } },
          ],
        },
        { name: 'web', action: 'allow' },
        { name: '*', action: 'deny' },
      ],
    });
  });

  test('lets everybody in when it is open, but not those that are refused', () => {
    const { chart, service } = setUp({ access: AccessMode.OPEN });
    const cart = service('cart');
    cart.connections.denyFrom(service('web'));
    cart.connections.denyFrom(service('jobs'), Access.http({ methods: [MethodMatch.DELETE] }));
    expect(manifestOf(chart, 'ServiceIntentions', 'cart').spec.sources).toEqual([
      { name: 'jobs', permissions: [{ action: 'deny', http: { pathPrefix: '/', methods: ['DELETE'] } }, { action: 'allow', http: { pathPrefix: '/' } }] },
      { name: 'web', action: 'deny' },
      { name: '*', action: 'allow' },
    ]);
  });

  test('asks for tokens and claims, one permission for each accepted text', () => {
    const { chart, service } = setUp();
    const cart = service('cart');
    cart.requireJwt(Jwt.issuedBy('https://id.example.com', { jwksUri: 'https://id.example.com/keys' }));
    service('web').connections.allowTo(cart, Access.http({ claims: [ClaimMatch.oneOf('realm.role', 'admin', 'owner')] }));
    const jwt = (role: string) => ({ providers: [{ name: 'id-example-com', verifyClaims: [{ path: ['realm', 'role'], value: role }] }] });
    expect(manifestOf(chart, 'ServiceIntentions', 'cart').spec.sources[0].permissions).toEqual([
      { action: 'allow', http: { pathPrefix: '/' }, jwt: jwt('admin') },
      { action: 'allow', http: { pathPrefix: '/' }, jwt: jwt('owner') },
      { action: 'deny', http: { pathPrefix: '/' } },
    ]);
    expect(manifestOf(chart, 'JWTProvider', 'id-example-com')).toMatchObject({ metadata: { namespace: 'consul' }, spec: { issuer: 'https://id.example.com' } });
  });

  test('writes subsets by the metadata that its pods register with', () => {
    const { chart, service } = setUp();
    const cart = service('cart');
    cart.subset('v2');
    expect(manifestOf(chart, 'ServiceResolver', 'cart').spec.subsets).toEqual({ v2: { filter: 'Service.Meta.version == "v2"' } });
  });

  test('splits all requests by a splitter alone, and single ones by a splitter with a name of its own', () => {
    const { chart, service } = setUp();
    const cart = service('cart');
    const [v1, v2] = [cart.subset('v1'), cart.subset('v2')];
    cart.splitTo(Destination.subset(v1, Weight.of(90)), Destination.subset(v2, Weight.of(10)));
    expect(kindOf(chart, 'ServiceRouter')).toEqual([]);
    expect(manifestOf(chart, 'ServiceSplitter', 'cart').spec.splits).toEqual([
      { weight: 90, service: 'cart', serviceSubset: 'v1' }, { weight: 10, service: 'cart', serviceSubset: 'v2' },
    ]);
    cart.addRoute({ matches: [{ path: PathMatch.exact('/beta') }], destinations: [Destination.subset(v1, Weight.of(50)), Destination.subset(v2, Weight.of(50))] });
    cart.addRoute({ matches: [{ path: PathMatch.exact('/any') }] });
    const { routes } = manifestOf(chart, 'ServiceRouter', 'cart').spec;
    expect(routes.map((route: any) => [route.match.http, route.destination])).toEqual([
      [{ pathExact: '/beta' }, { service: 'cart-rule-1' }],
      [{ pathExact: '/any' }, { service: 'cart', serviceSubset: 'all' }],
      [{ pathPrefix: '/' }, { service: 'cart' }],
    ]);
    expect(manifestOf(chart, 'ServiceDefaults', 'cart-rule-1').spec).toEqual({ protocol: 'http' });
    expect(manifestOf(chart, 'ServiceResolver', 'cart').spec.subsets.all).toEqual({});
  });

  test('routes whole segments, rewrites what was matched, and retries', () => {
    const { chart, service } = setUp();
    service('cart').addRoute({
      matches: [{ path: PathMatch.prefix('/api') }],
      pathRewrite: PathRewrite.prefix('/v2'),
      timeout: Duration.millis(1500),
      retries: Retries.attempts(3, { conditions: [RetryOn.CONNECT_FAILURE, RetryOn.SERVER_ERROR], statusCodes: [429] }),
    });
    const handling = { service: 'cart', requestTimeout: '1.5s', numRetries: 3, retryOnConnectFailure: true, retryOn: ['5xx'], retryOnStatusCodes: [429] };
    expect(manifestOf(chart, 'ServiceRouter', 'cart').spec.routes.slice(0, 2)).toEqual([
      { match: { http: { pathExact: '/api' } }, destination: { ...handling, prefixRewrite: '/v2' } },
      { match: { http: { pathPrefix: '/api/' } }, destination: { ...handling, prefixRewrite: '/v2/' } },
    ]);
  });

  test('has its limits set at its callers, and refuses them when no caller is known', () => {
    const { chart, service } = setUp();
    const cart = service('cart', { circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 5 }, pool: { maxConnections: 10 } }) });
    expect(() => Testing.synth(chart)).toThrow(/whose callers were not declared: Consul sets limits at the callers.*\[MESH-E018\]/);
    service('web').connections.allowTo(cart);
    expect(manifestOf(chart, 'ServiceDefaults', 'web').spec.upstreamConfig.overrides).toEqual([
      { name: 'cart', limits: { maxConnections: 10 }, passiveHealthCheck: { maxFailures: 5, enforcingConsecutive5xx: 100 } },
    ]);
  });

  test('balances by a hash of a cookie', () => {
    const { chart, service } = setUp();
    service('cart', { loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('sid', { ttl: Duration.hours(1) })) });
    expect(manifestOf(chart, 'ServiceResolver', 'cart').spec.loadBalancer).toEqual({
      policy: 'ring_hash', hashPolicies: [{ field: 'cookie', fieldValue: 'sid', cookieConfig: { ttl: '1h0m0s' } }],
    });
  });

  test('may take plain calls only where the whole mesh allows it', () => {
    const { chart, service } = setUp();
    service('cart', { mtls: MtlsMode.PERMISSIVE });
    expect(manifestOf(chart, 'ServiceDefaults', 'cart').spec.mutualTLSMode).toBe('permissive');
    expect(manifestOf(chart, 'Mesh', 'mesh').spec).toEqual({ allowEnablingPermissiveMutualTLS: true });
  });

  test.each<[string, (set: ReturnType<typeof setUp>) => void, RegExp]>([
    ['several ports', ({ service }) => service('cart', { ports: [Port.http(80), Port.tcp(81)] }), /has 2 ports, and Consul knows one port.*\[MESH-E018\]/],
    ['another account', ({ service }) => service('cart', { serviceAccountName: 'other' }), /runs under ServiceAccount "other".*\[MESH-E011\]/],
    ['one name in two namespaces', ({ service }) => { service('cart'); service('cart2', { serviceName: 'cart', namespace: 'other' }); }, /are both named "cart".*\[MESH-E015\]/],
    ['callers by namespace', ({ service }) => service('cart').connections.allowFrom(Peer.namespace('tools')), /authz\.namespace.*\[MESH-E02[12]\]/],
  ])('refuses %s, which Consul cannot carry', (_, declare, message) => {
    const set = setUp();
    declare(set);
    expect(() => Testing.synth(set.chart)).toThrow(message);
  });
});

describe('calls into and out of a Consul mesh', () => {
  test('come in through a gateway that services know by its name', () => {
    const { chart, mesh, service } = setUp();
    new Ingress(chart, 'public', { mesh, hosts: ['shop.example.com'] }).route(service('web'));
    expect(manifestOf(chart, 'Gateway', 'public').spec.gatewayClassName).toBe('consul');
    expect(manifestOf(chart, 'ServiceIntentions', 'web').spec.sources[0]).toEqual({ name: 'public', action: 'allow' });
  });

  test('go out through one terminating gateway, for declared callers only', () => {
    const { chart, mesh, service } = setUp({ denyUndeclaredEgress: true });
    const payments = new ExternalService(chart, 'payments', { mesh, hosts: ['api.example.com'], ports: [Port.http(80)], originateTls: true });
    service('web').connections.allowTo(payments);
    expect(manifestOf(chart, 'ServiceDefaults', 'payments').spec.destination).toEqual({ addresses: ['api.example.com'], port: 443 });
    expect(manifestOf(chart, 'ServiceIntentions', 'payments').spec.sources).toEqual([{ name: 'web', action: 'allow' }, { name: '*', action: 'deny' }]);
    expect(manifestOf(chart, 'TerminatingGateway', 'terminating-gateway').spec.services[0]).toMatchObject({ name: 'payments', sni: 'api.example.com' });
    expect(manifestOf(chart, 'Mesh', 'mesh').spec).toEqual({ transparentProxy: { meshDestinationsOnly: true } });
  });
});
