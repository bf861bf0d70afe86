import { Duration } from 'cdk8s';
import { Access, CircuitBreaker, ExternalService, ExternalServiceProps, istio, Percent, Port, Retries } from '../../src';
import { istioChart, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, hasManifest, kindOf, manifestOf } from '../support/manifests';

function setUp(props: Partial<ExternalServiceProps> = {}) {
  const { chart, mesh } = istioChart({}, { namespace: 'shop' });
  const pay = new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.tls(443)], ...props });
  const caller = (id: string, namespace?: string) => serviceIn(chart, id, mesh, { namespace });
  return { chart, mesh, pay, caller, entry: () => manifestOf(chart, 'ServiceEntry', 'pay').spec };
}

describe('a service outside of the mesh', () => {
  test('is found by DNS', () => {
    const { chart, entry, pay } = setUp({ ports: [Port.tls(443), Port.http(80), Port.grpc(9090, { targetPort: 90 })] });
    expect(entry()).toEqual({
      hosts: ['pay.example.com'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ name: 'tls', number: 443, protocol: 'TLS' }, { name: 'http', number: 80, protocol: 'HTTP' }, { name: 'grpc', number: 9090, protocol: 'GRPC', targetPort: 90 }],
    });
    expect([hasManifest(chart, 'DestinationRule', 'pay'), hasManifest(chart, 'VirtualService', 'pay')]).toEqual([false, false]);
    expect(pay).toMatchObject({ host: 'pay.example.com', hosts: ['pay.example.com'], serviceName: 'pay', serviceNamespace: 'shop' });
  });

  test.each<[string, Partial<ExternalServiceProps>, object]>([
    ['at addresses', { endpoints: ['10.0.0.1', '2001:db8::1'] }, { resolution: 'STATIC', endpoints: [{ address: '10.0.0.1' }, { address: '2001:db8::1' }] }],
    ['at DNS names', { endpoints: ['a.de', 'b.example.com'] }, { resolution: 'DNS', endpoints: [{ address: 'a.de' }, { address: 'b.example.com' }] }],
    ['behind a wildcard', { hosts: ['*.example.com'] }, { resolution: 'NONE', hosts: ['*.example.com'] }],
    ['behind a wildcard at DNS names', { hosts: ['*.example.com'], endpoints: ['lb.example.com'] }, { resolution: 'DNS' }],
    ['that is a byte stream at addresses', { ports: [Port.tcp(5432)], endpoints: ['10.0.0.1'] }, { resolution: 'STATIC', addresses: ['10.0.0.1'] }],
    ['that is a byte stream by DNS', { ports: [Port.tcp(5432)] }, { resolution: 'DNS', ports: [{ name: 'tcp', number: 5432, protocol: 'TCP' }] }],
  ])('%s is found there', (_, props, expected) => {
    const spec = setUp(props).entry();
    expect(spec).toMatchObject(expected);
    if (!('addresses' in expected)) { expect(spec).not.toHaveProperty('addresses'); }
  });

  test('is seen by its callers only, once there are any, with all that is said of it', () => {
    const { chart, pay, caller, entry } = setUp({ ports: [Port.http(80)], timeout: Duration.seconds(1), circuitBreaker: CircuitBreaker.consecutiveErrors(5) });
    expect(entry()).not.toHaveProperty('exportTo');
    [caller('a', 'one'), caller('b'), caller('c', 'one')].forEach((service) => service.connections.allowTo(pay));
    for (const kind of ['ServiceEntry', 'DestinationRule', 'VirtualService']) { expect(manifestOf(chart, kind, 'pay').spec.exportTo).toEqual(['.', 'one']); }
  });

  test('gets TLS from the proxy, by the port that the server has for it', () => {
    const { chart, entry } = setUp({
      hosts: ['a.example.com', 'b.example.com'],
      ports: [Port.http(80), Port.http(8080), Port.tls(443)],
      originateTls: true,
      circuitBreaker: CircuitBreaker.consecutiveErrors(5),
      retryBudget: { share: Percent.of(20) },
    });
    expect(entry().ports.map(({ number, targetPort }: any) => [number, targetPort])).toEqual([[80, 443], [8080, undefined], [443, undefined]]);
    const rules = kindOf(chart, 'DestinationRule').map(({ metadata, spec }) => ({ name: metadata.name, ...spec }));
    expect(rules.map(({ name, host }) => [name, host])).toEqual([['pay', 'a.example.com'], ['pay-2', 'b.example.com']]);
    const { outlierDetection, portLevelSettings, retryBudget } = rules[1].trafficPolicy;
    expect(retryBudget).toEqual({ percent: 20 });
    expect(portLevelSettings.map((settings: any) => settings.port.number)).toEqual([80, 8080]);
    for (const settings of portLevelSettings) {
      expect(Object.keys(settings).sort()).toEqual(['outlierDetection', 'port', 'tls']);
      expect(settings.outlierDetection).toEqual(outlierDetection);
      expect(settings.tls).toMatchObject({ mode: 'SIMPLE', sni: 'b.example.com', subjectAltNames: ['b.example.com'] });
    }
  });

  test('is called with patience, port by port and caller by caller', () => {
    const { chart, pay, caller } = setUp({ hosts: ['a.example.com', '*.b.example.com'], ports: [Port.http(80), Port.grpc(90), Port.tls(443)], timeout: Duration.seconds(5) });
    caller('web').connections.allowTo(pay, Access.all(), { retries: Retries.none() });
    expect(manifestOf(chart, 'VirtualService', 'pay-2').spec).toMatchObject({ hosts: ['*.b.example.com'] });
    const labels = { sourceLabels: { 'app.kubernetes.io/name': 'web' }, sourceNamespace: 'shop' };
    const to = (number: number) => [{ destination: { host: 'a.example.com', port: { number } } }];
    expect(manifestOf(chart, 'VirtualService', 'pay').spec.http).toEqual([
      { match: [{ port: 80, ...labels }], route: to(80), timeout: '5s', retries: { attempts: 0 } },
      { match: [{ port: 90, ...labels }], route: to(90), timeout: '5s', retries: { attempts: 0 } },
      { match: [{ port: 80 }], route: to(80), timeout: '5s' },
      { match: [{ port: 90 }], route: to(90), timeout: '5s' },
    ]);
  });

  test('stands in the egress scope of its callers by all of its names', () => {
    const { chart, mesh, pay } = setUp({ hosts: ['b.example.com', '*.a.example.com'] });
    serviceIn(chart, 'web', mesh, { egressScope: true }).connections.allowTo(pay);
    expect(manifestOf(chart, 'Sidecar', 'web').spec.egress).toEqual([{ hosts: ['shop/*.a.example.com', 'shop/b.example.com'] }]);
  });
});

describe('a service outside of the mesh is refused', () => {
  test.each<[string, Partial<ExternalServiceProps>, object]>([
    ['without hosts', { hosts: [] }, { code: 'MESH-E030', what: 'an external service without hosts' }],
    ['with a bad host', { hosts: ['pay'] }, { code: 'MESH-E002', what: 'invalid host name, got "pay"' }],
    ['with one host twice', { hosts: ['a.example.com', 'a.example.com'] }, { code: 'MESH-E031', what: 'an external service names a.example.com twice' }],
    ['with a host that a wildcard covers', { hosts: ['a.b.example.com', '*.example.com'] }, { code: 'MESH-E031', what: 'an external service names a.b.example.com twice, once as *.example.com' }],
    ['without ports', { ports: [] }, { code: 'MESH-E030', what: 'a service without ports' }],
    ['with a bad endpoint', { endpoints: ['10.0.0.300'] }, { code: 'MESH-E002', what: 'invalid host name, got "10.0.0.300"' }],
    ['with a byte stream behind a wildcard', { hosts: ['*.example.com'], ports: [Port.tcp(1)] }, { code: 'MESH-E031', what: 'TCP port of *.example.com, by which no proxy can tell where a connection goes' }],
    ['with a byte stream of several hosts', { hosts: ['a.example.com', 'b.example.com'], ports: [Port.tcp(1)] }, { code: 'MESH-E031', what: 'a TCP port of 2 hosts, by which no proxy can tell where a connection goes' }],
    ['with TLS added behind a wildcard', { hosts: ['*.example.com'], ports: [Port.http(80)], originateTls: true }, { code: 'MESH-E031', what: 'TLS added on the way to *.example.com, whose servers are not known' }],
    ['with TLS added to TLS', { originateTls: true }, { code: 'MESH-E031', what: 'TLS added to ports that carry it already' }],
    ['with a bad name', { serviceName: 'Pay' }, { code: 'MESH-E001', what: 'invalid service name, got "Pay"' }],
    ['with a timeout of nothing', { timeout: Duration.millis(0) }, { code: 'MESH-E010' }],
  ])('%s', (_, props, expected) => expect(errorOf(() => setUp(props))).toMatchObject({ ...expected, constructPath: 'test/pay' }));
});

describe('byte streams of services outside of the mesh', () => {
  const two = (one: Partial<ExternalServiceProps>, other: Partial<ExternalServiceProps>, props: istio.IstioMeshProps = {}, callers?: [string, string]) => {
    const { chart, mesh } = istioChart(props, { namespace: 'shop' });
    const made = [['a', one], ['b', other]].map(([id, more]) => new ExternalService(chart, id as string, {
      mesh, hosts: [`${id as string}.example.com`], ports: [Port.tcp(5432)], namespace: `ns-${id as string}`, ...more as object,
    }));
    callers?.forEach((namespace, index) => serviceIn(chart, `caller-${index}`, mesh, { namespace }).connections.allowTo(made[index]));
    return kindOf(chart, 'ServiceEntry');
  };
  const DNS = { proxyDefaults: { environment: { ISTIO_META_DNS_CAPTURE: 'true' } } };

  test.each<[string, () => unknown]>([
    ['they have addresses', () => two({ endpoints: ['10.0.0.1'] }, { endpoints: ['10.0.0.2'] })],
    ['one has addresses', () => two({ endpoints: ['10.0.0.1'] }, {})],
    ['their ports differ', () => two({}, { ports: [Port.tcp(3306)] })],
    ['nobody sees both', () => two({}, {}, {}, ['one', 'two'])],
    ['proxies answer DNS', () => two({}, {}, DNS)],
    ['the mesh is ambient, whose node proxies answer DNS', () => two({}, {}, { dataPlane: istio.DataPlane.AMBIENT })],
  ])('are told apart where %s', (_, declare) => expect(declare()).toHaveLength(2));

  test.each<[string, () => unknown, string]>([
    ['neither has addresses', () => two({}, {}), 'a byte stream names no host, and no addresses are known'],
    ['they share an address', () => two({ endpoints: ['10.0.0.1', '10.0.0.2'] }, { endpoints: ['10.0.0.2'] }), 'a byte stream names no host, and the two share an address'],
    ['one namespace sees both', () => two({}, {}, {}, ['one', 'one']), 'a byte stream names no host, and no addresses are known'],
  ])('cannot be told apart where %s', (_, declare, why) => {
    const [error, more] = errorsOf(declare);
    expect(error).toMatchObject({ code: 'MESH-E031', constructPath: 'test/a', what: `connections to port 5432 of test/a cannot be told from those to test/b: ${why}` });
    expect(more).toMatchObject({ constructPath: 'test/b' });
  });

  test('cannot be told from other calls by their port', () => {
    const secured = errorOf(() => two({}, { ports: [Port.tls(5432)] }));
    expect(secured.what).toMatch(/^connections to port 5432 of test\/a cannot be told from those to test\/b/);
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    serviceIn(chart, 'web', mesh, { ports: [Port.http(8080)] });
    new ExternalService(chart, 'db', { mesh, hosts: ['db.example.com'], ports: [Port.tcp(8080)] });
    expect(errorOf(() => kindOf(chart, 'ServiceEntry'))).toMatchObject({ constructPath: 'test/db', what: expect.stringContaining('from those to test/web') });
  });
});
