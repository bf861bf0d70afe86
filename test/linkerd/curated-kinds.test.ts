import { ApiObject, Chart, Duration, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { gatewayapi, HttpMatch, Identity, linkerd, MethodMatch, PathMatch, PathRewrite, Redirect, HeaderMatch, QueryMatch, Weight } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { AuthenticationRef, ClientIdentity, LabelSelector, PolicyTarget, ServerClients, ServerPort } = linkerd;

const EXPRESSIONS = LabelSelector.all(LabelSelector.labels({ app: 'cart' }), LabelSelector.oneOf('tier', 'a', 'b'), LabelSelector.noneOf('stage', 'dev'),
  LabelSelector.having('team'), LabelSelector.lacking('legacy'));
const WEB = Identity.serviceAccount('shop', 'web');

type Resource = Construct & { readonly resourceName: string; readonly resourceNamespace?: string };

function shop(): Chart {
  return chartIn(undefined, 'test', { namespace: 'shop' });
}

function server(scope: Chart): linkerd.IServer {
  return linkerd.Server.fromServerName(scope, 'server', 'cart-http', 'shop');
}

const MATCHES: HttpMatch[] = [{
  path: PathMatch.prefix('/a'), method: MethodMatch.GET, headers: [HeaderMatch.regex('x-a', 'b.*')], queryParams: [QueryMatch.regex('q', 'r.*')],
}];

const MODIFIED = { requestHeaders: { setHeaders: { a: '1' }, addHeaders: { b: '2' }, removeHeaders: ['c'] }, responseHeaders: { setHeaders: { a: '1' }, addHeaders: { b: '2' }, removeHeaders: ['c'] } };

const REDIRECT = Redirect.to({ scheme: 'https', host: 'b.example.com', portNumber: 8443, path: PathRewrite.full('/b'), statusCode: 301 });

/** Every field of each kind, by as many objects as it takes. */
const KINDS: [string, string, ((chart: Chart) => Resource)[], string[]][] = [
  ['Server', 'policy.linkerd.io/v1beta3', [
    (chart) => new linkerd.Server(chart, 'a', { pods: EXPRESSIONS, port: ServerPort.named('http'), access: linkerd.ServerAccess.AUDIT, proxyProtocol: linkerd.ProxyProtocol.HTTP1 }),
    (chart) => new linkerd.Server(chart, 'a', { externalWorkloads: EXPRESSIONS, port: ServerPort.number(8080) }),
  ], []],
  ['AuthorizationPolicy', 'policy.linkerd.io/v1alpha1', [
    (chart) => new linkerd.AuthorizationPolicy(chart, 'a', {
      target: PolicyTarget.server(server(chart)),
      authentications: [
        AuthenticationRef.serviceAccount(WEB),
        AuthenticationRef.network(linkerd.NetworkAuthentication.fromNetworkAuthenticationName(chart, 'n', 'kubelet', 'system')),
      ],
    }),
  ], []],
  ['MeshTLSAuthentication', 'policy.linkerd.io/v1alpha1', [
    (chart) => new linkerd.MeshTlsAuthentication(chart, 'a', { clients: [ClientIdentity.any(), ClientIdentity.named('*.shop.serviceaccount.identity.linkerd.cluster.local'), ClientIdentity.spiffe('spiffe://a/vm')] }),
    (chart) => new linkerd.MeshTlsAuthentication(chart, 'a', { clients: [ClientIdentity.serviceAccount(WEB), ClientIdentity.namespace('tools')] }),
  ], ['identityRefs.group']],
  ['NetworkAuthentication', 'policy.linkerd.io/v1alpha1', [
    (chart) => new linkerd.NetworkAuthentication(chart, 'a', { networks: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.3.4'] }, { cidr: 'fd00::1' }] }),
  ], []],
  ['ServerAuthorization', 'policy.linkerd.io/v1beta1', [
    (chart) => new linkerd.ServerAuthorization(chart, 'a', { server: server(chart), clients: ServerClients.mesh(ClientIdentity.any(), ClientIdentity.serviceAccount(WEB)), networks: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }),
    (chart) => new linkerd.ServerAuthorization(chart, 'a', { servers: EXPRESSIONS, clients: ServerClients.unauthenticatedTls() }),
    (chart) => new linkerd.ServerAuthorization(chart, 'a', { servers: LabelSelector.labels({ a: 'b' }), clients: ServerClients.anyone() }),
  ], []],
  ['HTTPLocalRateLimitPolicy', 'policy.linkerd.io/v1alpha1', [
    (chart) => new linkerd.HttpLocalRateLimitPolicy(chart, 'a', {
      server: server(chart), totalRequestsPerSecond: 100, clientRequestsPerSecond: 10, overrides: [{ requestsPerSecond: 20, clients: [WEB] }],
    }),
  ], ['overrides.clientRefs.group']],
  ['EgressNetwork', 'policy.linkerd.io/v1alpha1', [
    (chart) => new linkerd.EgressNetwork(chart, 'a', { traffic: linkerd.EgressTraffic.DENY, networks: [{ cidr: '192.0.2.0/24', except: ['192.0.2.1'] }] }),
  ], []],
  ['HTTPRoute', 'policy.linkerd.io/v1beta3', [
    (chart) => new linkerd.HttpRoute(chart, 'a', {
      parents: [gatewayapi.RouteParent.of({ group: 'policy.linkerd.io', kind: 'EgressNetwork', name: 'out', namespace: 'shop' }, { port: 80, listenerName: 'x' })],
      hostnames: ['a.example.com'],
      rules: [
        { matches: MATCHES, redirect: REDIRECT },
        { redirect: Redirect.to({ path: PathRewrite.prefix('/c') }), matches: [{ path: PathMatch.prefix('/a') }] },
        {
          requestHeaders: MODIFIED.requestHeaders,
          timeout: Duration.seconds(2),
          backendTimeout: Duration.seconds(1),
          backends: [
            gatewayapi.RouteBackend.serviceNamed('cart', 80, undefined, { weight: Weight.of(50), filters: MODIFIED }),
            gatewayapi.RouteBackend.serviceNamed('b', 80, 'other', { weight: Weight.of(25), filters: { redirect: REDIRECT } }),
            gatewayapi.RouteBackend.serviceNamed('c', 80, 'other', { weight: Weight.of(25), filters: { redirect: Redirect.to({ path: PathRewrite.prefix('/c') }) } }),
          ],
        },
      ],
    }),
  ], []],
  ['ExternalWorkload', 'workload.linkerd.io/v1beta1', [
    (chart) => new linkerd.ExternalWorkload(chart, 'a', { identity: 'spiffe://a/vm', serverName: 'vm.example.com', ip: '192.0.2.1', ports: [{ port: 53, portName: 'dns', udp: true }] }),
  ], []],
  ['Link', 'multicluster.linkerd.io/v1alpha3', [
    (chart) => new linkerd.Link(chart, 'a', {
      clusterName: 'west',
      gateway: { addresses: ['192.0.2.1', 'gw.example.com'], port: 4143, identity: 'linkerd-gateway.linkerd-multicluster.serviceaccount.identity.linkerd.cluster.local' },
      probe: { timeout: Duration.seconds(30), period: Duration.seconds(5), path: '/alive', port: 4192, failureThreshold: 5 },
      mirrored: EXPRESSIONS,
      mirroredDirectly: EXPRESSIONS,
      federated: EXPRESSIONS,
      excludedAnnotations: ['a.example.com/*'],
      excludedLabels: ['team'],
    }),
  ], []],
];

describe.each(KINDS)('a %s', (kind, apiVersion, makers, odd) => {
  const written = makers.map((make) => {
    const chart = shop();
    make(chart);
    return manifestsOf(chart).find((manifest) => manifest.kind === kind) as Manifest;
  });

  test('is written with every field that Linkerd knows', () => {
    expect(written.map((manifest) => [manifest.apiVersion, manifest.kind])).toEqual(makers.map(() => [apiVersion, kind]));
    expect(unsetFields(apiVersion, kind, written)).toEqual(odd);
  });

  test('takes patches, and has a name and namespace', () => {
    const chart = shop();
    const resource = makers[0](chart);
    ApiObject.of(resource).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart).find((manifest) => manifest.kind === kind)!.spec.patched).toBe(2);
    expect([resource.resourceName, resource.resourceNamespace]).toEqual(['test-a', 'shop']);
  });
});

describe('resources of Linkerd', () => {
  test('can be referred to by their names', () => {
    const chart = shop();
    expect([
      linkerd.Server.fromServerName(chart, '1', 'a', 'b'),
      linkerd.AuthorizationPolicy.fromAuthorizationPolicyName(chart, '2', 'a', 'b'),
      linkerd.MeshTlsAuthentication.fromMeshTlsAuthenticationName(chart, '3', 'a', 'b'),
      linkerd.NetworkAuthentication.fromNetworkAuthenticationName(chart, '4', 'a', 'b'),
      linkerd.ServerAuthorization.fromServerAuthorizationName(chart, '5', 'a', 'b'),
      linkerd.HttpLocalRateLimitPolicy.fromHttpLocalRateLimitPolicyName(chart, '6', 'a', 'b'),
      linkerd.EgressNetwork.fromEgressNetworkName(chart, '7', 'a', 'b'),
      linkerd.HttpRoute.fromHttpRouteName(chart, '8', 'a', 'b'),
      linkerd.ExternalWorkload.fromExternalWorkloadName(chart, '9', 'a', 'b'),
      linkerd.Link.fromLinkName(chart, '10', 'a', 'b'),
      linkerd.TrafficSplit.fromTrafficSplitName(chart, '11', 'a', 'b'),
    ].map(({ resourceName, resourceNamespace }) => `${resourceNamespace}/${resourceName}`)).toEqual(Array.from({ length: 11 }, () => 'b/a'));
  });

  test('keep fields that they do not know', () => {
    const chart = shop();
    new linkerd.NetworkAuthentication(chart, 'a', { networks: [{ cidr: '10.0.0.0/8' }], additionalSpec: { brandNew: 1 } });
    expect(manifestsOf(chart)[0].spec).toEqual({ networks: [{ cidr: '10.0.0.0/8' }], brandNew: 1 });
  });

  test('grow until synth, and can be read back', () => {
    const chart = shop();
    const clients = new linkerd.MeshTlsAuthentication(chart, 'clients');
    const networks = new linkerd.NetworkAuthentication(chart, 'networks');
    const policy = new linkerd.AuthorizationPolicy(chart, 'policy', { target: PolicyTarget.namespace('shop') });
    const limit = new linkerd.HttpLocalRateLimitPolicy(chart, 'limit', { server: server(chart) });
    const workload = new linkerd.ExternalWorkload(chart, 'vm', { identity: 'spiffe://a/vm', serverName: 'vm.example.com' });
    const route = new linkerd.HttpRoute(chart, 'route');
    const split = new linkerd.TrafficSplit(chart, 'split', { serviceName: 'cart' });
    clients.addClient(ClientIdentity.any());
    networks.addNetwork({ cidr: '10.0.0.1' });
    policy.addAuthentication(AuthenticationRef.meshTls(clients));
    policy.addAuthentication(AuthenticationRef.network(networks));
    limit.addOverride({ requestsPerSecond: 1, clients: [WEB] });
    workload.addPort({ port: 80 });
    route.addParent(gatewayapi.RouteParent.serviceNamed('cart'));
    route.addRule({});
    split.addBackend({ serviceName: 'cart-v1', weight: 1 });
    const all = [clients.clients, networks.networks, policy.authentications, limit.overrides, workload.ports, route.parents, route.rules, split.backends];
    all.forEach((list) => list.pop());
    expect([clients.clients, networks.networks, policy.authentications, limit.overrides, workload.ports, route.parents, route.rules, split.backends].map(({ length }) => length))
      .toEqual([1, 1, 2, 1, 1, 1, 1, 1]);
    expect(manifestsOf(chart)).toHaveLength(7);
  });

  test('bind routes and policies to each other', () => {
    const chart = shop();
    const cart = new linkerd.Server(chart, 'cart', { pods: LabelSelector.labels({ app: 'cart' }), port: ServerPort.number(8080), proxyProtocol: linkerd.ProxyProtocol.HTTP1 });
    const route = new gatewayapi.HttpRoute(chart, 'admin', { parents: [cart.routeParent], rules: [{ matches: [{ path: PathMatch.prefix('/admin') }] }] });
    new linkerd.AuthorizationPolicy(chart, 'policy', { target: PolicyTarget.httpRoute(route), authentications: [AuthenticationRef.serviceAccount(WEB)] });
    const out = new linkerd.EgressNetwork(chart, 'out', { traffic: linkerd.EgressTraffic.ALLOW });
    new gatewayapi.TcpRoute(chart, 'tcp', { parents: [out.routeParent(5432)], backends: [out.routeBackend(5432)] });
    const [, http, policy, , tcp] = manifestsOf(chart);
    expect(http.spec).toEqual({ parentRefs: [{ group: 'policy.linkerd.io', kind: 'Server', name: 'test-cart' }], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/admin' } }] }] });
    expect(policy.spec.targetRef).toEqual({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'test-admin' });
    expect(tcp.spec.parentRefs).toEqual([{ group: 'policy.linkerd.io', kind: 'EgressNetwork', name: 'test-out', namespace: 'shop', port: 5432 }]);
  });

  test('always name the namespace of a backend', () => {
    const chart = shop();
    new linkerd.HttpRoute(chart, 'a', { parents: [gatewayapi.RouteParent.serviceNamed('cart')], rules: [{ backends: [gatewayapi.RouteBackend.serviceNamed('v2', 80)] }] });
    expect(manifestsOf(chart)[0].spec.rules[0].backendRefs).toEqual([{ group: '', kind: 'Service', name: 'v2', namespace: 'shop', port: 80 }]);
  });

  test('a TrafficSplit is one of the version that Linkerd reads', () => {
    const chart = shop();
    new linkerd.TrafficSplit(chart, 'split', { serviceName: 'cart', backends: [{ serviceName: 'cart-v1', weight: 90 }, { serviceName: 'cart-v2', weight: 10 }], additionalSpec: { brandNew: 1 } });
    expect(manifestsOf(chart)[0]).toEqual({
      apiVersion: 'split.smi-spec.io/v1alpha2',
      kind: 'TrafficSplit',
      metadata: { name: 'test-split', namespace: 'shop' },
      spec: { service: 'cart', backends: [{ service: 'cart-v1', weight: 90 }, { service: 'cart-v2', weight: 10 }], brandNew: 1 },
    });
  });

  const policy = (props: Partial<linkerd.AuthorizationPolicyProps>) => () => {
    const chart = shop();
    new linkerd.AuthorizationPolicy(chart, 'a', { target: PolicyTarget.server(server(chart)), ...props });
    manifestsOf(chart);
  };
  const limit = (props: Partial<linkerd.HttpLocalRateLimitPolicyProps>) => () => {
    const chart = shop();
    new linkerd.HttpLocalRateLimitPolicy(chart, 'a', { server: server(chart), ...props });
    manifestsOf(chart);
  };
  const synth = (make: (chart: Chart) => unknown) => () => { const chart = shop(); make(chart); manifestsOf(chart); };
  const meshTls = (chart: Chart, id: string) => AuthenticationRef.meshTls(linkerd.MeshTlsAuthentication.fromMeshTlsAuthenticationName(chart, id, id));
  const route = (rule: linkerd.HttpRouteRule) => synth((chart) => new linkerd.HttpRoute(chart, 'a', { parents: [gatewayapi.RouteParent.serviceNamed('cart')], rules: [rule] }));

  test.each<[string, () => unknown, string]>([
    ['a Server of nothing', synth((chart) => new linkerd.Server(chart, 'a', { port: ServerPort.number(80) })), 'MESH-E030'],
    ['a Server of pods and workloads', synth((chart) => new linkerd.Server(chart, 'a', { port: ServerPort.number(80), pods: EXPRESSIONS, externalWorkloads: EXPRESSIONS })), 'MESH-E031'],
    ['a port number out of range', () => ServerPort.number(70_000), 'MESH-E003'],
    ['a port name in capitals', () => ServerPort.named('HTTP'), 'MESH-E001'],
    ['a selector without labels', () => LabelSelector.labels({}), 'MESH-E030'],
    ['a selector by no value', () => LabelSelector.oneOf('a'), 'MESH-E030'],
    ['a selector by two values of a label', synth((chart) => new linkerd.Server(chart, 'a', { port: ServerPort.number(80), pods: LabelSelector.all(LabelSelector.labels({ a: 'b' }), LabelSelector.labels({ a: 'c' })) })), 'MESH-E027'],
    ['a policy that asks for nothing', policy({}), 'MESH-E030'],
    ['a policy for anyone that asks for something', policy({ allowAnyone: true, authentications: [AuthenticationRef.serviceAccount(WEB)] }), 'MESH-E031'],
    ['a policy with two identities', synth((chart) => new linkerd.AuthorizationPolicy(chart, 'a', { target: PolicyTarget.server(server(chart)), authentications: [meshTls(chart, 'x'), AuthenticationRef.serviceAccount(WEB)] })), 'MESH-E031'],
    ['a policy for another namespace', policy({ target: PolicyTarget.namespace('other'), allowAnyone: true }), 'MESH-E031'],
    ['a policy for a Server of another namespace', policy({ metadata: { namespace: 'other' }, allowAnyone: true }), 'MESH-E031'],
    ['an identity with a wildcard in the middle', () => ClientIdentity.named('a.*.b'), 'MESH-E011'],
    ['a SPIFFE ID without trust domain', () => ClientIdentity.spiffe('spiffe:///a'), 'MESH-E011'],
    ['an authentication of nobody', synth((chart) => new linkerd.MeshTlsAuthentication(chart, 'a')), 'MESH-E030'],
    ['an authentication by name and by reference', synth((chart) => new linkerd.MeshTlsAuthentication(chart, 'a', { clients: [ClientIdentity.any(), ClientIdentity.namespace('a')] })), 'MESH-E031'],
    ['an authentication by no address', synth((chart) => new linkerd.NetworkAuthentication(chart, 'a')), 'MESH-E030'],
    ['a network that leaves out more than it has', synth((chart) => new linkerd.NetworkAuthentication(chart, 'a', { networks: [{ cidr: '10.1.0.0/16', except: ['10.0.0.0/8'] }] })), 'MESH-E032'],
    ['a network that leaves out all that it has', synth((chart) => new linkerd.NetworkAuthentication(chart, 'a', { networks: [{ cidr: '10.1.0.0/16', except: ['10.1.0.0/16'] }] })), 'MESH-E032'],
    ['a network that leaves out something else', synth((chart) => new linkerd.NetworkAuthentication(chart, 'a', { networks: [{ cidr: '10.1.0.0/16', except: ['10.2.0.0/24'] }] })), 'MESH-E032'],
    ['a ServerAuthorization for nothing', synth((chart) => new linkerd.ServerAuthorization(chart, 'a', { clients: ServerClients.anyone() })), 'MESH-E030'],
    ['a ServerAuthorization of another namespace', synth((chart) => new linkerd.ServerAuthorization(chart, 'a', { metadata: { namespace: 'b' }, server: server(chart), clients: ServerClients.anyone() })), 'MESH-E031'],
    ['a ServerAuthorization from no network', synth((chart) => new linkerd.ServerAuthorization(chart, 'a', { server: server(chart), clients: ServerClients.anyone(), networks: [] })), 'MESH-E030'],
    ['a whole namespace in a ServerAuthorization', () => ServerClients.mesh(ClientIdentity.namespace('a')), 'MESH-E031'],
    ['no client in a ServerAuthorization', () => ServerClients.mesh(), 'MESH-E030'],
    ['a limit without limits', limit({}), 'MESH-E030'],
    ['a limit of 0', limit({ totalRequestsPerSecond: 0 }), 'MESH-E028'],
    ['more for a client than for all', limit({ totalRequestsPerSecond: 10, clientRequestsPerSecond: 11 }), 'MESH-E028'],
    ['more for some than for all', limit({ totalRequestsPerSecond: 10, overrides: [{ requestsPerSecond: 11, clients: [WEB] }] }), 'MESH-E028'],
    ['a client with two limits', limit({ overrides: [{ requestsPerSecond: 1, clients: [WEB] }, { requestsPerSecond: 2, clients: [WEB] }] }), 'MESH-E031'],
    ['a limit of no client', limit({ overrides: [{ requestsPerSecond: 1, clients: [] }] }), 'MESH-E030'],
    ['an EgressNetwork of no address', synth((chart) => new linkerd.EgressNetwork(chart, 'a', { traffic: linkerd.EgressTraffic.ALLOW, networks: [] })), 'MESH-E030'],
    ['a route without rules', synth((chart) => new linkerd.HttpRoute(chart, 'a', { parents: [gatewayapi.RouteParent.serviceNamed('cart')] })), 'MESH-E030'],
    ['a route for a gateway', synth((chart) => new linkerd.HttpRoute(chart, 'a', { parents: [gatewayapi.RouteParent.gateway(gatewayapi.Gateway.fromGatewayName(chart, 'g', 'g'))] })), 'MESH-E031'],
    ['a route for an EgressNetwork without port', synth((chart) => new linkerd.HttpRoute(chart, 'a', { parents: [gatewayapi.RouteParent.of({ group: 'policy.linkerd.io', kind: 'EgressNetwork', name: 'x' })] })), 'MESH-E030'],
    ['more time for a try than for all', route({ timeout: Duration.seconds(1), backendTimeout: Duration.seconds(2) }), 'MESH-E028'],
    ['a mirror for one backend', route({ backends: [gatewayapi.RouteBackend.serviceNamed('a', 80, undefined, { filters: { hostRewrite: 'a.example.com' } })] }), 'MESH-E021'],
    ['a workload without SPIFFE ID', synth((chart) => new linkerd.ExternalWorkload(chart, 'a', { identity: 'vm', serverName: 'vm.example.com' })), 'MESH-E011'],
    ['a workload at a DNS name', synth((chart) => new linkerd.ExternalWorkload(chart, 'a', { identity: 'spiffe://a/b', serverName: 'a.b', ip: 'a.b' })), 'MESH-E032'],
    ['a workload with one port twice', synth((chart) => new linkerd.ExternalWorkload(chart, 'a', { identity: 'spiffe://a/b', serverName: 'a.b', ports: [{ port: 1 }, { port: 1 }] })), 'MESH-E004'],
    ['a Link with a probe and no gateway', synth((chart) => new linkerd.Link(chart, 'a', { clusterName: 'west', probe: {} })), 'MESH-E030'],
    ['a Link with a gateway nowhere', synth((chart) => new linkerd.Link(chart, 'a', { clusterName: 'west', gateway: { addresses: [], port: 1, identity: 'a.b' } })), 'MESH-E030'],
    ['a split to nothing', synth((chart) => new linkerd.TrafficSplit(chart, 'a', { serviceName: 'cart', backends: [{ serviceName: 'b', weight: 0 }] })), 'MESH-E020'],
    ['a split to one service twice', synth((chart) => new linkerd.TrafficSplit(chart, 'a', { serviceName: 'cart', backends: [{ serviceName: 'b', weight: 1 }, { serviceName: 'b', weight: 1 }] })), 'MESH-E026'],
  ])('%s is refused', (_, step, code) => {
    expect(errorOf(step)).toMatchObject({ code });
  });
});
