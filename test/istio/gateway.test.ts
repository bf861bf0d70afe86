import { ApiObject } from 'cdk8s';
import { istio, Protocol, TlsSource } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { Gateway, GatewayServer, Host, ServerCertificate, ServerTls, TlsVersion, WireProtocol, WorkloadSelector } = istio;

const HOSTS = [Host.fqdn('shop.example.com')];
const SECRET = ServerCertificate.secret('shop-cert');
const FILES = ServerCertificate.files({ certificate: '/c', privateKey: '/k' });

function render(...servers: istio.GatewayServer[]): Manifest {
  const chart = chartIn();
  new Gateway(chart, 'gateway', { servers });
  return manifestsOf(chart)[0];
}

function tls(said: istio.ServerTls): Manifest {
  return render(GatewayServer.https(said, { hosts: HOSTS })).spec.servers[0].tls;
}

describe('a Gateway', () => {
  test('is for the ingress gateway that Istio installs, unless told otherwise', () => {
    expect(render(GatewayServer.http({ hosts: HOSTS }))).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'test-gateway' },
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ hosts: ['shop.example.com'], port: { name: 'http-80', number: 80, protocol: 'HTTP' } }] },
    });
  });

  test('gets servers until synth, which can be read back, and names each port', () => {
    const chart = chartIn();
    const gateway = new Gateway(chart, 'gateway', { selector: WorkloadSelector.labels({ app: 'edge' }) });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E030', fix: 'add a server with addServer()', constructPath: 'test/gateway' });
    gateway.addServer(GatewayServer.http({ hosts: HOSTS }));
    gateway.addServer(GatewayServer.http({ hosts: [Host.fqdn('*.example.org')] }));
    gateway.addServer(GatewayServer.plain(Protocol.GRPC, { hosts: [Host.any()], portNumber: 7070, portName: 'http-80-3' }));
    gateway.addServer(GatewayServer.wire(WireProtocol.GRPC_WEB, { hosts: [Host.any()], portNumber: 81 }));
    gateway.servers.pop();
    expect(gateway.servers.map(({ portNumber, protocolName, hosts, routesFrom }) => [portNumber, protocolName, hosts.length, routesFrom])).toEqual(
      [[80, 'HTTP', 1, []], [80, 'HTTP', 1, []], [7070, 'GRPC', 1, []], [81, 'GRPC-WEB', 1, []]]);
    expect(manifestsOf(chart)[0].spec.servers.map(({ port }: Manifest) => port.name)).toEqual(['http-80', 'http-80-2', 'http-80-3', 'grpc-web-81']);
    expect(ApiObject.of(gateway).kind).toBe('Gateway');
  });

  test('sets every field that Istio knows', () => {
    const checks: istio.ClientCheckOptions = { clientNames: ['a'], certificateHashes: ['ab'], publicKeyHashes: ['cd'], letUnverifiedIn: true };
    const made = render(
      GatewayServer.http({ hosts: HOSTS, redirectToHttps: true, routesFrom: ['.', 'shop'], bind: '10.0.0.1', serverName: 'plain', defaultEndpoint: '127.0.0.1:8080' }),
      GatewayServer.https(ServerTls.simple(SECRET, { minVersion: TlsVersion.TLS_1_2, maxVersion: TlsVersion.TLS_1_3, cipherSuites: ['AES128-SHA'] }), { hosts: HOSTS }),
      GatewayServer.https(ServerTls.mutual(ServerCertificate.secret('rsa', 'ecdsa'), { ...checks, authoritiesSecret: 'ca' }), { hosts: HOSTS, portNumber: 8443 }),
      GatewayServer.tls(ServerTls.optionalMutual(FILES, { authoritiesFile: '/ca', revokedFile: '/crl' }), { hosts: HOSTS, portNumber: 9443 }),
      GatewayServer.tls(ServerTls.simple(ServerCertificate.files({ certificate: '/c', privateKey: '/k' }, { certificate: '/d', privateKey: '/l' })), { hosts: HOSTS, portNumber: 7443 }),
    );
    const old = new Gateway(chartIn(), 'old', {
      servers: [GatewayServer.http({ hosts: HOSTS })],
      additionalSpec: { servers: [{ port: { targetPort: 1 }, tls: { tlsCertificates: [{ caCertificates: '/ca' }] } }] },
    });
    expect(unsetFields('networking.istio.io/v1', 'Gateway', [made, ApiObject.of(old).toJson()])).toEqual([]);
    expect(unsetFields('networking.istio.io/v1', 'Gateway', [made])).toEqual(['servers.port.targetPort', 'servers.tls.tlsCertificates.caCertificates']);
  });

  test.each<[string, istio.GatewayServer[], string, string]>([
    ['the same host twice on a port', [GatewayServer.http({ hosts: HOSTS }), GatewayServer.http({ hosts: [Host.fqdn('shop.example.com')] })], 'MESH-E031', 'join them into one, or tell their hosts or ports apart'],
    ['two protocols on a port', [GatewayServer.http({ hosts: HOSTS }), GatewayServer.https(ServerTls.simple(SECRET), { hosts: [Host.fqdn('b.example.com')], portNumber: 80 })], 'MESH-E031', 'give each protocol a port of its own'],
    ['two streams on a port', [GatewayServer.tcp({ hosts: HOSTS, portNumber: 9000 }), GatewayServer.tcp({ hosts: [Host.fqdn('b.example.com')], portNumber: 9000 })], 'MESH-E031', 'give each protocol a port of its own'],
    ['a port name twice', [GatewayServer.http({ hosts: HOSTS, portName: 'web' }), GatewayServer.http({ hosts: HOSTS, portNumber: 81, portName: 'web' })], 'MESH-E004', 'give every server a portName of its own, or join their hosts'],
  ])('refuses %s', (_, servers, code, fix) => {
    expect(errorOf(() => render(...servers))).toMatchObject({ code, fix, constructPath: 'test/gateway' });
  });

  test('has a name that is a DNS label', () => {
    expect(errorOf(() => new Gateway(chartIn(), 'gateway', { metadata: { name: 'a.b' } })).code).toBe('MESH-E001');
  });

  test('can be referred to by its name', () => {
    const imported = Gateway.fromGatewayName(chartIn(), 'imported', 'edge', 'istio-system');
    expect([imported.resourceName, imported.resourceNamespace]).toEqual(['edge', 'istio-system']);
  });
});

describe('a server', () => {
  test('listens at a socket without port', () => {
    expect(render(GatewayServer.http({ hosts: HOSTS, bind: 'unix:///var/run/web.sock' })).spec.servers[0]).toMatchObject({ bind: 'unix:///var/run/web.sock', port: { number: 0 } });
  });

  test('takes routes from some namespaces only', () => {
    expect(render(GatewayServer.http({ hosts: [...HOSTS, Host.any()], routesFrom: ['.', 'shop'] })).spec.servers[0].hosts).toEqual(['./shop.example.com', 'shop/shop.example.com', './*', 'shop/*']);
  });

  test.each<[string, () => unknown, string, string]>([
    ['hosts', () => GatewayServer.http({ hosts: [] }), 'MESH-E030', 'name at least one host, or Host.any()'],
    ['a port that there is', () => GatewayServer.http({ hosts: HOSTS, portNumber: 70_000 }), 'MESH-E003', 'use a whole number from 1 to 65535'],
    ['a port at all', () => GatewayServer.tcp({ hosts: HOSTS }), 'MESH-E030', 'name it with portNumber'],
    ['an address to listen at', () => GatewayServer.http({ hosts: HOSTS, bind: 'localhost' }), 'MESH-E032', 'use an IP address, or unix:// and the absolute path of a socket'],
    ['a socket', () => GatewayServer.http({ hosts: HOSTS, bind: 'unix://web/' }), 'MESH-E032', 'write unix:// and an absolute path, such as "unix:///var/run/gateway.sock"'],
    ['one of socket and port', () => GatewayServer.http({ hosts: HOSTS, bind: 'unix:///a', portNumber: 80 }), 'MESH-E031', 'leave out bind or portNumber'],
    ['namespaces', () => GatewayServer.http({ hosts: HOSTS, routesFrom: ['*'] }), 'MESH-E001', 'use at most 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit'],
    ['TLS settings', () => GatewayServer.plain(Protocol.TLS, { hosts: HOSTS }), 'MESH-E031', 'use GatewayServer.https() or GatewayServer.tls()'],
    ['connections', () => GatewayServer.wire(WireProtocol.UDP, { hosts: HOSTS, portNumber: 53 }), 'MESH-E003', 'use a Service of type LoadBalancer'],
  ])('needs %s', (_, make, code, fix) => {
    expect(errorOf(make)).toMatchObject({ code, fix });
  });
});

describe('TLS of a server', () => {
  test('is spoken in all of Istio\'s ways', () => {
    expect(tls(ServerTls.simple(ServerCertificate.of(TlsSource.secret('shop-cert'))))).toEqual({ mode: 'SIMPLE', credentialName: 'shop-cert' });
    expect(tls(ServerTls.mutual(SECRET))).toEqual({ mode: 'MUTUAL', credentialName: 'shop-cert' });
    expect(tls(ServerTls.optionalMutual(SECRET, { clientNames: ['spiffe://a'] }))).toEqual({ mode: 'OPTIONAL_MUTUAL', credentialName: 'shop-cert', subjectAltNames: ['spiffe://a'] });
    expect(tls(ServerTls.simple(FILES))).toEqual({ mode: 'SIMPLE', serverCertificate: '/c', privateKey: '/k' });
    expect(tls(ServerTls.passthrough())).toEqual({ mode: 'PASSTHROUGH' });
    expect(tls(ServerTls.autoPassthrough())).toEqual({ mode: 'AUTO_PASSTHROUGH' });
    expect(tls(ServerTls.istioMutual({ minVersion: TlsVersion.TLS_1_3 }))).toEqual({ mode: 'ISTIO_MUTUAL', minProtocolVersion: 'TLSV1_3' });
    expect(GatewayServer.https(ServerTls.simple(SECRET), { hosts: HOSTS }).serverTls?.serverCertificate?.secretNames).toEqual(['shop-cert']);
  });

  test.each<[string, () => unknown, string, string]>([
    ['three certificates', () => ServerCertificate.secret('a', 'b', 'c'), 'MESH-E030', 'give one, or two with different kinds of keys'],
    ['no certificate', () => ServerCertificate.files(), 'MESH-E030', 'give one, or two with different kinds of keys'],
    ['half a certificate', () => ServerCertificate.files({ certificate: '/c', privateKey: '' }), 'MESH-E030', 'name certificate and privateKey'],
    ['files beside a Secret', () => ServerTls.mutual(SECRET, { authoritiesFile: '/ca' }), 'MESH-E031', 'put them into the Secret under the keys ca.crt and ca.crl, or give the certificate as files'],
    ['nothing to check clients by', () => ServerTls.mutual(FILES), 'MESH-E030', 'name authoritiesFile'],
    ['versions in the wrong order', () => ServerTls.simple(SECRET, { minVersion: TlsVersion.TLS_1_3, maxVersion: TlsVersion.TLS_1_2 }), 'MESH-E031', 'give minVersion the older one'],
    ['an old version that nothing can be spoken in', () => ServerTls.simple(SECRET, { minVersion: TlsVersion.TLS_1_0 }), 'MESH-E031', 'name cipherSuites that the version has, or demand TlsVersion.TLS_1_2'],
    ['a cipher suite twice', () => ServerTls.simple(SECRET, { cipherSuites: ['AES128-SHA', 'AES128-SHA'] }), 'MESH-E031', 'name every suite once'],
  ])('refuses %s', (_, make, code, fix) => {
    expect(errorOf(make)).toMatchObject({ code, fix });
  });

  test('knows the cipher suites of Envoy', () => {
    expect(errorOf(() => ServerTls.simple(SECRET, { cipherSuites: ['TLS_AES_128_GCM_SHA256'] }))).toMatchObject({ code: 'MESH-E028', what: 'unknown cipher suite, got "TLS_AES_128_GCM_SHA256"' });
    expect(tls(ServerTls.simple(SECRET, { cipherSuites: ['[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]'] })).cipherSuites).toHaveLength(1);
  });
});
