import { Duration } from 'cdk8s';
import { AccessMode, Capabilities, EgressGateway, ExternalService, ExternalServiceProps, istio, Peer, Port, SharedEgressOptions } from '../../src';
import { FakeMesh } from '../support/fake-mesh';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, hasManifest, kindOf, manifestOf, namesOf } from '../support/manifests';

function setUp(props: Partial<ExternalServiceProps> = {}, mesh: istio.IstioMeshProps = {}) {
  const made = istioChart(mesh, { namespace: 'shop' });
  const declare = (id: string, more: Partial<ExternalServiceProps>) => new ExternalService(made.chart, id, {
    mesh: made.mesh, hosts: [`${id}.example.com`], ports: [Port.http(80)], egressGateway: EgressGateway.ofMesh(), ...more,
  });
  const caller = (id: string, namespace?: string) => serviceIn(made.chart, id, made.mesh, { namespace });
  return { ...made, declare, pay: declare('pay', props), caller };
}

const GATEWAY = 'istio-egressgateway.istio-system.svc.cluster.local';
const lane = (subset: string) => [{ destination: { host: GATEWAY, subset, port: { number: 443 } } }];

describe('calls that leave by the gateway of the mesh', () => {
  test('go there within mutual TLS of the mesh, and on from there', () => {
    const { chart, pay, caller } = setUp({ timeout: Duration.seconds(2) });
    caller('web', 'front').connections.allowTo(pay);
    expect(manifestOf(chart, 'Gateway', 'pay-egress').spec).toEqual({
      selector: { istio: 'egressgateway' },
      servers: [{ port: { name: 'shop-pay', number: 443, protocol: 'HTTPS' }, hosts: ['pay.example.com'], tls: { mode: 'ISTIO_MUTUAL' } }],
    });
    expect(manifestOf(chart, 'DestinationRule', 'shop-pay-egress', 'istio-system').spec).toEqual({
      host: GATEWAY,
      subsets: [{ name: 'shop-pay', trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'ISTIO_MUTUAL', sni: 'pay.example.com' } }] } }],
    });
    expect(manifestOf(chart, 'VirtualService', 'pay').spec).toEqual({
      hosts: ['pay.example.com'],
      gateways: ['mesh', 'shop/pay-egress'],
      http: [
        { match: [{ gateways: ['mesh'], port: 80 }], route: lane('shop-pay'), timeout: '2s' },
        { match: [{ gateways: ['shop/pay-egress'], port: 443 }], route: [{ destination: { host: 'pay.example.com', port: { number: 80 } } }], retries: { attempts: 0 } },
      ],
      exportTo: ['.', 'front', 'istio-system'],
    });
    expect(manifestOf(chart, 'ServiceEntry', 'pay').spec).toMatchObject({ resolution: 'DNS', exportTo: ['.', 'front', 'istio-system'] });
  });

  test('are told apart by server names, one for each host and port without requests', () => {
    const { chart } = setUp({ hosts: ['a.example.com', 'b.example.com'], ports: [Port.tls(443), Port.http(80)] });
    const { servers } = manifestOf(chart, 'Gateway', 'pay-egress').spec;
    expect(servers.map(({ hosts, port }: any) => [port.protocol, hosts])).toEqual([
      ['HTTPS', ['a.example.com', 'b.example.com']], ['TLS', ['tls-443.a.example.com']], ['TLS', ['tls-443.b.example.com']],
    ]);
    const { subsets } = manifestOf(chart, 'DestinationRule', 'shop-pay-egress').spec;
    expect(subsets.map(({ name, trafficPolicy }: any) => [name, trafficPolicy.portLevelSettings[0].tls.sni])).toEqual([
      ['shop-pay', 'a.example.com'], ['shop-pay-tls', 'tls-443.a.example.com'], ['shop-pay-tls-2', 'tls-443.b.example.com'],
    ]);
    expect(manifestOf(chart, 'VirtualService', 'pay-2').spec).toMatchObject({
      gateways: ['mesh', 'shop/pay-egress'],
      tls: [{ match: [{ gateways: ['mesh'], port: 443, sniHosts: ['b.example.com'] }], route: lane('shop-pay-tls-2') }],
    });
    expect(manifestOf(chart, 'VirtualService', 'shop-pay-tls-2-egress').spec).toEqual({
      hosts: ['tls-443.b.example.com'],
      gateways: ['shop/pay-egress'],
      tcp: [{ match: [{ port: 443 }], route: [{ destination: { host: 'b.example.com', port: { number: 443 } } }] }],
    });
  });

  test('may be byte streams', () => {
    const { chart } = setUp({ ports: [Port.tcp(5432)], endpoints: ['10.0.0.1'] });
    expect(manifestOf(chart, 'VirtualService', 'pay').spec).toMatchObject({ gateways: ['mesh'], tcp: [{ match: [{ gateways: ['mesh'], port: 5432 }], route: lane('shop-pay-tcp') }] });
    expect(manifestOf(chart, 'Gateway', 'pay-egress').spec.servers).toMatchObject([{ hosts: ['tcp-5432.pay.example.com'], port: { protocol: 'TLS' } }]);
  });

  test('may be for all names below a wildcard, whose addresses the gateway asks for, or is told', () => {
    const requests = setUp({ hosts: ['*.example.org'] });
    expect(manifestOf(requests.chart, 'ServiceEntry', 'pay').spec.resolution).toBe('DYNAMIC_DNS');
    expect(manifestOf(requests.chart, 'DestinationRule', 'shop-pay-egress').spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.sni).toBe('any.example.org');
    const { chart } = setUp({ hosts: ['*.example.org'], ports: [Port.tls(443)], endpoints: ['10.0.0.1'] });
    expect(manifestOf(chart, 'Gateway', 'pay-egress').spec.servers).toMatchObject([{ hosts: ['tls-443.any.example.org'] }]);
    expect(manifestOf(chart, 'VirtualService', 'pay').spec.tls).toMatchObject([{ match: [{ gateways: ['mesh'], sniHosts: ['*.example.org'] }] }]);
  });

  test('get TLS from the gateway', () => {
    const { chart } = setUp({ originateTls: true });
    expect(manifestOf(chart, 'DestinationRule', 'pay').spec.trafficPolicy.portLevelSettings).toMatchObject([{ port: { number: 80 }, tls: { mode: 'SIMPLE', sni: 'pay.example.com' } }]);
  });

  test('go by a gateway of one\'s own', () => {
    const options: SharedEgressOptions = { selector: { app: 'out' }, namespace: 'edge', serviceName: 'out', servicePort: 8443, containerPort: 9443 };
    const { chart } = setUp({ egressGateway: EgressGateway.shared(options) }, { clusterDomain: 'k8s.local' });
    expect(manifestOf(chart, 'DestinationRule', 'shop-pay-egress', 'edge').spec.host).toBe('out.edge.svc.k8s.local');
    expect(manifestOf(chart, 'Gateway', 'pay-egress').spec).toMatchObject({ selector: { app: 'out' }, servers: [{ port: { number: 8443 } }] });
    expect(EgressGateway.shared(options).options).toEqual(options);
  });
});

describe('who leaves by the gateway of the mesh', () => {
  test('is a declared caller, and nobody else by these names', () => {
    const { chart, pay, caller } = setUp({ ports: [Port.http(80), Port.tls(443)] });
    caller('web').connections.allowTo(pay);
    Peer.namespace('jobs').connections.allowTo(pay);
    Peer.addresses('10.0.0.1').connections.allowTo(pay);
    expect(manifestOf(chart, 'AuthorizationPolicy', 'shop-pay-egress', 'istio-system').spec).toEqual({
      action: 'DENY',
      selector: { matchLabels: { istio: 'egressgateway' } },
      rules: [{
        from: [{ source: { notPrincipals: ['cluster.local/ns/shop/sa/web'], notNamespaces: ['jobs'], notIpBlocks: ['10.0.0.1'] } }],
        when: [{ key: 'connection.sni', values: ['pay.example.com', 'tls-443.pay.example.com'] }],
      }],
    });
  });

  test.each<[string, istio.IstioMeshProps, boolean, boolean]>([
    ['the mesh is open', { access: AccessMode.OPEN }, false, false],
    ['no caller was declared', {}, false, false],
    ['anyone was', {}, true, false],
    ['access is only reported', { access: AccessMode.AUDIT }, false, true],
  ])('is not refused where %s', (name, props, anyone, dryRun) => {
    const { chart, pay, caller } = setUp({}, props);
    if (name !== 'no caller was declared') { caller('web').connections.allowTo(pay); }
    if (anyone) { Peer.anyone().connections.allowTo(pay); }
    expect(hasManifest(chart, 'AuthorizationPolicy', 'shop-pay-egress')).toBe(dryRun);
    if (dryRun) { expect(manifestOf(chart, 'AuthorizationPolicy', 'shop-pay-egress').metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' }); }
  });
});

describe('a way out is refused', () => {
  test.each<[string, Partial<ExternalServiceProps>, object]>([
    ['for requests to two ports', { ports: [Port.http(80), Port.http(8080)] }, { code: 'MESH-E031', what: 'requests to 2 ports (80, 8080) through one gateway, which tells them apart by host only' }],
    ['for TLS to names that nobody knows', { hosts: ['*.example.org'], ports: [Port.tls(443)] }, { code: 'MESH-E031', what: 'connections to port tls 443 of *.example.org through a gateway, which cannot ask DNS for the names in them' }],
    ['for names that are too long', { serviceName: 'p'.repeat(60) }, { code: 'MESH-E001' }],
  ])('%s', (_, props, expected) => expect(errorOf(() => namesOf(setUp(props).chart))).toMatchObject({ constructPath: 'test/pay', ...expected }));

  test('for one host twice', () => {
    const { chart, declare } = setUp();
    declare('other', { hosts: ['pay.example.com'] });
    expect(errorsOf(() => namesOf(chart))[0]).toMatchObject({ code: 'MESH-E031', constructPath: 'test/pay', what: expect.stringContaining('calls to pay.example.com through one gateway are declared by test/other and by test/pay') });
  });

  test.each<[string, SharedEgressOptions]>([
    ['bad namespace', { namespace: 'A' }], ['bad Service', { serviceName: '1a' }], ['bad port', { servicePort: 0 }], ['bad container port', { containerPort: 70000 }], ['bad label', { selector: { 'a b': 'c' } }],
  ])('with a %s', (_, options) => expect(() => EgressGateway.shared(options)).toThrow(/MESH-E00[13]/));

  test('in a mesh that has no gateway on the way out', () => {
    const chart = chartIn(undefined, 'shop');
    const mesh = new FakeMesh(chart, 'mesh', Capabilities.of('linkerd'));
    new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)], egressGateway: EgressGateway.ofMesh() });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E021', constructPath: 'shop/pay', what: expect.stringContaining('egress.gateway') });
  });
});

describe('in an ambient mesh', () => {
  const ambient = { dataPlane: istio.DataPlane.AMBIENT };

  test('the way out is a waypoint, which lets declared callers out', () => {
    const { chart, pay, caller } = setUp({ hosts: ['*.example.org'] }, ambient);
    caller('web').connections.allowTo(pay);
    expect(manifestOf(chart, 'ServiceEntry', 'pay')).toMatchObject({ metadata: { labels: { 'istio.io/use-waypoint': 'waypoint' } }, spec: { resolution: 'DYNAMIC_DNS' } });
    expect(manifestOf(chart, 'Gateway', 'waypoint', 'shop').spec.gatewayClassName).toBe('istio-waypoint');
    expect(manifestOf(chart, 'AuthorizationPolicy', 'pay-egress', 'shop').spec).toEqual({
      action: 'ALLOW',
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'pay' }],
      rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] }],
    });
  });

  test.each<[string, Partial<ExternalServiceProps>, boolean]>([
    ['nothing is to be done on the way', {}, false],
    ['calls have a timeout', { timeout: Duration.seconds(1) }, true],
    ['TLS is added', { originateTls: true }, true],
  ])('a waypoint is used as far as it is needed: %s', (_, props, needed) => {
    const { chart } = setUp({ egressGateway: undefined, ...props }, ambient);
    expect(manifestOf(chart, 'ServiceEntry', 'pay').metadata.labels).toEqual(needed ? { 'istio.io/use-waypoint': 'waypoint' } : undefined);
    expect(kindOf(chart, 'AuthorizationPolicy')).toEqual([]);
  });

  test('another waypoint may be chosen, also of another namespace', () => {
    const { chart, mesh, pay } = setUp({}, ambient);
    mesh.useWaypoint(pay, istio.Waypoint.fromWaypointName(chart, 'out', 'out', 'edge'));
    expect(manifestOf(chart, 'ServiceEntry', 'pay').metadata.labels).toEqual({ 'istio.io/use-waypoint': 'out', 'istio.io/use-waypoint-namespace': 'edge' });
  });

  test('a shared gateway is none', () => {
    expect(errorOf(() => namesOf(setUp({ egressGateway: EgressGateway.shared({ namespace: 'edge' }) }, ambient).chart))).toMatchObject({ code: 'MESH-E031', constructPath: 'test/pay', what: 'a shared egress gateway in an ambient mesh, in which calls leave by waypoints' });
  });
});
