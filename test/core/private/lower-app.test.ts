import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Duration, Testing, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { Capabilities, Destination, HttpRule, IMesh, Ingress, istio, MeshedService, MeshError, MeshPlan, MeshProfile, PathMatch, Port, ServiceRoute, Workload } from '../../../src';
import { fail } from '../../../src/private/errors';
import { FakeMesh } from '../../support/fake-mesh';
import { chartIn, istioChart, serviceIn } from '../../support/fixtures';
import { errorOf, errorsOf, kindOf, manifestOf, manifestsOf, namesOf } from '../../support/manifests';

/** Runs a step with a folder that is gone afterwards. */
function inFolder<T>(step: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-'));
  try { return step(folder); } finally { rmSync(folder, { recursive: true }); }
}

function filesOf(folder: string, at: string = ''): Record<string, string> {
  return Object.fromEntries(readdirSync(join(folder, at), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? Object.entries(filesOf(folder, join(at, entry.name))) : [[join(at, entry.name), readFileSync(join(folder, at, entry.name), 'utf8')]])));
}

/** Two services that call each other, in two charts, and a mesh in a third. */
function shop(app: App) {
  const platform = chartIn(app, 'platform');
  const mesh = new istio.IstioMesh(platform, 'mesh');
  const [web, backend] = ['web', 'backend'].map((id) => serviceIn(chartIn(app, id, { namespace: id }), id, mesh));
  web.connections.allowTo(backend);
  backend.connections.allowTo(web);
  return { platform, mesh, web, backend };
}

describe('services that call each other over several charts', () => {
  test('make nothing depend on anything, and files keep their names', () => {
    inFolder((outdir) => {
      const app = new App({ outdir });
      shop(app);
      app.synth();
      expect(app.node.findAll().flatMap((construct) => construct.node.dependencies)).toEqual([]);
      expect(readdirSync(outdir).sort()).toEqual(['backend.k8s.yaml', 'platform.k8s.yaml', 'web.k8s.yaml']);
    });
  });

  test('let each other in', () => {
    const app = new App();
    shop(app);
    const principals = (name: string) => manifestOf(app, 'AuthorizationPolicy', name).spec.rules[0].from[0].source.principals;
    expect(principals('web')).toEqual(['cluster.local/ns/backend/sa/backend']);
    expect(principals('backend')).toEqual(['cluster.local/ns/web/sa/web']);
  });
});

describe('a synth', () => {
  test.each(Object.entries(YamlOutputType).filter(([, type]) => typeof type === 'number') as [string, YamlOutputType][])('writes every object as %s, the same twice', (_, yamlOutputType) => {
    inFolder((outdir) => {
      const app = new App({ outdir, yamlOutputType });
      const { mesh, platform } = shop(app);
      // Two namespaces have one PeerAuthentication named default each, which FILE_PER_RESOURCE would write to one file.
      if (yamlOutputType === YamlOutputType.FILE_PER_RESOURCE) { expect(errorsOf(() => app.synth()).map(({ code }) => code)).toEqual(['MESH-E034']); }
      const single = new App({ outdir, yamlOutputType });
      const chart = chartIn(single, 'one');
      serviceIn(chart, 'web', new istio.IstioMesh(chart, 'mesh'));
      const chosen = yamlOutputType === YamlOutputType.FILE_PER_RESOURCE ? single : app;
      chosen.synth();
      const first = filesOf(outdir);
      const objects = Object.values(first).join('').split('\n').filter((line) => line.startsWith('kind: ')).length;
      expect(objects).toBe(manifestsOf(chosen).length);
      chosen.synth();
      expect(filesOf(outdir)).toEqual(first);
      expect([mesh.node.path, platform.node.path]).toEqual(['platform/mesh', 'platform']);
    });
  });

  test('to text holds the same objects', () => {
    const app = new App();
    shop(app);
    const text = app.synthYaml();
    expect(text.split('\n').filter((line) => line.startsWith('kind: '))).toEqual(manifestsOf(app).map(({ kind }) => `kind: ${kind}`));
    expect(app.synthYaml()).toBe(text);
  });

  test('of one chart after another gives what all of them together give', () => {
    const app = new App();
    const { web, backend } = shop(app);
    const apart = [Chart.of(backend), Chart.of(web)].map((chart) => Testing.synth(chart));
    expect([Testing.synth(Chart.of(backend)), Testing.synth(Chart.of(web))]).toEqual(apart);
  });

  test('of charts inside of charts writes each object once', () => {
    const app = new App();
    const outer = chartIn(app, 'outer', { namespace: 'shop' });
    const inner = new Chart(outer, 'inner', { disableResourceNameHashes: true });
    const mesh = new istio.IstioMesh(outer, 'mesh');
    serviceIn(inner, 'cart', mesh, { namespace: 'shop' });
    serviceIn(outer, 'web', mesh);
    expect(namesOf(outer)).toEqual(expect.arrayContaining(['Deployment shop/web']));
    expect(namesOf(outer)).not.toEqual(expect.arrayContaining(['Deployment shop/cart']));
    expect(namesOf(inner)).toEqual(expect.arrayContaining(['Deployment shop/cart', 'AuthorizationPolicy shop/cart']));
    expect(new Set(namesOf(app)).size).toBe(namesOf(app).length);
  });

  test('of the chart that cdk8s makes for tests works', () => {
    const chart = Testing.chart();
    serviceIn(chart, 'cart', new istio.IstioMesh(chart, 'mesh'));
    expect(kindOf(chart, 'Service')).toHaveLength(1);
  });
});

describe('declarations after a synth', () => {
  test('count at the next, and what is not meant any more is gone', () => {
    const { chart, mesh } = istioChart();
    const cart = serviceIn(chart, 'cart', mesh);
    const before = namesOf(chart);
    const web = serviceIn(chart, 'web', mesh);
    web.connections.allowTo(cart);
    cart.addRoute({ timeout: Duration.seconds(1) });
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart').spec.rules).toHaveLength(1);
    expect(namesOf(chart)).toEqual(expect.arrayContaining([...before, 'VirtualService default/cart', 'Deployment default/web']));
    expect(new Set(namesOf(chart)).size).toBe(namesOf(chart).length);
  });

  test('mend what was wrong before', () => {
    const { chart, mesh } = istioChart();
    const ingress = new Ingress(chart, 'in', { mesh, hosts: ['shop.example.com'] });
    const web = serviceIn(chart, 'web', mesh);
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E020', constructPath: 'test/in', what: 'ingress "in" leads nowhere', fix: 'add a route with ingress.route(service)' });
    expect(chart.node.findAll().filter((construct) => construct.node.id === 'Mesh')).toEqual([]);
    ingress.route(web);
    expect(manifestOf(chart, 'Gateway', 'in').spec.servers).toHaveLength(1);
  });

  test('of adopted workloads leave them with what they had and one set of labels', () => {
    const { chart, mesh } = istioChart();
    const object = new ApiObject(chart, 'w', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'w' }, spec: { template: { spec: { containers: [] } } } });
    const cart = serviceIn(chart, 'cart', mesh, { workload: Workload.adopt(object) });
    const first = manifestOf(chart, 'Deployment', 'w');
    cart.subset('v1');
    expect(manifestOf(chart, 'Deployment', 'w')).toEqual(first);
  });
});

describe('errors at synth', () => {
  function broken(outdir: string) {
    const app = new App({ outdir });
    const { mesh, web, backend } = shop(app);
    const rule: HttpRule = { matches: [{ path: PathMatch.prefix('/a') }] };
    new ServiceRoute(Chart.of(web), 'first', { service: web, ...rule });
    new ServiceRoute(Chart.of(backend), 'second', { service: web, ...rule });
    serviceIn(Chart.of(web), 'copy', mesh, { serviceName: 'web' });
    const other = new FakeMesh(chartIn(app, 'other'), 'mesh', Capabilities.of('istio'));
    serviceIn(Chart.of(other), 'foreign', other).connections.allowTo(backend);
    return app;
  }
  const expected = [
    ['MESH-E017', 'backend/backend', 'other/foreign of mesh istio may call backend/backend of mesh istio, and no gateway stands between the two meshes'],
    ['MESH-E019', 'web/first', 'backend/second and web/first both route requests for prefix /a'],
    ['MESH-E015', 'web/copy', 'service web/web is declared by web/web and by web/copy'],
  ];
  const said = (errors: MeshError[]) => errors.map(({ code, constructPath, what }) => [code, constructPath, what]);

  test('come all together, each once and at its construct, and nothing is written', () => {
    inFolder((outdir) => {
      const app = broken(outdir);
      expect(said(errorsOf(() => app.synth())).sort()).toEqual([...expected].sort());
      expect(readdirSync(outdir)).toEqual([]);
      expect(said(errorsOf(() => app.synth())).sort()).toEqual([...expected].sort());
    });
  });

  test('are reported where cdk8s names the construct as well', () => {
    inFolder((outdir) => {
      let text = '';
      try { broken(outdir).synth(); } catch (error) { text = (error as Error).message; }
      expect(text).toMatch(/^Validation failed with the following errors:\n/);
      for (const [code, path] of expected) { expect(text).toContain(`[${path}] `); expect(text).toMatch(new RegExp(`\\[${code}\\] \\(at ${path}\\)`)); }
    });
  });

  test('of a workload that no service of ours made appear at its object', () => {
    const { chart, mesh } = istioChart();
    const pod = new ApiObject(chart, 'pod', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'r' } });
    serviceIn(chart, 'cart', mesh, { workload: Workload.adopt(pod) });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E013', constructPath: 'test/pod' });
  });

  test('that only the mesh finds come together, too', () => {
    const { chart } = istioChart();
    class Picky extends FakeMesh {
      public lower(plan: MeshPlan): void {
        super.lower(plan);
        fail('MESH-E028', 'no good', 'do better');
      }
    }
    const mesh = new Picky(chart, 'picky', Capabilities.of('istio'));
    serviceIn(chart, 'cart', mesh);
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E028', constructPath: 'test/picky', what: 'no good' });
  });

  test('of objects that a mesh wrote are asked for, though cdk8s has listed what it validates before', () => {
    const { chart } = istioChart();
    class Writer extends FakeMesh {
      public lower(plan: MeshPlan): void {
        new Construct(plan.services[0].scope, 'part').node.addValidation({ validate: () => ['part is wrong'] });
      }
    }
    serviceIn(chart, 'cart', new Writer(chart, 'writer', Capabilities.of('istio')));
    expect(() => namesOf(chart)).toThrow(/part is wrong/);
    expect(() => namesOf(chart)).toThrow(/^Validation failed with the following errors:\n  \[\] part is wrong \(at test\/cart\/Mesh\/part\)$/);
  });

  test('that are bugs are not hidden', () => {
    const { chart } = istioChart();
    class Buggy extends FakeMesh {
      public lower(): void { throw new TypeError('a bug'); }
    }
    serviceIn(chart, 'cart', new Buggy(chart, 'buggy', Capabilities.of('istio')));
    expect(() => namesOf(chart)).toThrow(TypeError);
  });
});

describe('two objects of one name', () => {
  test('are an error, whoever wrote the other', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    serviceIn(chart, 'cart', mesh);
    new ApiObject(chart, 'own', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart' } });
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E034', constructPath: 'test/cart', what: 'Service "cart" is written twice, by test/cart/Mesh/Service and by test/own', fix: 'give one of them another name, or leave one of them out',
    });
  });

  test('in two namespaces are none, nor are two of the user alone', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    serviceIn(chart, 'cart', mesh);
    ['a', 'b'].forEach((id) => new ApiObject(chart, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'same' } }));
    new ApiObject(chart, 'own', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'other' } });
    expect(kindOf(chart, 'Service')).toHaveLength(2);
  });

  test('may be a service and the ingress that leads to it', () => {
    const { chart, mesh } = istioChart();
    const web = serviceIn(chart, 'web', mesh, { timeout: Duration.seconds(1) });
    new Ingress(chart, 'in', { mesh, hosts: ['shop.example.com'], ingressName: 'web' }).route(web);
    expect(kindOf(chart, 'VirtualService').map(({ metadata }) => metadata.name).sort()).toEqual(['web', 'web-ingress']);
  });
});

describe('a mesh', () => {
  test('gets one plan of all its services, ordered by name, and none of the others', () => {
    const app = new App();
    const [one, two] = ['one', 'two'].map((id) => new FakeMesh(chartIn(app, id), 'mesh', Capabilities.of('istio')));
    ['b', 'a', 'c'].forEach((id) => serviceIn(Chart.of(one), id, one, { namespace: id === 'a' ? 'z' : 'y' }));
    serviceIn(Chart.of(two), 'd', two);
    namesOf(app);
    expect([one, two].map((mesh) => mesh.plans.map((plan) => plan.services.map(({ namespace, serviceName }) => `${namespace}/${serviceName}`)))).toEqual([[['y/b', 'y/c', 'z/a']], [['default/d']]]);
  });

  test('may be anything that has a profile and can lower a plan', () => {
    const chart = chartIn();
    class Minimal extends Construct implements IMesh {
      public readonly profile: MeshProfile = { ...new FakeMesh(this, 'fake', Capabilities.custom('minimal', ['lb.random'])).profile, mtls: undefined as never };
      public lower(plan: MeshPlan): void {
        plan.services.forEach(({ scope, serviceName }) => new ApiObject(scope, 'Own', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: serviceName } }));
      }
    }
    new MeshedService(chart, 'cart', { mesh: new Minimal(chart, 'mesh'), image: 'cart', ports: [Port.tcp(1)] });
    expect(namesOf(chart)).toEqual(['Deployment default/cart', 'ServiceAccount default/cart', 'Service default/cart', 'ConfigMap -/cart']);
  });

  test('never sees a destination of another mesh', () => {
    const app = new App();
    const [one, two] = ['one', 'two'].map((id) => new FakeMesh(chartIn(app, id), 'mesh', Capabilities.of('istio')));
    const [cart, foreign] = [serviceIn(Chart.of(one), 'cart', one), serviceIn(Chart.of(two), 'foreign', two)];
    cart.addRoute({ destinations: [Destination.service(foreign)] });
    expect(errorOf(() => namesOf(app))).toMatchObject({ code: 'MESH-E017', constructPath: 'one/cart', what: expect.stringContaining('calls to one/cart of mesh istio go to two/foreign of mesh istio') });
  });
});
