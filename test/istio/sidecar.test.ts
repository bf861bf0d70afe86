import { ApiObject, Duration } from 'cdk8s';
import { istio, Port } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { CaptureMode, EgressHost, Host, OutboundTraffic, ServerCertificate, ServerTls, Sidecar, WireProtocol, WorkloadSelector } = istio;

const OWN = [EgressHost.ownNamespace()];

function render(props: istio.SidecarProps = {}): Manifest {
  const chart = chartIn(undefined, undefined, { namespace: 'shop' });
  new Sidecar(chart, 'scope', props);
  return manifestsOf(chart)[0];
}

function hosts(...entries: istio.EgressHost[]): string[] {
  return render({ egress: [{ hosts: entries }] }).spec.egress[0].hosts;
}

describe('a Sidecar', () => {
  test('says no more than what it was told', () => {
    expect(render({ egress: [{ hosts: OWN }] })).toEqual({
      apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'test-scope', namespace: 'shop' }, spec: { egress: [{ hosts: ['./*'] }] },
    });
  });

  test('gets listeners until synth, which can be read back; the one for all other ports stands last', () => {
    const chart = chartIn();
    const sidecar = new Sidecar(chart, 'scope', { outbound: OutboundTraffic.REGISTRY_ONLY });
    sidecar.addEgress({ hosts: OWN });
    sidecar.addEgress({ hosts: [EgressHost.namespace('db')], port: Port.tcp(3306, { name: 'mysql' }), wireProtocol: WireProtocol.MYSQL });
    sidecar.addIngress({ port: Port.http(80, { name: 'web', targetPort: 8080 }) });
    [sidecar.egress, sidecar.ingress].forEach((list) => list.pop());
    expect([sidecar.egress.length, sidecar.ingress.length]).toEqual([2, 1]);
    expect(manifestsOf(chart)[0].spec).toEqual({
      egress: [{ hosts: ['db/*'], port: { name: 'mysql', number: 3306, protocol: 'MYSQL' } }, { hosts: ['./*'] }],
      ingress: [{ port: { name: 'web', number: 8080, protocol: 'HTTP' } }],
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    });
    expect(errorOf(() => sidecar.addEgress({ hosts: OWN }))).toMatchObject({ code: 'MESH-E004', fix: 'join their hosts', constructPath: 'test/scope' });
    expect(errorOf(() => sidecar.addIngress({ port: Port.http(8080) }))).toMatchObject({ code: 'MESH-E004', fix: 'keep one of them' });
    expect(ApiObject.of(sidecar).kind).toBe('Sidecar');
  });

  test('sets every field that Istio knows', () => {
    const pool = {
      maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRequestsPerConnection: 4, maxRetries: 5, connectTimeout: Duration.seconds(1), idleTimeout: Duration.seconds(2),
    };
    const poolTuning: istio.PoolTuning = {
      http2Upgrade: istio.Http2Upgrade.DEFAULT,
      http2KeepAlive: { interval: Duration.seconds(9), timeout: Duration.seconds(3) },
      maxConcurrentStreams: 8,
      useClientProtocol: false,
      tcpIdleTimeout: Duration.hours(1),
      maxConnectionDuration: Duration.hours(1),
      tcpKeepalive: { probes: 3, idleTime: Duration.minutes(5), interval: Duration.seconds(30) },
    };
    const one = render({
      workloads: WorkloadSelector.labels({ app: 'a' }),
      egress: [{ hosts: OWN, port: Port.http(80, { name: 'web' }), bind: '127.0.0.1', captureMode: CaptureMode.NONE }],
      ingress: [
        { port: Port.http(80, { name: 'web', targetPort: 8080 }), bind: '10.0.0.1', captureMode: CaptureMode.DEFAULT, defaultEndpoint: '127.0.0.1:9080', pool, poolTuning },
        {
          port: Port.tls(443, { targetPort: 8443 }),
          defaultEndpoint: 'unix:///var/run/a.sock',
          tls: ServerTls.mutual(ServerCertificate.files({ certificate: '/c', privateKey: '/k' }),
            {
              authoritiesFile: '/ca',
              revokedFile: '/crl',
              minVersion: istio.TlsVersion.TLS_1_2,
              maxVersion: istio.TlsVersion.TLS_1_3,
              cipherSuites: ['AES128-SHA'],
              certificateHashes: ['a'],
              publicKeyHashes: ['b'],
              letUnverifiedIn: true,
            }),
        },
      ],
      outbound: OutboundTraffic.ALLOW_ANY,
      inboundPool: pool,
      inboundPoolTuning: poolTuning,
      additionalSpec: { outboundTrafficPolicy: { egressProxy: { host: 'a', port: { number: 1 }, subset: 'b' } } },
    });
    // Istio refuses each of these at a sidecar.
    const refused = ['egress.port.targetPort', 'ingress.port.targetPort', 'ingress.tls.caCertCredentialName', 'ingress.tls.credentialName', 'ingress.tls.credentialNames',
      'ingress.tls.httpsRedirect', 'ingress.tls.subjectAltNames', 'ingress.tls.tlsCertificates', 'ingress.tls.tlsCertificates.caCertificates',
      'ingress.tls.tlsCertificates.privateKey', 'ingress.tls.tlsCertificates.serverCertificate'];
    expect(unsetFields('networking.istio.io/v1', 'Sidecar', [one])).toEqual(refused);
  });

  test('says that its pods call nothing by an empty list', () => {
    expect(render({ egress: [] }).spec.egress).toEqual([{ hosts: ['~/*'] }]);
  });

  test.each<[string, istio.SidecarProps, string, string]>([
    ['nothing at all', {}, 'MESH-E030', 'give egress, ingress, outbound or inboundPool'],
    ['an egress listener without hosts', { egress: [{ hosts: [] }] }, 'MESH-E030', 'name at least one, or leave egress listeners out and set egress: [] for none'],
    ['an address without port', { egress: [{ hosts: OWN, bind: '127.0.0.1' }] }, 'MESH-E030', 'give port too'],
    ['an address that is none', { egress: [{ hosts: OWN, port: Port.http(80), bind: 'localhost' }] }, 'MESH-E032', 'use an IP address, or unix:// and the absolute path of a socket'],
    ['a redirection to a socket', { egress: [{ hosts: OWN, port: Port.http(80), bind: 'unix:///a', captureMode: CaptureMode.IPTABLES }] }, 'MESH-E031', 'use CaptureMode.NONE, or leave captureMode out'],
    ['a socket for callers', { ingress: [{ port: Port.http(80), bind: 'unix:///a' }] }, 'MESH-E032', 'use an IP address'],
    ['an application elsewhere', { ingress: [{ port: Port.http(80), defaultEndpoint: '10.0.0.1:80' }] }, 'MESH-E032', 'write 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, :PORT or unix:///path'],
    ['limits on requests of a byte stream', { ingress: [{ port: Port.tcp(80), pool: { maxRequests: 1 } }] }, 'MESH-E018', 'leave them out, or declare the port with Port.http()'],
    ['a certificate from a Secret', { ingress: [{ port: Port.tls(443), tls: ServerTls.simple(ServerCertificate.secret('a')) }] }, 'MESH-E031', 'give one certificate with ServerCertificate.files(), and leave clientNames out'],
    ['the TLS of the mesh', { ingress: [{ port: Port.tls(443), tls: ServerTls.istioMutual() }] }, 'MESH-E031', 'leave tls out: the mutual TLS of the mesh needs no listener'],
    ['TLS on a port for plain requests', { ingress: [{ port: Port.http(80), tls: ServerTls.passthrough() }] }, 'MESH-E031', 'declare the port with Port.https() or Port.tls()'],
  ])('refuses %s', (_, props, code, fix) => {
    expect(errorOf(() => render(props))).toMatchObject({ code, fix, constructPath: 'test/scope' });
  });

  test('listens at a socket without port number', () => {
    expect(render({ egress: [{ hosts: OWN, port: Port.http(80), bind: 'unix:///a' }] }).spec.egress[0]).toEqual({ hosts: ['./*'], bind: 'unix:///a', port: { number: 0, protocol: 'HTTP' } });
  });
});

describe('the hosts that proxies learn of', () => {
  test('are named with their namespace', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', mesh);
    expect(hosts(EgressHost.service(cart), EgressHost.host('db', Host.fqdn('*.db.example.com')), EgressHost.everywhere(Host.fqdn('a.example.com')))).toEqual(
      ['shop/cart.shop.svc.cluster.local', 'db/*.db.example.com', '*/a.example.com']);
  });

  test('are each said once, without those that a wider entry covers', () => {
    const one = EgressHost.host('shop', Host.fqdn('a.example.com'));
    expect(hosts(one, one)).toEqual(['shop/a.example.com']);
    expect(hosts(one, EgressHost.namespace('shop'), EgressHost.except('shop', Host.fqdn('b.example.com')))).toEqual(['shop/*', '~shop/b.example.com']);
    expect(hosts(one, EgressHost.everywhere(), EgressHost.ownNamespace())).toEqual(['*/*']);
  });
});
