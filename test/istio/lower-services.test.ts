import { ApiObject, Chart, Cron } from 'cdk8s';
import * as kplus28 from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { Access, AccessMode, HeaderMatch, Identity, istio, MeshedService, MeshedWorkload, MethodMatch, Metrics, MtlsMode, PathMatch, Peer, Port, Workload } from '../../src';
import { istioChart, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, hasManifest, kindOf, Manifest, manifestOf, manifestsOf, namesOf } from '../support/manifests';

const setUp = (props: istio.IstioMeshProps = {}) => istioChart(props, { namespace: 'shop' });

/** The pod template of a workload, wherever it is. */
function podsOf(manifest: Manifest): Manifest {
  if (manifest.kind === 'Pod') { return manifest; }
  return manifest.kind === 'CronJob' ? manifest.spec.jobTemplate.spec.template : manifest.spec.template;
}

describe('pods', () => {
  const adopted: Record<string, (chart: Chart) => Construct> = {
    'a Deployment of cdk8s-plus-28': (chart) => new kplus28.Deployment(chart, 'w', { containers: [{ image: 'main' }] }),
    'a Deployment of cdk8s-plus-33': (chart) => new kplus33.Deployment(chart, 'w', { containers: [{ image: 'main' }] }),
    'a DaemonSet': (chart) => new kplus28.DaemonSet(chart, 'w', { containers: [{ image: 'main' }] }),
    'a StatefulSet': (chart) => new kplus28.StatefulSet(chart, 'w', { containers: [{ image: 'main', portNumber: 1 }], service: new kplus28.Service(chart, 's', { ports: [{ port: 1 }] }) }),
    'a Job': (chart) => new kplus28.Job(chart, 'w', { containers: [{ image: 'main' }] }),
    'a CronJob': (chart) => new kplus28.CronJob(chart, 'w', { schedule: Cron.hourly(), containers: [{ image: 'main' }] }),
    'a Pod': (chart) => new kplus28.Pod(chart, 'w', { containers: [{ image: 'main' }] }),
    'a Rollout': (chart) => new ApiObject(chart, 'w', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: { template: { spec: { containers: [] } } } }),
  };

  test.each(Object.entries(adopted))('of %s get a proxy, whether built before the service or after', (_, build) => {
    const { chart, mesh } = setUp();
    const workload = Workload.adopt(build(chart));
    new MeshedWorkload(chart, 'member', { mesh, workload });
    const pods = podsOf(manifestsOf(chart).find((manifest) => manifest.kind === workload.apiObject!.kind)!);
    expect(pods.metadata.labels).toMatchObject({ 'sidecar.istio.io/inject': 'true', 'app.kubernetes.io/name': 'member' });
    expect(pods.metadata.annotations).toMatchObject({ 'sidecar.istio.io/rewriteAppHTTPProbers': 'true' });
    expect(pods.spec.serviceAccountName).toBe('member');
    const ending = ['Job', 'CronJob'].includes(workload.apiObject!.kind);
    expect(pods.metadata.annotations['sidecar.istio.io/nativeSidecar']).toBe(ending ? 'true' : undefined);
  });

  test('get the proxy of the revision that the mesh names', () => {
    const { chart, mesh } = setUp({ revision: 'canary' });
    serviceIn(chart, 'cart', mesh);
    const { labels } = manifestOf(chart, 'Deployment', 'cart').spec.template.metadata;
    expect(labels).toMatchObject({ 'istio.io/rev': 'canary' });
    expect(labels).not.toHaveProperty(['sidecar.istio.io/inject']);
  });

  test('keep their probes, which the agent answers without mutual TLS', () => {
    const { chart, mesh } = setUp({ mtls: MtlsMode.STRICT });
    const containers = [
      { name: 'main', readinessProbe: { httpGet: { path: '/ready', port: 8080 } }, livenessProbe: { grpc: { port: 9090 } }, startupProbe: { tcpSocket: { port: 8080 } } },
      { name: 'other', readinessProbe: { exec: { command: ['true'] } } },
    ];
    const object = new ApiObject(chart, 'w', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'w' }, spec: { template: { spec: { containers } } } });
    serviceIn(chart, 'cart', mesh, { workload: Workload.adopt(object) });
    const { metadata, spec } = manifestOf(chart, 'Deployment', 'w').spec.template;
    expect(spec.containers).toEqual(containers);
    expect(metadata.annotations).toEqual({ 'sidecar.istio.io/rewriteAppHTTPProbers': 'true' });
    expect(kindOf(chart, 'PeerAuthentication').map(({ spec: policy }) => policy)).toEqual([{ mtls: { mode: 'STRICT' } }]);
  });
});

describe('mutual TLS', () => {
  const modes = (chart: Chart) => kindOf(chart, 'PeerAuthentication').map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec.selector?.matchLabels, spec.mtls.mode]);

  test('is written once for every namespace with services', () => {
    const { chart, mesh } = setUp();
    [['a', 'one'], ['b', 'one'], ['c', 'two']].forEach(([id, namespace]) => serviceIn(chart, id, mesh, { namespace }));
    expect(modes(chart)).toEqual([['one/default', undefined, 'STRICT'], ['two/default', undefined, 'STRICT']]);
  });

  test('is written once for the mesh when that is said', () => {
    const { chart, mesh } = setUp({ meshWide: true, mtls: MtlsMode.PERMISSIVE, rootNamespace: 'istio-config' });
    [['a', 'one'], ['b', 'two']].forEach(([id, namespace]) => serviceIn(chart, id, mesh, { namespace }));
    expect(modes(chart)).toEqual([['istio-config/default', undefined, 'PERMISSIVE']]);
  });

  test('that differs for a service is written for its pods', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'cart', mesh, { mtls: MtlsMode.PERMISSIVE });
    serviceIn(chart, 'same', mesh, { mtls: MtlsMode.STRICT });
    expect(modes(chart)).toEqual(expect.arrayContaining([['shop/cart', { 'app.kubernetes.io/name': 'cart' }, 'PERMISSIVE'], ['shop/default', undefined, 'STRICT']]));
    expect(modes(chart)).toHaveLength(2);
  });

  test('that is disabled is disabled for clients, too', () => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'legacy', mesh, { mtls: MtlsMode.DISABLED, access: AccessMode.OPEN });
    expect(modes(chart)).toContainEqual(['shop/legacy', { 'app.kubernetes.io/name': 'legacy' }, 'DISABLE']);
    expect(manifestOf(chart, 'DestinationRule', 'legacy').spec).toEqual({ host: 'legacy.shop.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } } });
  });

  test('that is disabled leaves no callers to be known', () => {
    const { chart, mesh } = setUp();
    const [a, b] = ['a', 'b'].map((id) => serviceIn(chart, id, mesh, { mtls: MtlsMode.DISABLED }));
    a.connections.allowTo(b);
    b.connections.allowTo(a);
    expect(errorsOf(() => namesOf(chart)).map(({ code, constructPath, what }) => [code, constructPath, what])).toEqual(['a', 'b'].map((id) => (
      ['MESH-E029', `test/${id}`, `callers of ${id} are known by identity, and mutual TLS is disabled`])));
    const open = setUp();
    serviceIn(open.chart, 'a', open.mesh, { mtls: MtlsMode.DISABLED }).connections.allowFrom(Peer.addresses('10.0.0.0/8'));
    expect(manifestOf(open.chart, 'AuthorizationPolicy', 'a').spec.rules).toEqual([{ from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }] }]);
  });
});

describe('access', () => {
  function policyOf(declare: (cart: MeshedService, web: MeshedService) => void, ports: Port[] = [Port.http(80, { targetPort: 8080 })]) {
    const { chart, mesh } = setUp();
    const [cart, web] = [serviceIn(chart, 'cart', mesh, { ports }), serviceIn(chart, 'web', mesh)];
    declare(cart, web);
    return manifestOf(chart, 'AuthorizationPolicy', 'cart').spec;
  }
  const WEB = { source: { principals: ['cluster.local/ns/shop/sa/web'] } };

  test('is nobody\'s unless somebody was let in', () => {
    expect(policyOf(() => undefined)).toEqual({ action: 'ALLOW', selector: { matchLabels: { 'app.kubernetes.io/name': 'cart' } } });
  });

  test('is everybody\'s where the service is open', () => {
    const { chart, mesh } = setUp({ access: AccessMode.OPEN });
    serviceIn(chart, 'cart', mesh).connections.allowFrom(Peer.anyone());
    serviceIn(chart, 'guarded', mesh, { access: AccessMode.DECLARED });
    expect(kindOf(chart, 'AuthorizationPolicy').map(({ metadata }) => metadata.name)).toEqual(['guarded']);
  });

  test('is only reported where that is asked for', () => {
    const { chart, mesh } = setUp({ access: AccessMode.AUDIT });
    serviceIn(chart, 'cart', mesh);
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart').metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
  });

  test('names callers by what they are known by, in one rule for all that may do the same', () => {
    expect(policyOf((cart, web) => {
      [web, Peer.namespace('b'), Peer.namespace('a'), Peer.addresses('10.0.0.2', '10.0.0.1'), Peer.identity(Identity.spiffe('spiffe://td/ns/x/sa/y')), web]
        .forEach((caller) => caller.connections.allowTo(cart));
    }).rules).toEqual([{
      from: [
        { source: { principals: ['cluster.local/ns/shop/sa/web', 'td/ns/x/sa/y'] } }, { source: { namespaces: ['a', 'b'] } }, { source: { ipBlocks: ['10.0.0.1', '10.0.0.2'] } },
      ],
    }]);
  });

  test('of anybody names nobody', () => {
    expect(policyOf((cart, web) => [web, Peer.anyone()].forEach((caller) => caller.connections.allowTo(cart))).rules).toEqual([{}]);
  });

  test('by path takes whole segments, and templates as they are', () => {
    expect(policyOf((cart, web) => web.connections.allowTo(cart, Access.http({
      methods: [MethodMatch.POST, MethodMatch.GET],
      paths: [PathMatch.prefix('/a'), PathMatch.exact('/b'), PathMatch.template('/c/{*}/{**}'), PathMatch.prefix('/')],
      headers: [HeaderMatch.present('x-p'), HeaderMatch.not(HeaderMatch.exact('x-e', 'v')), HeaderMatch.prefix('x-b', 'v')],
    }))).rules).toEqual([{
      from: [WEB],
      to: [{ operation: { methods: ['GET', 'POST'], paths: ['/*', '/a', '/a/*', '/b', '/c/{*}/{**}'] } }],
      when: [{ key: 'request.headers[x-b]', values: ['v*'] }, { key: 'request.headers[x-e]', notValues: ['v'] }, { key: 'request.headers[x-p]', values: ['*'] }],
    }]);
  });

  test('by request names the ports where others carry none, by the numbers that the container knows', () => {
    const ports = [Port.http(80, { targetPort: 8080 }), Port.tcp(90, { targetPort: 9090 }), Port.grpc(70)];
    expect(policyOf((cart, web) => web.connections.allowTo(cart, Access.grpc('a.B', 'C')), ports).rules).toEqual([{
      from: [WEB], to: [{ operation: { methods: ['POST'], paths: ['/a.B/C'], ports: ['70', '8080'] } }],
    }]);
    expect(policyOf((cart, web) => web.connections.allowTo(cart, Access.ports(90)), ports).rules).toEqual([{ from: [WEB], to: [{ operation: { ports: ['9090'] } }] }]);
    expect(policyOf((cart, web) => web.connections.allowTo(cart), ports).rules).toEqual([{ from: [WEB] }]);
  });

  test.each<[string, Access, string]>([
    ['a path pattern', Access.http({ paths: [PathMatch.regex('/a.*')] }), "access by path pattern /a.*, which Istio's policies do not know"],
    ['a header pattern', Access.http({ headers: [HeaderMatch.regex('x', 'a+')] }), "access by header pattern a+, which Istio's policies do not know"],
    ['a path that reads as a wildcard', Access.http({ paths: [PathMatch.exact('/a*')] }), '"/a*" in an access, which Istio would read as a pattern'],
    ['a path with braces', Access.http({ paths: [PathMatch.exact('/{a}')] }), '"/{a}" in an access, which Istio would read as a pattern'],
    ['a header that reads as a wildcard', Access.http({ headers: [HeaderMatch.exact('x', '*a')] }), '"*a" in an access, which Istio would read as a pattern'],
  ])('by %s is refused', (_, access, what) => {
    const { chart, mesh } = setUp();
    const [cart, web] = ['cart', 'web'].map((id) => serviceIn(chart, id, mesh));
    web.connections.allowTo(cart, access);
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E009', constructPath: 'test/cart', what });
  });

  test('errors of several services come together', () => {
    const { chart, mesh } = setUp();
    const [a, b] = ['a', 'b'].map((id) => serviceIn(chart, id, mesh));
    [a, b].forEach((service) => service.connections.allowFrom(Peer.anyone(), Access.http({ paths: [PathMatch.regex(`/${service.serviceName}.*`)] })));
    expect(errorsOf(() => namesOf(chart)).map(({ constructPath }) => constructPath)).toEqual(['test/a', 'test/b']);
  });

  test('that is refused is refused on the ports of the service, whatever else is allowed', () => {
    const { chart, mesh } = setUp();
    const [cart, web] = ['cart', 'web'].map((id) => serviceIn(chart, id, mesh));
    cart.connections.denyFrom(web, Access.http({ methods: [MethodMatch.DELETE] }));
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart-deny').spec).toMatchObject({
      action: 'DENY', rules: [{ from: [WEB], to: [{ operation: { methods: ['DELETE'], ports: ['8080'] } }] }],
    });
  });
});

describe('metrics', () => {
  const setUpMetrics = (metrics: Metrics, props: object = {}) => {
    const { chart, mesh } = setUp();
    serviceIn(chart, 'cart', mesh, { metrics, ports: [Port.http(80, { targetPort: 8080 })], ...props });
    return chart;
  };

  test('that are merged are fetched by the agent, and nothing is opened', () => {
    const chart = setUpMetrics(Metrics.merged(9090, '/stats'));
    expect(manifestOf(chart, 'Deployment', 'cart').spec.template.metadata.annotations).toMatchObject({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090', 'prometheus.io/path': '/stats' });
    expect(kindOf(chart, 'PeerAuthentication')).toHaveLength(1);
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart').spec.rules).toBeUndefined();
  });

  test('that are read directly open their container port, and no other', () => {
    const chart = setUpMetrics(Metrics.direct(9090));
    expect(manifestOf(chart, 'PeerAuthentication', 'cart').spec).toEqual({
      selector: { matchLabels: { 'app.kubernetes.io/name': 'cart' } }, mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } },
    });
    expect(manifestOf(chart, 'AuthorizationPolicy', 'cart').spec.rules).toEqual([{ to: [{ operation: { ports: ['9090'] } }] }]);
  });

  test('on the port of the application are open as far as one may read them', () => {
    expect(manifestOf(setUpMetrics(Metrics.direct(8080)), 'AuthorizationPolicy', 'cart').spec.rules).toEqual([
      { to: [{ operation: { ports: ['8080'], methods: ['GET'], paths: ['/metrics'] } }] },
    ]);
    for (const access of [AccessMode.OPEN, AccessMode.AUDIT]) {
      expect(manifestOf(setUpMetrics(Metrics.direct(8080), { access }), 'AuthorizationPolicy', 'cart-metrics').spec).toEqual({
        action: 'DENY',
        selector: { matchLabels: { 'app.kubernetes.io/name': 'cart' } },
        rules: [{
          from: [{ source: { notPrincipals: ['*'] } }],
          to: [{ operation: { ports: ['8080'], notPaths: ['/metrics'] } }, { operation: { ports: ['8080'], notMethods: ['GET'] } }],
        }],
      });
    }
    expect(hasManifest(setUpMetrics(Metrics.direct(9090), { access: AccessMode.OPEN }), 'AuthorizationPolicy', 'cart-metrics')).toBe(false);
    expect(hasManifest(setUpMetrics(Metrics.direct(8080), { access: AccessMode.OPEN, mtls: MtlsMode.PERMISSIVE }), 'AuthorizationPolicy', 'cart-metrics')).toBe(false);
  });

  test('need no exception where plain calls are taken anyway', () => {
    expect(manifestOf(setUpMetrics(Metrics.direct(9090), { mtls: MtlsMode.PERMISSIVE }), 'PeerAuthentication', 'cart').spec.portLevelMtls).toBeUndefined();
  });

  test('of a workload without service are open on their port', () => {
    const { chart, mesh } = setUp();
    new MeshedWorkload(chart, 'worker', { mesh, image: 'worker', metrics: Metrics.direct(9090) });
    expect(manifestOf(chart, 'AuthorizationPolicy', 'worker').spec.rules).toEqual([{ to: [{ operation: { ports: ['9090'] } }] }]);
  });
});

describe('an Istio mesh', () => {
  test.each<[istio.IstioMeshProps, string]>([
    [{ revision: 'My_Rev' }, 'invalid revision, got "My_Rev"'], [{ rootNamespace: '-' }, 'invalid root namespace, got "-"'],
    [{ trustDomain: 'T' }, 'invalid trust domain, got "T"'], [{ clusterDomain: 'a..b' }, 'invalid cluster domain, got "a..b"'],
  ])('has names that Kubernetes allows: %j', (props, what) => {
    expect(errorOf(() => istioChart(props))).toMatchObject({ code: 'MESH-E001', constructPath: 'test/mesh', what });
  });
});
