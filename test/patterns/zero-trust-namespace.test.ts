import { ApiObject, App, Chart } from 'cdk8s';
import { Access, AccessMode, consul, ExternalService, gatewayapi, IMesh, Ingress, IngressGateway, istio, Jwt, linkerd, MeshedService, MeshedWorkload, MethodMatch, Metrics, MtlsMode, PathMatch, Peer, Port, ZeroTrustNamespace, ZeroTrustNamespaceProps } from '../../src';
import { NetworkPolicies } from '../../src/engine/network/network-policies';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, hasManifest, kindOf, manifestOf, manifestsOf } from '../support/manifests';

const MESHES: { readonly [name: string]: (chart: Chart) => IMesh } = {
  'istio': (chart) => new istio.IstioMesh(chart, 'mesh'),
  'istio-ambient': (chart) => new istio.IstioMesh(chart, 'mesh', { dataPlane: istio.DataPlane.AMBIENT }),
  'linkerd': (chart) => new linkerd.LinkerdMesh(chart, 'mesh'),
  'consul': (chart) => new consul.ConsulMesh(chart, 'mesh', { denyUndeclaredEgress: true }),
};

interface Shop {
  readonly app: App;
  readonly chart: Chart;
  readonly mesh: IMesh;
  readonly zone: ZeroTrustNamespace;
  readonly web: MeshedService;
  readonly api: MeshedService;
}

function shop(name: string = 'istio', props: Partial<ZeroTrustNamespaceProps> = {}): Shop {
  const app = new App({ outdir: '/nonexistent' });
  const chart = chartIn(app, 'shop');
  const mesh = MESHES[name](chart);
  const zone = new ZeroTrustNamespace(chart, 'zone', { mesh, namespaceName: 'shop', ...props });
  const web = serviceIn(chart, 'web', mesh, { namespace: 'front' });
  const api = serviceIn(chart, 'api', mesh, { namespace: 'shop', ports: [Port.http(80, { targetPort: 8080 })] });
  web.connections.allowTo(api);
  return { app, chart, mesh, zone, web, api };
}

function policiesOf(chart: Chart): NetworkPolicies {
  return new NetworkPolicies(kindOf(chart, 'NetworkPolicy'));
}

const WEB = { namespace: 'front', labels: { 'app.kubernetes.io/name': 'web' } };
const API = { namespace: 'shop', labels: { 'app.kubernetes.io/name': 'api' } };
const NODE = { ip: '10.0.0.7' };

/** Ports by which proxies call each other. */
const CALLED: { readonly [mesh: string]: number[] } = { 'istio': [8080], 'istio-ambient': [15008], 'linkerd': [8080, 4143], 'consul': [20000] };

describe.each(Object.keys(MESHES))('a zero trust namespace on %s', (name) => {
  test('lets in exactly the declared calls on the network, by the ports that proxies really use', () => {
    const { chart } = shop(name);
    const policies = policiesOf(chart);
    for (const port of CALLED[name]) {
      expect(policies.decide({ client: WEB, server: API, port }).admitted).toBe(true);
      expect(policies.decide({ client: { ...WEB, namespace: 'other' }, server: API, port }).admitted).toBe(false);
      expect(policies.decide({ client: { ...WEB, labels: {} }, server: API, port }).admitted).toBe(false);
      expect(policies.decide({ client: NODE, server: API, port }).admitted).toBe(false);
    }
    expect(policies.decide({ client: WEB, server: API, port: 9999 }).admitted).toBe(false);
    expect(policies.decide({ client: API, server: WEB, port: 8080 }).admitted).toBe(false);
    expect(policies.decide({ client: WEB, server: { namespace: 'shop', labels: {} }, port: 8080 }).admitted).toBe(false);
  });

  test('lets DNS out and nothing else that was not declared', () => {
    const policies = policiesOf(shop(name).chart);
    const dns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    for (const protocol of ['TCP', 'UDP'] as const) { expect(policies.decide({ client: API, server: dns, port: 53, protocol }).admitted).toBe(true); }
    expect(policies.decide({ client: API, server: dns, port: 443 }).admitted).toBe(false);
    expect(policies.decide({ client: API, server: { ip: '93.184.216.34' }, port: 443 }).admitted).toBe(false);
  });

  test('makes the mesh deny what no service allows, and says so of its calls outside', () => {
    const { chart } = shop(name);
    const { metadata } = manifestOf(chart, 'Namespace', 'shop');
    const marks = {
      'istio': { labels: { 'istio-injection': 'enabled' } },
      'istio-ambient': { labels: { 'istio.io/dataplane-mode': 'ambient' } },
      'linkerd': { annotations: { 'linkerd.io/inject': 'enabled', 'config.linkerd.io/default-inbound-policy': 'deny' } },
      'consul': { annotations: { 'consul.hashicorp.com/connect-inject': 'true' } },
    };
    expect(metadata).toMatchObject(marks[name as keyof typeof marks]);
    if (name.startsWith('istio')) {
      expect(manifestOf(chart, 'AuthorizationPolicy', 'allow-nothing').spec).toEqual({});
      expect(manifestOf(chart, 'PeerAuthentication', 'default', 'shop').spec).toEqual({ mtls: { mode: 'STRICT' } });
    }
    if (name === 'istio') {
      expect(manifestOf(chart, 'Sidecar', 'default').spec).toEqual({ egress: [{ hosts: ['~/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
      expect(manifestOf(chart, 'Sidecar', 'api').spec).toMatchObject({ egress: [{ hosts: ['~/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
    }
    if (name === 'linkerd') { expect(manifestOf(chart, 'EgressNetwork', 'external').spec.trafficPolicy).toBe('Deny'); }
  });

  test('lets collectors in to the metrics of the proxies, and to those of the application where the proxy does not merge them', () => {
    const { chart, mesh } = shop(name, { scrapers: [Peer.namespace('monitoring')] });
    serviceIn(chart, 'stock', mesh, { namespace: 'shop', metrics: Metrics.merged(9100) });
    const policies = policiesOf(chart);
    const prometheus = { namespace: 'monitoring', labels: { app: 'prometheus' } };
    const stock = { namespace: 'shop', labels: { 'app.kubernetes.io/name': 'stock' } };
    const served = { 'istio': 15020, 'istio-ambient': 9100, 'linkerd': 9100, 'consul': 20200 }[name]!;
    expect(policies.decide({ client: prometheus, server: stock, port: served }).admitted).toBe(true);
    expect(policies.decide({ client: prometheus, server: stock, port: 8080 }).admitted).toBe(false);
    expect(policies.decide({ client: { namespace: 'other' }, server: stock, port: served }).admitted).toBe(false);
  });

  test('reaches what was declared outside of the mesh', () => {
    const { chart, mesh, api } = shop(name);
    const external = new ExternalService(chart, 'ledger', { mesh, namespace: 'shop', hosts: ['ledger.example.com'], ports: [Port.tls(443)] });
    api.connections.allowTo(external);
    const policies = policiesOf(chart);
    const ledger = name === 'consul' ? { namespace: 'consul', labels: { component: 'terminating-gateway' } } : { ip: '93.184.216.34' };
    expect(policies.decide({ client: API, server: ledger, port: name === 'consul' ? 8443 : 443 }).admitted).toBe(true);
    expect(policies.decide({ client: API, server: ledger, port: 8080 }).admitted).toBe(false);
  });

  test('says that a part of an edge cannot be checked rather than to let in more', () => {
    const { app, chart, zone, mesh, web } = shop(name);
    const both = serviceIn(chart, 'both', mesh, { namespace: 'shop', ports: name === 'consul' ? [Port.http(80)] : [Port.http(80), Port.tcp(90)] });
    web.connections.allowTo(both, Access.http({ methods: [MethodMatch.GET], paths: [PathMatch.exact('/a')], servicePorts: [80] }));
    zone.denyFrom(Peer.namespace('evil'));
    const step = () => manifestsOf(app);
    if (name === 'linkerd') {
      expect(errorsOf(step).map(({ code, what }) => [code, what.includes('authz.deny')])).toEqual([['MESH-E021', true], ['MESH-E021', true]]);
    } else if (name === 'consul') {
      expect(errorsOf(step).every(({ what }) => what.includes('authz.namespace'))).toBe(true);
    } else {
      expect(step).not.toThrow();
    }
  });
});

describe('a zero trust namespace', () => {
  test('is no place for what it cannot be on plain Gateway API, even when the loss was accepted', () => {
    const chart = chartIn();
    const mesh = new gatewayapi.GatewayApiMesh(chart, 'mesh', { accept: ['mtls.strict', 'authz.defaultDeny', 'egress.allowlist'] });
    new ZeroTrustNamespace(chart, 'shop', { mesh });
    serviceIn(chart, 'api', mesh, { namespace: 'shop' });
    const errors = errorsOf(() => manifestsOf(chart));
    expect(errors.map(({ code }) => code)).toEqual(['MESH-E021', 'MESH-E021', 'MESH-E021']);
    expect(errors.map(({ what }) => /needs ([\w.]+)/.exec(what)![1]).sort()).toEqual(['authz.defaultDeny', 'egress.allowlist', 'mtls.strict']);
  });

  test('only reports in audit mode: no NetworkPolicy, no limit on calls out', () => {
    const { chart } = shop('istio', { access: AccessMode.AUDIT });
    expect(kindOf(chart, 'NetworkPolicy')).toEqual([]);
    expect(kindOf(chart, 'Sidecar')).toEqual([]);
    expect(manifestOf(chart, 'AuthorizationPolicy', 'allow-nothing').metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
    expect(manifestOf(chart, 'AuthorizationPolicy', 'api').metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
  });

  test('adopts a Namespace', () => {
    const chart = chartIn();
    const own = new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } });
    const zone = new ZeroTrustNamespace(chart, 'zone', { mesh: new istio.IstioMesh(chart, 'mesh'), adopted: own });
    expect(zone.namespaceName).toBe('shop');
    expect(manifestOf(chart, 'Namespace', 'shop').metadata.labels).toEqual({ 'team': 'a', 'istio-injection': 'enabled' });
  });

  test('refuses to be named unlike the Namespace that it adopts, or to be open', () => {
    const chart = chartIn();
    const mesh = new istio.IstioMesh(chart, 'mesh');
    const own = new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    expect(errorOf(() => new ZeroTrustNamespace(chart, 'a', { mesh, adopted: own, namespaceName: 'other' })).code).toBe('MESH-E031');
    expect(errorOf(() => new ZeroTrustNamespace(chart, 'b', { mesh, adopted: chart.node.tryFindChild('mesh')! })).code).toBe('MESH-E013');
    expect(errorOf(() => new ZeroTrustNamespace(chart, 'c', { mesh, access: AccessMode.OPEN })).code).toBe('MESH-E031');
    expect(errorOf(() => new ZeroTrustNamespace(chart, 'd', { mesh, scrapers: [Peer.anyone()] })).code).toBe('MESH-E031');
    expect(errorOf(() => new ZeroTrustNamespace(chart, 'e', { mesh, probeSources: ['10.0.0.0/99'] })).code).toBe('MESH-E032');
  });

  test('refuses services that are more open than it is, and those of another mesh', () => {
    const { app, chart, mesh } = shop();
    serviceIn(chart, 'open', mesh, { namespace: 'shop', access: AccessMode.OPEN });
    serviceIn(chart, 'plain', mesh, { namespace: 'shop', mtls: MtlsMode.PERMISSIVE });
    expect(errorsOf(() => manifestsOf(app)).map(({ code, constructPath }) => `${constructPath} ${code}`)).toEqual(['shop/open MESH-E027', 'shop/plain MESH-E027']);
    const other = chartIn();
    const [first, second] = ['a', 'b'].map((id) => new istio.IstioMesh(other, id));
    new ZeroTrustNamespace(other, 'zone', { mesh: first, namespaceName: 'shop' });
    serviceIn(other, 'api', second, { namespace: 'shop' });
    expect(errorOf(() => manifestsOf(other)).code).toBe('MESH-E031');
    const twice = chartIn();
    const mine = new istio.IstioMesh(twice, 'mesh');
    ['a', 'b'].forEach((id) => new ZeroTrustNamespace(twice, id, { mesh: mine, namespaceName: 'shop' }));
    expect(errorsOf(() => manifestsOf(twice)).map(({ code }) => code)).toContain('MESH-E034');
  });

  test('reports metrics that nobody could collect, and callers whose own walls would keep their calls in', () => {
    const { app, chart, mesh, zone, api } = shop();
    serviceIn(chart, 'stock', mesh, { namespace: 'shop', metrics: Metrics.direct(9100) });
    api.connections.allowFrom(Peer.namespace('shop'));
    const errors = errorsOf(() => manifestsOf(app));
    expect(errors.map(({ code, constructPath }) => `${constructPath} ${code}`).sort()).toEqual(['shop/stock MESH-E040', `${zone.node.path} MESH-E040`]);
    expect(errors.find(({ constructPath }) => constructPath === 'shop/stock')!.fix).toContain('scrapers');
  });

  test('lets the kubelet probe where the addresses of the nodes are known', () => {
    const { chart } = shop('istio', { probeSources: ['10.0.0.0/16'] });
    const policies = policiesOf(chart);
    expect(policies.decide({ client: NODE, server: API, port: 15020 }).admitted).toBe(true);
    expect(policies.decide({ client: { ip: '10.1.0.7' }, server: API, port: 15020 }).admitted).toBe(false);
  });

  test('opens the pods of a gateway that stand in it, and refuses pods that it cannot know', () => {
    const { app, chart, mesh, api } = shop();
    new Ingress(chart, 'public', { mesh, namespace: 'shop', hosts: ['shop.example.com'], gateway: IngressGateway.gatewayApi() }).route(api);
    const gateway = { namespace: 'shop', labels: { 'gateway.networking.k8s.io/gateway-name': 'public' } };
    const policies = policiesOf(chart);
    expect(policies.decide({ client: { ip: '203.0.113.9' }, server: gateway, port: 443 }).admitted).toBe(true);
    expect(policies.decide({ client: gateway, server: API, port: 8080 }).admitted).toBe(true);
    expect(policies.decide({ client: gateway, server: API, port: 9090 }).admitted).toBe(false);
    const foreign = IngressGateway.gatewayApi({ className: 'eg', serviceAccountName: 'eg' });
    new Ingress(chart, 'other', { mesh, namespace: 'shop', hosts: ['other.example.com'], gateway: foreign }).route(api);
    expect(errorOf(() => manifestsOf(app))).toMatchObject({ code: 'MESH-E040', constructPath: 'shop/other' });
  });

  test('lets a shared gateway of the mesh in by the labels of its pods', () => {
    const { chart, mesh, api } = shop();
    new Ingress(chart, 'public', { mesh, hosts: ['shop.example.com'] }).route(api);
    const policies = policiesOf(chart);
    const call = (labels: { [key: string]: string }) => policies.decide({ client: { namespace: 'istio-system', labels }, server: API, port: 8080 }).admitted;
    expect([call({ istio: 'ingressgateway' }), call({ app: 'x' })]).toEqual([true, false]);
  });

  test('sends calls through the waypoints of an ambient mesh', () => {
    const { chart, web, api } = shop('istio-ambient');
    web.connections.allowTo(api, Access.http({ methods: [MethodMatch.GET] }));
    const policies = policiesOf(chart);
    const waypoint = { namespace: 'shop', labels: { 'gateway.networking.k8s.io/gateway-name': 'waypoint' } };
    const istiod = { namespace: 'istio-system', labels: { app: 'istiod' } };
    expect(policies.decide({ client: WEB, server: waypoint, port: 15008 }).admitted).toBe(true);
    expect(policies.decide({ client: { namespace: 'other' }, server: waypoint, port: 15008 }).admitted).toBe(false);
    expect(policies.decide({ client: waypoint, server: API, port: 15008 }).admitted).toBe(true);
    expect(policies.decide({ client: waypoint, server: istiod, port: 15012 }).admitted).toBe(true);
    expect(policies.decide({ client: { ip: '169.254.7.127' }, server: API, port: 8080 }).admitted).toBe(false);
  });

  test('lets services call each other, and follows calls to where rules send them', () => {
    const { chart, mesh, api } = shop();
    const stock = serviceIn(chart, 'stock', mesh, { namespace: 'shop' });
    const worker = new MeshedWorkload(chart, 'worker', { mesh, namespace: 'shop', image: 'registry.example.com/worker:1' });
    worker.connections.allowTo(stock);
    api.connections.allowTo(stock, Access.ports(8080));
    const policies = policiesOf(chart);
    const pods = (name: string) => ({ namespace: 'shop', labels: { 'app.kubernetes.io/name': name } });
    expect(policies.decide({ client: pods('worker'), server: pods('stock'), port: 8080 }).admitted).toBe(true);
    expect(policies.decide({ client: pods('api'), server: pods('stock'), port: 8080 }).admitted).toBe(true);
    expect(policies.decide({ client: pods('stock'), server: pods('api'), port: 8080 }).admitted).toBe(false);
    expect(policies.decide({ client: pods('api'), server: pods('worker'), port: 8080 }).admitted).toBe(false);
  });

  test('asks for tokens in every request to its services', () => {
    const { chart, mesh, zone } = shop();
    serviceIn(chart, 'raw', mesh, { namespace: 'shop', ports: [Port.tcp(9000)] });
    zone.requireJwt(Jwt.issuedBy('https://id.example.com', { jwksUri: 'https://id.example.com/keys' }));
    expect(hasManifest(chart, 'RequestAuthentication', 'api')).toBe(true);
    expect(hasManifest(chart, 'RequestAuthentication', 'raw')).toBe(false);
    expect(errorOf(() => zone.requireJwt(Jwt.issuedBy('https://id.example.com', { jwksUri: 'https://id.example.com/keys' }))).code).toBe('MESH-E027');
  });

  test('without NetworkPolicies needs another wall for calls out of an ambient namespace', () => {
    const { app } = shop('istio-ambient', { networkPolicies: false });
    expect(errorOf(() => manifestsOf(app))).toMatchObject({ code: 'MESH-E021', constructPath: 'shop/zone' });
    expect(kindOf(shop('istio', { networkPolicies: false }).chart, 'NetworkPolicy')).toEqual([]);
  });

  test('on Consul needs a mesh that keeps calls in', () => {
    const chart = chartIn();
    const mesh = new consul.ConsulMesh(chart, 'mesh');
    new ZeroTrustNamespace(chart, 'shop', { mesh });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E031', constructPath: 'test/shop' });
  });
});

describe('isolation', () => {
  test('of a namespace refuses edges over its border', () => {
    const { app, zone } = shop();
    zone.isolate();
    expect(errorOf(() => manifestsOf(app))).toMatchObject({ code: 'MESH-E041', constructPath: 'shop/zone' });
  });

  test('of a namespace to some callers lets those call everything in it, and refuses others', () => {
    const { app, chart, mesh, zone, web } = shop();
    zone.allowOnly([web], Access.ports(80));
    expect(() => manifestsOf(app)).not.toThrow();
    expect(manifestOf(chart, 'AuthorizationPolicy', 'api').spec.rules[0].from).toEqual([{ source: { principals: ['cluster.local/ns/front/sa/web'] } }]);
    serviceIn(chart, 'late', mesh, { namespace: 'shop', ports: [Port.http(80)] });
    expect(manifestOf(chart, 'AuthorizationPolicy', 'late').spec.rules).toHaveLength(1);
    const other = serviceIn(chart, 'other', mesh, { namespace: 'front' });
    other.connections.allowTo(chart.node.findChild('late') as MeshedService);
    expect(errorsOf(() => manifestsOf(app)).map(({ code }) => code)).toEqual(['MESH-E041']);
  });

  test('of a service is one line', () => {
    const { app, web, api } = shop();
    api.allowOnly([web]);
    expect(() => manifestsOf(app)).not.toThrow();
    web.isolate();
    expect(errorOf(() => manifestsOf(app))).toMatchObject({ code: 'MESH-E041', constructPath: 'shop/web' });
  });
});
