import { ApiObject, App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Access, AccessMode, Capabilities, Destination, HeaderMatch, HttpRule, MeshedService, MeshedWorkload, PathMatch, Port, Retries, Weight, Workload } from '../../src';
import { FakeMesh } from '../support/fake-mesh';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, hasManifest, kindOf, manifestOf, namesOf } from '../support/manifests';

function setUp(namespace?: string) {
  const app = new App({ outdir: '/nonexistent' });
  const chart = chartIn(app, 'shop', { namespace });
  const mesh = new FakeMesh(chart, 'mesh', Capabilities.of('istio'));
  const synth = () => manifestOf(chart, 'Service', 'cart');
  return { app, chart, mesh, synth };
}

describe('a service of an image', () => {
  test.each([
    ['registry.example.com:5000/cart:1.4.2', '1.4.2'], ['cart', 'latest'], ['registry.example.com:5000/cart', 'latest'],
    ['cart:v1@sha256:0123456789abcdef0123', 'v1'], ['cart@sha256:0123456789abcdef0123', '0123456789ab'], ['cart:_1+b_', '1-b'],
  ])('tells by the labels of its pods which version %s is, and selects them without it', (image, version) => {
    const { chart, mesh } = setUp('shop');
    new MeshedService(chart, 'cart', { mesh, image, ports: [Port.http(80)] });
    const { selector, template } = manifestOf(chart, 'Deployment', 'cart').spec;
    expect(template.metadata.labels).toEqual({ ...selector.matchLabels, 'app.kubernetes.io/version': version });
    expect(selector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/instance': 'cart' });
  });

  test('gets a Deployment, a Service and a ServiceAccount', () => {
    const { chart, mesh } = setUp('shop');
    const workload = Workload.image('registry.example.com/cart:1', { replicas: 2, env: { LEVEL: 'info' }, args: ['--serve'] });
    new MeshedService(chart, 'cart', { mesh, workload, ports: [Port.http(80, { targetPort: 8080 }), Port.grpc(9000), Port.http(81, { targetPort: 8080 })] });
    const labels = { 'app.kubernetes.io/name': 'cart' };
    expect(namesOf(chart)).toEqual(['Deployment shop/cart', 'ServiceAccount shop/cart', 'Service shop/cart']);
    expect(manifestOf(chart, 'Service', 'cart').spec).toEqual({
      selector: labels,
      ports: [
        { name: 'http-80', port: 80, targetPort: 8080, protocol: 'TCP', appProtocol: 'http' },
        { name: 'grpc', port: 9000, targetPort: 9000, protocol: 'TCP', appProtocol: 'grpc' },
        { name: 'http-81', port: 81, targetPort: 8080, protocol: 'TCP', appProtocol: 'http' },
      ],
    });
    const pods = { ...labels, 'app.kubernetes.io/instance': 'cart' };
    expect(manifestOf(chart, 'Deployment', 'cart').spec).toMatchObject({
      replicas: 2,
      selector: { matchLabels: pods },
      template: {
        metadata: { labels: pods },
        spec: {
          serviceAccountName: 'cart',
          containers: [{
            name: 'cart',
            image: 'registry.example.com/cart:1',
            args: ['--serve'],
            env: [{ name: 'LEVEL', value: 'info' }],
            ports: [{ containerPort: 8080, name: 'http-81' }, { containerPort: 9000, name: 'grpc' }],
          }],
        },
      },
    });
  });

  test('keeps the image, labels and annotations that were added to it', () => {
    const { chart, mesh } = setUp();
    const cart = serviceIn(chart, 'cart', mesh);
    cart.workload.addPodLabels({ team: 'shop' });
    cart.workload.addPodAnnotations({ note: 'x' });
    for (const _ of ['first', 'second']) {
      expect(manifestOf(chart, 'Deployment', 'cart').spec.template.metadata).toMatchObject({ labels: { team: 'shop' }, annotations: { note: 'x' } });
      serviceIn(chart, `other-${_}`, mesh);
    }
  });

  test('and its versions have Deployments that do not take pods of each other', () => {
    const { chart, mesh } = setUp();
    const cart = serviceIn(chart, 'cart', mesh);
    cart.subset('v2', { workload: Workload.image('cart:2') });
    expect(kindOf(chart, 'Deployment').map(({ metadata, spec }) => [metadata.name, spec.selector.matchLabels, spec.template.metadata.labels.version])).toEqual([
      ['cart', { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/instance': 'cart' }, undefined],
      ['cart-v2', { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/instance': 'cart-v2' }, 'v2'],
    ]);
    expect(mesh.plan.services[0]).toMatchObject({ subsets: [{ subsetName: 'v2', labels: { version: 'v2' } }] });
    expect(mesh.plan.services[0].workloads).toHaveLength(2);
  });
});

describe('what a service tells of itself', () => {
  test('is there before any synth', () => {
    const { chart } = setUp('shop');
    const mesh = new FakeMesh(chart, 'own', Capabilities.of('istio'), { trustDomain: 'example.org', clusterDomain: 'k8s.example.org' });
    const cart = serviceIn(chart, 'cart', mesh, { ports: [Port.tcp(1)] });
    expect(cart).toMatchObject({ serviceName: 'cart', serviceNamespace: 'shop', host: 'cart.shop.svc.k8s.example.org', mesh, subsets: [] });
    expect(cart.identity.spiffeId).toBe('spiffe://example.org/ns/shop/sa/cart');
    expect(cart.servicePorts.map((port) => port.name)).toEqual(['tcp']);
    expect(cart.podLabels).toEqual({ 'app.kubernetes.io/name': 'cart' });
  });

  test('cannot be changed from outside', () => {
    const { chart, mesh } = setUp();
    const cart = serviceIn(chart, 'cart', mesh);
    cart.servicePorts.pop();
    cart.subset('v1').labels.version = 'v9';
    cart.subsets.pop();
    expect([cart.servicePorts.length, cart.subsets[0].labels.version]).toEqual([1, 'v1']);
  });

  test('in a chart without namespace is in the namespace default', () => {
    const { chart, mesh } = setUp();
    expect(serviceIn(chart, 'cart', mesh).host).toBe('cart.default.svc.cluster.local');
  });
});

describe('the name label of pods', () => {
  const deployment = (chart: Chart, labels: Record<string, string>) => new ApiObject(chart, 'w', {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'w' }, spec: { template: { metadata: { labels }, spec: { containers: [] } } },
  });

  test('that belongs to another name is left alone, and a label of ours tells the pods', () => {
    const { chart, mesh, synth } = setUp();
    serviceIn(chart, 'cart', mesh, { workload: Workload.adopt(deployment(chart, { 'app.kubernetes.io/name': 'basket' })) });
    expect(synth().spec.selector).toEqual({ 'cdk8smesh.github.io/service': 'cart' });
    expect(manifestOf(chart, 'Deployment', 'w').spec.template.metadata.labels).toEqual({ 'app.kubernetes.io/name': 'basket', 'cdk8smesh.github.io/service': 'cart' });
  });

  test('that is the name of another service would lead its calls astray', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'cart', mesh, { workload: Workload.adopt(deployment(chart, { 'app.kubernetes.io/name': 'basket' })) });
    serviceIn(chart, 'basket', mesh);
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E016',
      constructPath: 'shop/cart',
      what: 'the pods of shop/cart carry app.kubernetes.io/name=basket, by which shop/basket finds its own',
    });
  });

  test('is no trouble in another namespace', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'cart', mesh, { workload: Workload.adopt(deployment(chart, { 'app.kubernetes.io/name': 'basket' })) });
    serviceIn(chart, 'basket', mesh, { namespace: 'other' });
    expect(hasManifest(chart, 'Service', 'basket')).toBe(true);
  });
});

describe('ServiceAccounts', () => {
  test('that the program wrote are used, and not written again', () => {
    const { chart, mesh } = setUp('shop');
    const account = new kplus.ServiceAccount(chart, 'account', { metadata: { name: 'cart-runner' } });
    new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'raw-runner' } });
    serviceIn(chart, 'cart', mesh, { workload: Workload.adopt(new kplus.Deployment(chart, 'w', { serviceAccount: account, containers: [{ image: 'cart' }] })) });
    serviceIn(chart, 'raw-cart', mesh, { serviceAccountName: 'raw-runner' });
    expect(kindOf(chart, 'ServiceAccount').map(({ metadata }) => metadata.name)).toEqual(['cart-runner', 'raw-runner']);
    expect(mesh.plan.services.map(({ identity }) => identity.serviceAccountName)).toEqual(['cart-runner', 'raw-runner']);
    expect(manifestOf(chart, 'Deployment', 'raw-cart').spec.template.spec.serviceAccountName).toBe('raw-runner');
  });

  test('are written when they appear nowhere, once for two services, and never the one that Kubernetes makes', () => {
    const { chart, mesh } = setUp('shop');
    ['a', 'b'].forEach((id) => serviceIn(chart, id, mesh, { serviceAccountName: 'both' }));
    serviceIn(chart, 'c', mesh, { serviceAccountName: 'default' });
    expect(kindOf(chart, 'ServiceAccount').map(({ metadata }) => metadata.name)).toEqual(['both']);
  });

  test('that are added after a synth are seen at the next', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'cart', mesh);
    expect(kindOf(chart, 'ServiceAccount')).toHaveLength(1);
    new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'cart' } });
    expect(kindOf(chart, 'ServiceAccount')).toHaveLength(1);
  });

  test('of the versions of a service are one', () => {
    const { chart, mesh } = setUp();
    const pods = (id: string, serviceAccountName: string) => Workload.adopt(new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName, containers: [] } }));
    const cart = serviceIn(chart, 'cart', mesh, { workload: pods('one', 'a') });
    cart.subset('v2', { workload: pods('two', 'b') });
    expect(errorOf(() => cart.identity)).toMatchObject({ code: 'MESH-E031', constructPath: 'shop/cart', what: 'the workloads of one service run under several ServiceAccounts (a, b)' });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E031', constructPath: 'shop/cart' });
  });
});

describe('an adopted Service', () => {
  const SELECTOR = { app: 'cart' };
  function adopt(spec: object, props: Partial<ConstructorParameters<typeof MeshedService>[2]> = {}) {
    const { chart, mesh } = setUp('shop');
    const service = new ApiObject(chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart-service' }, spec: { selector: SELECTOR, ...spec } });
    const pods = new ApiObject(chart, 'pods', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'w' },
      spec: { template: { metadata: { labels: SELECTOR }, spec: { containers: [{ name: 'main', ports: [{ name: 'web', containerPort: 8080 }] }] } } },
    });
    const make = () => serviceIn(chart, 'cart', mesh, { service, workload: Workload.adopt(pods), ports: [Port.http(80)], ...props });
    return { chart, mesh, make, synth: () => { make(); return manifestOf(chart, 'Service', 'cart-service'); } };
  }

  test('keeps all it had, and its ports get protocols, and names where they have none', () => {
    const { synth, chart, mesh } = adopt({ ports: [{ port: 80, targetPort: 8080 }, { port: 90, name: 'own-name-of-more-than-15' }, { port: 53, protocol: 'UDP', name: 'dns' }], type: 'ClusterIP' }, { ports: [Port.grpc(90), Port.http(80)] });
    expect(synth().spec).toEqual({
      selector: SELECTOR,
      type: 'ClusterIP',
      ports: [{ port: 80, targetPort: 8080, name: 'http', appProtocol: 'http' }, { port: 90, name: 'own-name-of-more-than-15', appProtocol: 'grpc' }, { port: 53, protocol: 'UDP', name: 'dns' }],
    });
    expect(kindOf(chart, 'Service')).toHaveLength(1);
    expect(mesh.plan.services[0]).toMatchObject({ serviceName: 'cart-service', podLabels: SELECTOR, host: 'cart-service.shop.svc.cluster.local' });
    expect(mesh.plan.services[0].ports.map((port) => [port.number, port.targetPort, port.name])).toEqual([[90, 90, 'own-name-of-more-than-15'], [80, 8080, 'http']]);
  });

  test('tells the container ports by name, too', () => {
    const { synth, mesh } = adopt({ ports: [{ port: 80, targetPort: 'web' }] });
    synth();
    expect(mesh.plan.services[0].ports[0].targetPort).toBe(8080);
  });

  test('gets a name for a port that is asked for', () => {
    const { synth } = adopt({ ports: [{ port: 80, name: 'old' }] }, { ports: [Port.http(80, { name: 'http-web' })] });
    expect(synth().spec.ports).toEqual([{ port: 80, name: 'http-web', appProtocol: 'http' }]);
  });

  test('may be one of cdk8s-plus, and get ports later', () => {
    const { chart, mesh } = setUp('shop');
    const deployment = new kplus.Deployment(chart, 'w', { containers: [{ image: 'cart', portNumber: 8080 }] });
    const service = deployment.exposeViaService({ name: 'cart', ports: [{ port: 80, targetPort: 8080 }] });
    const cart = serviceIn(chart, 'cart', mesh, { service, workload: Workload.adopt(deployment), ports: [Port.http(80)] });
    expect(manifestOf(chart, 'Service', 'cart').spec.ports).toEqual([{ port: 80, targetPort: 8080, name: 'http', appProtocol: 'http' }]);
    service.bind(9090, { name: 'admin' });
    cart.subset('v1');
    expect(manifestOf(chart, 'Service', 'cart').spec.ports).toMatchObject([{ port: 80, appProtocol: 'http' }, { port: 9090, name: 'admin' }]);
  });

  test('has the ports that are declared', () => {
    expect(errorOf(adopt({ ports: [{ port: 8080 }, { port: 9090 }] }).synth)).toMatchObject({
      code: 'MESH-E005', constructPath: 'shop/cart', what: 'Service "cart-service" has no port 80', fix: 'declare ports that the Service has (8080, 9090)',
    });
    expect(errorOf(adopt({}).synth)).toMatchObject({ code: 'MESH-E005', fix: 'declare ports that the Service has (none)' });
    expect(errorOf(adopt({ ports: [{ port: 80, protocol: 'UDP' }] }).synth)).toMatchObject({ code: 'MESH-E005', what: 'port 80 of Service "cart-service" is not a TCP port' });
    expect(errorOf(adopt({ ports: [{ port: 80, targetPort: 'api' }] }).synth)).toMatchObject({
      code: 'MESH-E005', what: 'port 80 of Service "cart-service" leads to container port api, which its pods do not name',
    });
    expect(errorOf(adopt({ ports: [{ port: 80, targetPort: 8080 }] }, { ports: [Port.http(80, { targetPort: 9090 })] }).synth)).toMatchObject({
      code: 'MESH-E005', what: 'port 80 of Service "cart-service" leads to container port 8080, not to 9090',
    });
  });

  test('selects the pods of its workload', () => {
    const ports = [{ port: 80 }];
    expect(errorOf(adopt({ ports, selector: { app: 'basket' } }).synth)).toMatchObject({
      code: 'MESH-E016', constructPath: 'shop/cart', what: 'the adopted Service selects pods by app=basket, which those of its workload do not have',
    });
    expect(errorOf(adopt({ ports, selector: {} }).synth)).toMatchObject({ code: 'MESH-E031', what: 'Service "cart-service" selects no pods' });
  });

  test('is a Service of the same name', () => {
    const { make } = adopt({ ports: [{ port: 80 }] }, { serviceName: 'basket' });
    expect(errorOf(make)).toMatchObject({ code: 'MESH-E031', constructPath: 'shop/cart', what: 'service "basket" of namespace shop adopts Service "cart-service" of namespace shop' });
    const { chart, mesh } = setUp();
    const config = new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(errorOf(() => serviceIn(chart, 'cart', mesh, { service: config }))).toMatchObject({ code: 'MESH-E031', constructPath: 'shop/config', what: 'expected a Service, got a ConfigMap' });
    expect(errorOf(() => serviceIn(chart, 'cart-2', mesh, { service: new Construct(chart, 'empty') }))).toMatchObject({ code: 'MESH-E031', what: 'expected a Service, got "shop/empty"' });
  });
});

describe('a service is refused when it is made', () => {
  test.each<[string, Partial<ConstructorParameters<typeof MeshedService>[2]>, object]>([
    ['with a bad name', { serviceName: 'My_Cart' }, { code: 'MESH-E001', what: 'invalid service name, got "My_Cart"' }],
    ['with a name that no Service may have', { serviceName: '1cart' }, { code: 'MESH-E001', fix: 'begin it with a letter, as Kubernetes demands of Services' }],
    ['in a bad namespace', { namespace: 'Shop' }, { code: 'MESH-E001', what: 'invalid namespace, got "Shop"' }],
    ['without ports', { ports: [] }, { code: 'MESH-E030', what: 'a service without ports' }],
    ['with one port number twice', { ports: [Port.http(80), Port.grpc(80)] }, { code: 'MESH-E004', what: 'two ports with the number 80', fix: 'give every port of the service its own number' }],
    ['with one port name twice', { ports: [Port.http(80, { name: 'a' }), Port.grpc(81, { name: 'a' })] }, { code: 'MESH-E004', what: 'two ports with the name a' }],
    ['with image and workload', { workload: Workload.image('b'), image: 'a' }, { code: 'MESH-E031', what: 'both a workload and an image' }],
    ['with neither', { image: undefined }, { code: 'MESH-E031', what: 'neither workload nor image' }],
    ['with a timeout of nothing', { timeout: Duration.millis(0) }, { code: 'MESH-E010', what: 'invalid timeout, got 0 ms' }],
    ['with a warm-up of nothing', { warmUp: Duration.millis(0) }, { code: 'MESH-E010', what: 'invalid warm-up, got 0 ms' }],
    ['with tries that outlast the call', { timeout: Duration.seconds(1), retries: Retries.attempts(1, { perTryTimeout: Duration.seconds(2) }) }, { code: 'MESH-E027', what: 'a single try that may take longer than the whole call' }],
  ])('%s', (_, props, expected) => {
    const { chart, mesh } = setUp();
    expect(errorOf(() => new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80)], ...props }))).toMatchObject({ ...expected, constructPath: 'shop/cart' });
  });

  test('outside of every chart', () => {
    const app = new App();
    expect(errorOf(() => serviceIn(new Construct(app, 'group'), 'cart', new FakeMesh(app, 'mesh', Capabilities.of('istio'))))).toMatchObject({
      code: 'MESH-E030', constructPath: 'group/cart', what: '"group/cart" stands in no chart',
    });
  });
});

describe('a workload is refused at synth', () => {
  const pods = (chart: Chart, id: string, spec: object, metadata: object = {}) => Workload.adopt(new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [], ...spec } }));

  test('in another namespace', () => {
    const { chart, mesh } = setUp('shop');
    serviceIn(chart, 'cart', mesh, { workload: pods(chart, 'w', {}, { namespace: 'other' }) });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E031', constructPath: 'shop/cart', what: 'service "cart" of namespace shop has a workload in namespace other' });
  });

  test('that names no namespace, behind a service that does', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'cart', mesh, { namespace: 'shop', workload: pods(chart, 'w', {}) });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E031', what: 'service "cart" of namespace shop has a workload in namespace default' });
  });

  test('on the network of its node', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'cart', mesh, { workload: pods(chart, 'w', { hostNetwork: true }) });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E033', constructPath: 'shop/cart', what: 'the pods of "cart" use the network of their node, where no mesh can stand between' });
  });

  test('behind two services', () => {
    const { chart, mesh } = setUp();
    const workload = pods(chart, 'w', {});
    ['cart', 'basket'].forEach((id) => serviceIn(chart, id, mesh, { workload }));
    expect(errorsOf(() => namesOf(chart))).toMatchObject([{ code: 'MESH-E031', constructPath: 'shop/basket', what: 'one workload stands behind two services, shop/basket and shop/cart' }]);
  });

  test('whose labels say otherwise than those of its subset', () => {
    const { chart, mesh } = setUp();
    const workload = pods(chart, 'w', {}, { labels: { version: 'v1' } });
    serviceIn(chart, 'cart', mesh).subset('v2', { workload });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E016', constructPath: 'shop/cart', what: 'label version of the pods must be "v2" and is "v1"' });
  });

  test('without pod template, once, however many callers it has', () => {
    const { chart, mesh } = setUp();
    const rollout = new ApiObject(chart, 'rollout', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'cart' }, spec: { workloadRef: {} } });
    const cart = serviceIn(chart, 'cart', mesh, { workload: Workload.adopt(rollout) });
    const web = serviceIn(chart, 'web', mesh);
    cart.connections.allowTo(web);
    web.connections.allowTo(cart);
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E013', constructPath: 'shop/rollout', what: 'Rollout "cart" has no pod template' });
  });
});

describe('subsets', () => {
  test('are declared once, with labels', () => {
    const { chart, mesh } = setUp();
    const cart = serviceIn(chart, 'cart', mesh);
    cart.subset('v1');
    expect(errorOf(() => cart.subset('v1'))).toMatchObject({ code: 'MESH-E025', constructPath: 'shop/cart', what: 'subset "v1" is declared twice' });
    expect(errorOf(() => cart.subset('v2', { labels: {} }))).toMatchObject({ code: 'MESH-E025', what: 'subset "v2" without labels' });
    expect(errorOf(() => cart.subset('V'))).toMatchObject({ code: 'MESH-E001', what: 'invalid subset name, got "V"' });
    expect(errorOf(() => cart.subset('v3', { labels: { version: 'a b' } }))).toMatchObject({ code: 'MESH-E001', what: 'invalid value of label version, got "a b"' });
  });
});

describe('a rule is refused when it is added', () => {
  const { chart, mesh } = setUp();
  const cart = serviceIn(chart, 'cart', mesh, { ports: [Port.http(80), Port.tcp(90)] });
  const other = serviceIn(chart, 'other', mesh);
  const to = (weight?: number, port?: number) => Destination.service(cart, weight === undefined ? undefined : Weight.of(weight), port);
  test.each<[string, HttpRule, object]>([
    ['with weights that do not sum', { destinations: [to(50), Destination.service(other, Weight.of(40))] }, { code: 'MESH-E008', what: 'weights that sum to 90 (cart 50, other 40)', fix: 'make them sum to 100' }],
    ['with a destination without weight', { destinations: [to(50), Destination.service(other)] }, { code: 'MESH-E008', what: 'a split in which other has no weight' }],
    ['with one destination of less than everything', { destinations: [to(50)] }, { code: 'MESH-E008', what: 'a single destination with weight 50' }],
    ['with relative weights', { destinations: [Destination.service(cart, Weight.relative(1)), Destination.service(other, Weight.relative(2))] }, { code: 'MESH-E008', what: 'weights whose sum is not fixed, which not every mesh knows' }],
    ['with a destination that stands twice', { destinations: [to(50), to(50)] }, { code: 'MESH-E026', what: 'cart 50 stands twice in one split', fix: 'add its weights up' }],
    ['without destinations', { destinations: [] }, { code: 'MESH-E020', what: 'a rule with an empty list of destinations' }],
    ['by a port that the destination lacks', { destinations: [to(undefined, 81)] }, { code: 'MESH-E005', what: 'cart has no port 81', fix: 'use one of 80, 90' }],
    ['for a port of the service that is not there', { matches: [{ servicePort: 81 }] }, { code: 'MESH-E005', what: 'a match by port 81, by which no requests come in', fix: 'use one of 80' }],
    ['for a port that carries no requests', { matches: [{ servicePort: 90 }] }, { code: 'MESH-E005', what: 'a match by port 90, by which no requests come in' }],
    ['with two conditions on a header', { matches: [{ headers: [HeaderMatch.prefix('x', 'a'), HeaderMatch.regex('X', '.*b')] }] }, { code: 'MESH-E009', what: 'two conditions on header x in one match' }],
    ['with a timeout of nothing', { timeout: Duration.millis(0) }, { code: 'MESH-E010', what: 'invalid timeout, got 0 ms' }],
  ])('%s', (_, rule, expected) => {
    expect(errorOf(() => cart.addRoute(rule, new Construct(chart, `owner of ${_}`)))).toMatchObject({ ...expected, constructPath: `shop/owner of ${_}` });
  });

  test('and one condition and its opposite on a header is none', () => {
    expect(() => cart.addRoute({ matches: [{ headers: [HeaderMatch.prefix('x', 'a'), HeaderMatch.not(HeaderMatch.exact('x', 'ab'))] }] })).not.toThrow();
  });

  test('and so is one for requests that a service without such ports never gets', () => {
    const own = setUp();
    const redis = serviceIn(own.chart, 'redis', own.mesh, { ports: [Port.tcp(6379)] });
    redis.addRoute({ matches: [{ path: PathMatch.prefix('/a') }] });
    expect(errorOf(() => namesOf(own.chart))).toMatchObject({ code: 'MESH-E018', constructPath: 'shop/redis', what: 'routes, timeouts or retries for shop/redis, whose ports carry no requests that a mesh can see' });
  });
});

describe('a workload without service', () => {
  test('gets an identity and no Service', () => {
    const { chart, mesh } = setUp('shop');
    const load = new MeshedWorkload(chart, 'load', { mesh, image: 'load' });
    expect(namesOf(chart)).toEqual(['Deployment shop/load', 'ServiceAccount shop/load']);
    expect(mesh.plan.services[0]).toMatchObject({ ports: [], httpRules: [], access: AccessMode.OPEN });
    expect(mesh.plan.services[0].serviceObject).toBeUndefined();
    expect(load.identity.serviceAccountName).toBe('load');
  });

  test('cannot be called', () => {
    const { chart, mesh } = setUp();
    const [load, cart] = [new MeshedWorkload(chart, 'load', { mesh, image: 'load' }), serviceIn(chart, 'cart', mesh)];
    load.connections.allowTo(cart, Access.all());
    expect(errorOf(() => cart.connections.allowTo(load))).toMatchObject({ code: 'MESH-E018', what: 'an edge towards something that cannot be called' });
  });
});
