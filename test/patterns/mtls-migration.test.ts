import { App, Chart, Yaml } from 'cdk8s';
import { AccessMode, consul, gatewayapi, IMesh, istio, linkerd, MeshedService, MtlsMigration, MtlsMigrationProps, MtlsMode, Peer } from '../../src';
import { decide, estate } from '../engine/support/estate';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, manifestOf, Manifest, manifestsOf } from '../support/manifests';

interface Shop {
  readonly app: App;
  readonly chart: Chart;
  readonly migration: MtlsMigration;
  readonly services: { readonly [name: string]: MeshedService };
}

const MESHES: { readonly [name: string]: (chart: Chart) => IMesh } = {
  'istio': (chart) => new istio.IstioMesh(chart, 'mesh', { access: AccessMode.OPEN }),
  'istio-ambient': (chart) => new istio.IstioMesh(chart, 'mesh', { dataPlane: istio.DataPlane.AMBIENT, access: AccessMode.OPEN }),
  'linkerd': (chart) => new linkerd.LinkerdMesh(chart, 'mesh'),
  'consul': (chart) => new consul.ConsulMesh(chart, 'mesh', { access: AccessMode.OPEN }),
};

/** web calls api and stock, api calls stock; an old system calls stock by address where `outside` is said. */
function shop(name: string = 'istio', props: Partial<MtlsMigrationProps> = {}): Shop {
  const app = new App({ outdir: '/nonexistent' });
  const chart = chartIn(app, 'shop');
  const mesh = MESHES[name](chart);
  const [web, api, stock] = ['web', 'api', 'stock'].map((id) => serviceIn(chart, id, mesh, { namespace: 'shop' }));
  web.connections.allowTo(api);
  web.connections.allowTo(stock);
  api.connections.allowTo(stock);
  const migration = new MtlsMigration(app, 'mtls', { mesh, ...props });
  migration.criticality(stock, 5);
  migration.criticality(api, 1);
  return { app, chart, migration, services: { web, api, stock } };
}

const phaseNames = (migration: MtlsMigration) => migration.plan().map(({ phaseName }) => phaseName);

describe('strict mutual TLS in phases', () => {
  test('goes from permissive by services, the least critical first, to namespaces and the mesh', () => {
    const { app, migration } = shop();
    expect(phaseNames(migration)).toEqual(['permissive', 'services-1', 'services-2', 'services-3', 'namespaces', 'mesh']);
    const modes = migration.charts.map((chart) => kindOf(chart, 'PeerAuthentication').map(({ metadata, spec }) => `${metadata.namespace}/${metadata.name} ${spec.mtls.mode}`));
    expect(modes).toEqual([
      ['shop/default PERMISSIVE'],
      ['shop/default PERMISSIVE', 'shop/web STRICT'],
      ['shop/default PERMISSIVE', 'shop/api STRICT', 'shop/web STRICT'],
      ['shop/default PERMISSIVE', 'shop/api STRICT', 'shop/stock STRICT', 'shop/web STRICT'],
      ['shop/default STRICT'],
      ['istio-system/default STRICT'],
    ]);
    expect(kindOf(app.charts.find(({ node }) => node.id === 'shop')!, 'PeerAuthentication')).toEqual([]);
  });

  test('keeps its commands with every phase, in the order in which services should move', () => {
    const { migration } = shop('istio', { checkCommands: ['./smoke-test.sh'] });
    const [permissive, first] = migration.plan();
    expect(permissive).toMatchObject({ output: 'mtls-permissive.k8s.yaml', commands: ['kubectl apply -f mtls-permissive.k8s.yaml'], checkCommands: ['./smoke-test.sh'], rollbackCommands: [] });
    expect(first.purpose).toContain('1. shop/web');
    expect(manifestOf(migration.charts[1], 'ConfigMap', 'mtls-services-1').data['plan.md']).toContain('kubectl apply -f mtls-services-1.k8s.yaml');
    expect(migration.planText()).toContain('## 6. Make the mesh strict');
  });

  test('leaves a service permissive, by its own word, while somebody without a proxy calls it', () => {
    const { migration, services } = shop('istio', { outside: ['legacy'] });
    services.stock.connections.allowFrom(Peer.addresses('10.9.0.0/16'));
    services.api.connections.allowFrom(Peer.namespace('legacy'));
    expect(migration.blockers()).toEqual([
      { service: 'shop/api', caller: 'namespace legacy', reason: 'the pods of namespace legacy have no proxy yet' },
      { service: 'shop/stock', caller: 'addresses 10.9.0.0/16', reason: 'it is known by address, so that nothing says that it has a proxy' },
    ]);
    const last = kindOf(migration.charts[migration.charts.length - 1], 'PeerAuthentication').map(({ metadata, spec }) => `${metadata.name} ${spec.mtls.mode}`);
    expect(last).toEqual(['default STRICT', 'api PERMISSIVE', 'stock PERMISSIVE']);
    expect(migration.planText()).toContain('shop/stock stays permissive for addresses 10.9.0.0/16');
  });

  test('follows what is declared after it was asked', () => {
    const { chart, migration } = shop();
    expect(phaseNames(migration)).toHaveLength(6);
    const late = serviceIn(chart, 'late', migration.node.root.node.findChild('shop').node.findChild('mesh') as istio.IstioMesh, { namespace: 'shop' });
    migration.criticality(late, 9);
    expect(phaseNames(migration)).toEqual(['permissive', 'services-1', 'services-2', 'services-3', 'services-4', 'namespaces', 'mesh']);
  });

  test('writes the Servers of Linkerd, and says how the defaults of pods are set', () => {
    const { chart, migration } = shop('linkerd');
    expect(kindOf(chart, 'Server')).toEqual([]);
    const policies = migration.charts.map((phase) => kindOf(phase, 'Server').map(({ metadata, spec }) => `${metadata.name} ${spec.accessPolicy}`));
    expect(policies[0]).toEqual(['api-http all-unauthenticated', 'stock-http all-unauthenticated', 'web-http all-unauthenticated']);
    expect(policies[2]).toEqual(['api-http deny', 'stock-http all-unauthenticated', 'web-http deny']);
    const plan = migration.plan();
    expect(plan[4].commands[1]).toBe('kubectl annotate namespace shop config.linkerd.io/default-inbound-policy=all-authenticated --overwrite');
    expect(plan[5].commands[1]).toContain('proxy.defaultInboundPolicy=all-authenticated');
  });

  test('writes ServiceDefaults and Mesh of Consul, which has no mode for namespaces', () => {
    const { chart, migration } = shop('consul');
    expect(kindOf(chart, 'ServiceDefaults')).toEqual([]);
    expect(phaseNames(migration)).toEqual(['permissive', 'services-1', 'services-2', 'services-3', 'mesh']);
    const modes = migration.charts.map((phase) => kindOf(phase, 'ServiceDefaults').map(({ spec }) => spec.mutualTLSMode));
    expect(modes[1]).toEqual(['permissive', 'permissive', undefined]);
    expect(kindOf(migration.charts[0], 'ServiceDefaults').map(({ spec }) => spec.protocol)).toEqual(['http', 'http', 'http']);
    expect(migration.charts.map((phase) => kindOf(phase, 'Mesh')[0].spec.allowEnablingPermissiveMutualTLS)).toEqual([true, true, true, undefined, undefined]);
  });

  test('needs a mesh that ends strict, that can be permissive, and one migration', () => {
    const { app, chart } = shop();
    const mesh = chart.node.findChild('mesh') as istio.IstioMesh;
    expect(errorOf(() => new MtlsMigration(app, 'again', { mesh })).code).toBe('MESH-E031');
    const open = chartIn();
    const permissive = new istio.IstioMesh(open, 'mesh', { mtls: MtlsMode.PERMISSIVE });
    const migration = new MtlsMigration(open.node.root as App, 'mtls', { mesh: permissive });
    expect(errorOf(() => manifestsOf(open.node.root as App)).code).toBe('MESH-E031');
    expect(errorOf(() => migration.criticality(serviceIn(open, 'x', permissive), 1.5)).code).toBe('MESH-E028');
    const plain = chartIn();
    new MtlsMigration(plain.node.root as App, 'mtls', { mesh: new gatewayapi.GatewayApiMesh(plain, 'mesh') });
    expect(errorOf(() => manifestsOf(plain.node.root as App))).toMatchObject({ code: 'MESH-E021', constructPath: 'mtls' });
  });

  test('refuses a service that is to stay open', () => {
    const { app, chart, migration } = shop();
    serviceIn(chart, 'open', chart.node.findChild('mesh') as istio.IstioMesh, { mtls: MtlsMode.PERMISSIVE });
    expect(errorOf(() => manifestsOf(app))).toMatchObject({ code: 'MESH-E031', constructPath: 'mtls' });
    expect(() => migration.plan()).toThrow('MESH-E031');
  });
});

describe('the declared calls of an estate', () => {
  const CALLS = [['web', 'api'], ['web', 'stock'], ['api', 'stock']] as const;
  const text = (manifests: readonly Manifest[]) => Yaml.stringify(...manifests);
  /** What becomes of every declared call, and of one by address, when the objects of a phase are applied. */
  const outcomes = (services: readonly Manifest[], phase: readonly Manifest[], mesh: string) => {
    const model = estate(text([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, ...services, ...phase]), { mesh });
    const server = (name: string) => ({ host: `${name}.shop.svc.cluster.local`, port: 8080 });
    const declared = CALLS.map(([from, to]) => decide(model, { client: { namespace: 'shop', labels: { 'app.kubernetes.io/name': from } }, server: server(to), http: { path: '/' } }).verdict);
    return [...declared, decide(model, { client: { ip: '10.9.0.1' }, server: server('stock'), http: { path: '/' } }).verdict];
  };

  test.each(Object.keys(MESHES))('never fail in any phase on %s', (name) => {
    const { chart, migration, services } = shop(name);
    // Consul knows no callers by address.
    if (name !== 'consul') { services.stock.connections.allowFrom(Peer.addresses('10.9.0.0/16')); }
    const own = manifestsOf(chart);
    for (const phase of migration.charts) {
      const [byAddress, ...declared] = outcomes(own, manifestsOf(phase), name).reverse();
      expect([phase.node.id, ...declared]).toEqual([phase.node.id, 'allowed', 'allowed', 'allowed']);
      if (name !== 'consul') { expect(byAddress).toBe('allowed'); }
    }
  });

  test.each(['istio', 'istio-ambient'])('fail on %s where the exception is skipped, and where pods had no proxy yet', (name) => {
    const { chart, migration, services } = shop(name);
    services.stock.connections.allowFrom(Peer.addresses('10.9.0.0/16'));
    const own = manifestsOf(chart);
    const last = manifestsOf(migration.charts[migration.charts.length - 1]);
    const careless = last.filter(({ metadata }) => metadata.name === 'default');
    expect(outcomes(own, careless, name)).toEqual(['allowed', 'allowed', 'allowed', 'denied']);
    // Without the first phase the pods of web have no proxy when the services become strict.
    const bare: Manifest[] = own.map((manifest) => (manifest.kind === 'Deployment' && manifest.metadata.name === 'web' ? {
      ...manifest,
      spec: { ...manifest.spec, template: { ...manifest.spec.template, metadata: { labels: { 'app.kubernetes.io/name': 'web' } } } },
    } : manifest));
    const strict = manifestsOf(migration.charts[2]);
    expect(outcomes(bare, strict, name).slice(0, 2)).toEqual(['denied', 'allowed']);
  });
});
