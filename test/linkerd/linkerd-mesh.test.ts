import { App, Chart, Duration, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Access, AccessMode, CircuitBreaker, Destination, ExternalService, HeaderMatch, linkerd, MeshedService, MeshedWorkload, Metrics, MtlsMode,
  PathMatch, Peer, Percent, Port, Retries, RetryOn,
  Weight, Workload,
} from '../../src';
import { kindOf } from '../support/manifests';

function setUp(options: linkerd.LinkerdMeshProps = {}) {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  const mesh = new linkerd.LinkerdMesh(chart, 'mesh', options);
  const service = (name: string, ports: Port[] = [Port.http(80, { targetPort: 8080 })]) => new MeshedService(chart, name, { mesh, image: name, ports });
  const manifests = (kind: string) => kindOf(chart, kind);
  return { chart, mesh, service, manifests };
}

describe('a service on Linkerd', () => {
  test('gets a proxy that lets nobody in by default, and a Server that lets in the declared caller', () => {
    const { service, manifests } = setUp();
    const [web, cart] = [service('web'), service('cart')];
    web.connections.allowTo(cart);
    expect(manifests('Deployment')[0].spec.template.metadata.annotations).toEqual({
      'linkerd.io/inject': 'enabled', 'config.linkerd.io/default-inbound-policy': 'deny',
    });
    expect(manifests('Server').find((server) => server.metadata.name === 'cart-http').spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'cart' } }, port: 8080, proxyProtocol: 'HTTP/1', accessPolicy: 'deny',
    });
    expect(manifests('MeshTLSAuthentication').map((object) => object.spec.identityRefs)).toEqual([[{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }]]);
    expect(manifests('AuthorizationPolicy')[0].spec).toEqual({
      targetRef: { group: 'policy.linkerd.io', kind: 'Server', name: 'cart-http' },
      requiredAuthenticationRefs: [{ group: 'policy.linkerd.io', kind: 'MeshTLSAuthentication', name: 'cart-http' }],
    });
  });

  test('keeps its HTTP probes alive once requests are told apart', () => {
    const { chart, mesh, service, manifests } = setUp();
    const deployment = new kplus.Deployment(chart, 'cart-pods', {
      containers: [{ image: 'cart', portNumber: 8080, readiness: kplus.Probe.fromHttpGet('/ready', { port: 8080 }), liveness: kplus.Probe.fromHttpGet('/live?deep=1', { port: 8080 }) }],
    });
    const cart = new MeshedService(chart, 'cart', { mesh, workload: Workload.adopt(deployment), ports: [Port.http(80, { targetPort: 8080 })] });
    service('web').connections.allowTo(cart, Access.http({ paths: [PathMatch.prefix('/api')] }));
    const probes = manifests('HTTPRoute').find((route) => route.spec.rules[0].matches.some((match: any) => match.path.value === '/ready'));
    expect(probes.spec.rules[0].matches).toEqual(['/ready', '/live'].map((path) => ({ path: { type: 'Exact', value: path }, method: 'GET' })));
    const networks = manifests('NetworkAuthentication').find((object) => object.metadata.name.startsWith(probes.metadata.name));
    expect(networks.spec.networks).toEqual([{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }]);
  });

  test('names opaque ports on Service and pods, each by its own number', () => {
    const { service, manifests } = setUp();
    service('db', [Port.tcp(5432, { targetPort: 15432 })]);
    expect(manifests('Service')[0].metadata.annotations).toEqual({ 'config.linkerd.io/opaque-ports': '5432' });
    expect(manifests('Service')[0].spec.ports[0].appProtocol).toBe('linkerd.io/opaque');
    expect(manifests('Deployment')[0].spec.template.metadata.annotations['config.linkerd.io/opaque-ports']).toBe('15432');
  });

  test('writes gRPC ports so that proxies read them, and routes of gRPC calls as GRPCRoutes', () => {
    const { service, manifests } = setUp();
    const cart = service('cart', [Port.grpc(7070)]);
    service('web').connections.allowTo(cart, Access.grpc('shop.Cart', 'Get'), { timeout: Duration.millis(1500), retries: Retries.attempts(2, { conditions: [RetryOn.GRPC_UNAVAILABLE] }) });
    expect(manifests('Service').find((object) => object.metadata.name === 'cart').spec.ports[0].appProtocol).toBe('kubernetes.io/h2c');
    const outbound = manifests('GRPCRoute').find((route) => route.metadata.name === 'cart');
    expect(outbound.metadata.annotations).toEqual({ 'retry.linkerd.io/grpc': 'unavailable', 'retry.linkerd.io/limit': '2', 'timeout.linkerd.io/request': '1500ms' });
    expect(outbound.spec.parentRefs).toEqual([{ group: '', kind: 'Service', name: 'cart', namespace: 'shop', port: 7070 }]);
    expect(manifests('GRPCRoute').find((route) => route.metadata.name === 'cart-grpc-1').spec.rules[0].matches).toEqual([{ method: { service: 'shop.Cart', method: 'Get' } }]);
  });

  test('splits between services, with a namespace at every backend', () => {
    const { service, manifests } = setUp();
    const [stable, canary] = [service('cart'), service('cart-canary')];
    stable.splitTo(Destination.service(stable, Weight.of(90)), Destination.service(canary, Weight.of(10)));
    expect(manifests('HTTPRoute')[0].spec.rules[0].backendRefs).toEqual([
      { name: 'cart', namespace: 'shop', port: 80, weight: 90 }, { name: 'cart-canary', namespace: 'shop', port: 80, weight: 10 },
    ]);
  });

  test('leaves failing endpoints alone in the words of annotations, and refuses a share', () => {
    const breaker = (maxEjection?: Percent) => CircuitBreaker.of({ outliers: { consecutiveServerErrors: 4, baseEjectionTime: Duration.seconds(90), maxEjection } });
    const { chart, mesh, manifests } = setUp();
    new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80)], circuitBreaker: breaker() });
    expect(manifests('Service')[0].metadata.annotations).toEqual({
      'balancer.linkerd.io/failure-accrual': 'consecutive',
      'balancer.linkerd.io/failure-accrual-consecutive-max-failures': '4',
      'balancer.linkerd.io/failure-accrual-consecutive-min-penalty': '90s',
    });
    new MeshedService(chart, 'web', { mesh, image: 'web', ports: [Port.http(80)], circuitBreaker: breaker(Percent.of(50)) });
    expect(() => Testing.synth(chart)).toThrow(/maxEjection of a circuit breaker needs cb\.outlier\.ejection.*\[MESH-E021\] \(at shop\/web\)/);
  });

  test.each([
    [AccessMode.OPEN, MtlsMode.STRICT, 'all-authenticated', 0],
    [AccessMode.OPEN, MtlsMode.PERMISSIVE, 'all-unauthenticated', 0],
    [AccessMode.AUDIT, MtlsMode.STRICT, 'audit', 1],
    [AccessMode.DECLARED, MtlsMode.STRICT, 'deny', 1],
  ])('with access %s and mutual TLS %s has default policy %s and %i Servers', (access, mtls, policy, servers) => {
    const { service, manifests } = setUp({ access, mtls });
    service('cart');
    expect(manifests('Deployment')[0].spec.template.metadata.annotations['config.linkerd.io/default-inbound-policy']).toBe(policy);
    expect(manifests('Server')).toHaveLength(servers);
  });

  test('opens the metrics port, and no other, to everybody', () => {
    const { chart, mesh, manifests } = setUp();
    new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80)], metrics: Metrics.direct(9090) });
    expect(manifests('Server').map((server) => server.spec.port).sort()).toEqual([80, 9090]);
    expect(manifests('AuthorizationPolicy').map((object) => object.spec.targetRef.name)).toEqual(['cart-metrics']);
  });

  test('lets in namespaces, addresses and anybody by what Linkerd knows them by', () => {
    const { service, manifests } = setUp();
    const cart = service('cart');
    cart.connections.allowFrom(Peer.namespace('tools'));
    cart.connections.allowFrom(Peer.addresses('10.0.0.1', '10.1.0.0/16'));
    expect(manifests('MeshTLSAuthentication')[0].spec.identityRefs).toEqual([{ kind: 'Namespace', name: 'tools' }]);
    expect(manifests('NetworkAuthentication')[0].spec.networks).toEqual([{ cidr: '10.0.0.1/32' }, { cidr: '10.1.0.0/16' }]);
  });

  test('without callers of its own, a workload has no Server', () => {
    const { chart, mesh, manifests } = setUp();
    new MeshedWorkload(chart, 'worker', { mesh, image: 'worker' });
    expect(manifests('Server')).toHaveLength(0);
  });

  test('refuses what Linkerd lacks, with the capability, the mesh and what to do instead', () => {
    const { service, chart } = setUp();
    const cart = service('cart');
    cart.connections.denyFrom(service('web'));
    cart.addRoute({ matches: [{ headers: [HeaderMatch.not(HeaderMatch.exact('x', '1'))] }] });
    expect(() => Testing.synth(chart)).toThrow(/a refused caller needs authz\.deny, which linkerd lacks/);
    expect(() => Testing.synth(chart)).toThrow(/needs match\.header\.invert, which linkerd lacks.*match the header that is there in a rule of its own/);
  });
});

describe('calls that leave a Linkerd mesh', () => {
  test('have a network in every namespace that makes them, and a route for every host', () => {
    const { chart, mesh, service, manifests } = setUp({ denyUndeclaredEgress: true });
    const payments = new ExternalService(chart, 'payments', { mesh, hosts: ['api.example.com'], ports: [Port.tls(443)] });
    service('web').connections.allowTo(payments);
    expect(manifests('EgressNetwork')[0]).toMatchObject({ metadata: { name: 'external', namespace: 'shop' }, spec: { trafficPolicy: 'Deny' } });
    expect(manifests('TLSRoute')[0].spec).toMatchObject({
      hostnames: ['api.example.com'], parentRefs: [{ kind: 'EgressNetwork', name: 'external', port: 443 }],
    });
  });

  test('by byte streams to two hosts on one port cannot be told apart', () => {
    const { chart, mesh } = setUp();
    ['a', 'b'].forEach((name) => new ExternalService(chart, name, { mesh, hosts: [`${name}.example.com`], ports: [Port.tcp(5432)] }));
    expect(() => Testing.synth(chart)).toThrow(/shop\/a and shop\/b are both called by a byte stream on one port.*\[MESH-E019\]/);
  });
});
