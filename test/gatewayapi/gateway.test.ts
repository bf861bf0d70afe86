import { ApiObject, JsonPatch } from 'cdk8s';
import { gatewayapi } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, kindOf, Manifest, manifestsOf, namesOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const {
  AllowedListeners, AllowedRoutes, AuthorityRef, CertificateRef, DefaultScope, Gateway, GatewayAddress, GrantMode, Listener, NamespaceSelector, ReleaseChannel, RouteKind,
} = gatewayapi;

const CERT = CertificateRef.secret('shop-cert');

function render(props: Partial<gatewayapi.GatewayProps>): Manifest {
  const chart = chartIn(undefined, 'test', { namespace: 'edge' });
  new Gateway(chart, 'gateway', { className: 'istio', listeners: [Listener.http()], ...props });
  return manifestsOf(chart)[0];
}

const listener = (one: gatewayapi.Listener) => render({ listeners: [one] }).spec.listeners[0];

describe('a Gateway', () => {
  test('needs a class and a listener', () => {
    expect(render({})).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'test-gateway', namespace: 'edge' },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    });
  });

  test('sets every field that the API knows', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'edge' });
    ReleaseChannel.useExperimental(chart);
    const expressions = NamespaceSelector.all(NamespaceSelector.labels({ team: 'shop' }), NamespaceSelector.noneOf('stage', 'dev'), NamespaceSelector.having('a'));
    new Gateway(chart, 'gateway', {
      className: 'istio',
      listeners: [
        Listener.https([CertificateRef.secret('a', 'certs')], {
          hostname: '*.example.com', tlsOptions: { 'example.com/x': 'y' }, routes: AllowedRoutes.namespaces(expressions, RouteKind.HTTP, RouteKind.of('example.com', 'MyRoute')),
        }),
      ],
      addresses: [GatewayAddress.ip('192.0.2.1'), GatewayAddress.hostname('web.istio-system.svc.cluster.local'), GatewayAddress.of('example.com/pool')],
      infrastructure: { labels: { a: 'b' }, annotations: { 'c.example.com/d': 'anything at all' }, parameters: { group: '', kind: 'ConfigMap', name: 'settings' } },
      allowedListeners: AllowedListeners.namespaces(NamespaceSelector.names('shop')),
      tls: {
        clientValidation: { authorities: [AuthorityRef.configMap('ca', 'certs')], optional: true },
        portValidations: [{ port: 8443, validation: { authorities: [AuthorityRef.configMap('other', 'certs')] } }, { port: 9443 }],
      },
      clientCertificate: CertificateRef.secret('client', 'certs'),
      defaultScope: DefaultScope.ALL,
    });
    // Labels have no expressions and the other way round.
    new Gateway(chart, 'other', { className: 'istio', listeners: [Listener.http()], allowedListeners: AllowedListeners.namespaces(expressions) });
    const gateways = kindOf(chart, 'Gateway');
    expect(gateways[0].spec).toEqual({
      gatewayClassName: 'istio',
      listeners: [{
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        hostname: '*.example.com',
        tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'a', namespace: 'certs' }], options: { 'example.com/x': 'y' } },
        allowedRoutes: {
          namespaces: {
            from: 'Selector',
            selector: { matchLabels: { team: 'shop' }, matchExpressions: [{ key: 'stage', operator: 'NotIn', values: ['dev'] }, { key: 'a', operator: 'Exists' }] },
          },
          kinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }, { group: 'example.com', kind: 'MyRoute' }],
        },
      }],
      addresses: [{ type: 'IPAddress', value: '192.0.2.1' }, { type: 'Hostname', value: 'web.istio-system.svc.cluster.local' }, { type: 'example.com/pool' }],
      infrastructure: { labels: { a: 'b' }, annotations: { 'c.example.com/d': 'anything at all' }, parametersRef: { group: '', kind: 'ConfigMap', name: 'settings' } },
      allowedListeners: { namespaces: { from: 'Selector', selector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop'] }] } } },
      tls: {
        frontend: {
          default: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca', namespace: 'certs' }], mode: 'AllowInsecureFallback' } },
          perPort: [
            { port: 8443, tls: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'other', namespace: 'certs' }], mode: 'AllowValidOnly' } } },
            { port: 9443, tls: {} },
          ],
        },
        backend: { clientCertificateRef: { group: '', kind: 'Secret', name: 'client', namespace: 'certs' } },
      },
      defaultScope: 'All',
    });
    expect(unsetFields('gateway.networking.k8s.io/v1', 'Gateway', gateways)).toEqual([]);
  });

  test('is allowed to use what it refers to in other namespaces', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'edge' });
    const gateway = new Gateway(chart, 'gateway', { className: 'istio', listeners: [Listener.https([CertificateRef.secret('a', 'certs'), CertificateRef.secret('own', 'edge'), CERT])] });
    gateway.addListener(Listener.https([CertificateRef.secret('b', 'certs'), CertificateRef.secret('a', 'certs'), CertificateRef.secret('c', 'more')], { port: 8443 }));
    expect(namesOf(chart)).toEqual(['Gateway edge/test-gateway', 'ReferenceGrant certs/edge-test-gateway', 'ReferenceGrant more/edge-test-gateway']);
    expect(kindOf(chart, 'ReferenceGrant')[0].spec).toEqual({
      from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'edge' }], to: [{ group: '', kind: 'Secret', name: 'a' }, { group: '', kind: 'Secret', name: 'b' }],
    });
    const trusting = chartIn(undefined, 'test', { namespace: 'edge' });
    new Gateway(trusting, 'gateway', { className: 'istio', listeners: [Listener.https([CertificateRef.secret('a', 'certs')])], grants: GrantMode.EXISTING });
    expect(namesOf(trusting)).toEqual(['Gateway edge/test-gateway']);
  });

  test('needs a second grant for more than 16 Secrets of one namespace', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'edge' });
    new Gateway(chart, 'gateway', { className: 'istio', listeners: [Listener.https(Array.from({ length: 17 }, (_, i) => CertificateRef.secret(`c${i}`, 'certs')))] });
    expect(kindOf(chart, 'ReferenceGrant').map(({ metadata, spec }) => [metadata.name, spec.to.length])).toEqual([['edge-test-gateway', 16], ['edge-test-gateway-2', 1]]);
  });

  test('grows until synth, and can be read back', () => {
    const chart = chartIn();
    const gateway = new Gateway(chart, 'gateway', { className: 'istio' });
    gateway.addListener(Listener.tcp(5432));
    gateway.listeners.pop();
    expect(gateway.listeners.map(({ listenerName, protocol, port, carriesRequests }) => [listenerName, protocol, port, carriesRequests])).toEqual([['tcp-5432', 'TCP', 5432, false]]);
    expect(gateway.className).toBe('istio');
    expect(manifestsOf(chart)[0].spec.listeners).toEqual([{ name: 'tcp-5432', port: 5432, protocol: 'TCP' }]);
  });

  test('keeps fields and patches that it does not know, and can be referred to by its name', () => {
    const chart = chartIn();
    const gateway = new Gateway(chart, 'gateway', { className: 'istio', listeners: [Listener.http()], additionalSpec: { brandNew: 1 } });
    ApiObject.of(gateway).addJsonPatch(JsonPatch.add('/spec/listeners/0/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, listeners: [{ patched: 2 }] });
    expect(Gateway.fromGatewayName(chart, 'imported', 'web', 'edge')).toMatchObject({ resourceName: 'web', resourceNamespace: 'edge' });
  });

  test('has fields of the experimental channel only where a program says that clusters have it', () => {
    expect(errorOf(() => render({ defaultScope: DefaultScope.ALL }))).toMatchObject({
      code: 'MESH-E022',
      what: 'a default gateway, which only the experimental channel of the Gateway API has',
      fix: 'install that channel and say so with gatewayapi.ReleaseChannel.useExperimental(app), or leave it out',
      constructPath: 'test/gateway',
    });
    const chart = chartIn();
    expect(ReleaseChannel.of(chart)).toBe('standard');
    ReleaseChannel.useExperimental(chart.node.root);
    expect(ReleaseChannel.of(chart)).toBe('experimental');
    expect(ReleaseChannel.of(chartIn())).toBe('standard');
  });

  test.each<[string, Partial<gatewayapi.GatewayProps>, string]>([
    ['no listener', { listeners: [] }, 'MESH-E030'],
    ['65 listeners', { listeners: Array.from({ length: 65 }, (_, i) => Listener.tcp(i + 1)) }, 'MESH-E038'],
    ['two listeners of one name', { listeners: [Listener.http(), Listener.http({ hostname: 'a.example.com' })] }, 'MESH-E034'],
    ['two listeners for the same', { listeners: [Listener.http(), Listener.http({ listenerName: 'other' })] }, 'MESH-E031'],
    ['two protocols on one port', { listeners: [Listener.http({ port: 443 }), Listener.https([CERT])] }, 'MESH-E031'],
    ['17 addresses', { addresses: Array.from({ length: 17 }, (_, i) => GatewayAddress.ip(`192.0.2.${i}`)) }, 'MESH-E038'],
    ['an address twice', { addresses: [GatewayAddress.ip('192.0.2.1'), GatewayAddress.ip('192.0.2.1')] }, 'MESH-E031'],
    ['nine labels', { infrastructure: { labels: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`l${i}`, 'x'])) } }, 'MESH-E038'],
    ['a bad label', { infrastructure: { labels: { a: 'b c' } } }, 'MESH-E001'],
    ['clients checked by no authority', { tls: { clientValidation: { authorities: [] } } }, 'MESH-E030'],
    ['the clients of a port checked twice', { tls: { portValidations: [{ port: 1 }, { port: 1 }] } }, 'MESH-E004'],
    ['a bad class', { className: 'Istio Gateway' }, 'MESH-E001'],
  ])('with %s is refused', (_, props, code) => {
    expect(errorOf(() => render(props))).toMatchObject({ code, constructPath: 'test/gateway' });
  });

  test('may have TLS that is ended and TLS that is passed on at one port', () => {
    const listeners = [Listener.https([CERT], { hostname: 'a.example.com' }), Listener.tlsPassthrough({ hostname: 'b.example.com' })];
    expect(render({ listeners }).spec.listeners.map(({ name }: { name: string }) => name)).toEqual(['https', 'tls']);
  });
});

describe('a listener', () => {
  test.each([
    ['TLS that is passed on', Listener.tlsPassthrough({ hostname: 'a.example.com' }), { name: 'tls', port: 443, protocol: 'TLS', hostname: 'a.example.com', tls: { mode: 'Passthrough' } }],
    ['TLS that is ended', Listener.tlsTerminate([CERT], { port: 6379 }),
      { name: 'tls-6379', port: 6379, protocol: 'TLS', tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'shop-cert' }] } }],
    ['TLS with certificates that the controller gets', Listener.https([], { tlsOptions: { 'example.com/issuer': 'a' } }),
      { name: 'https', port: 443, protocol: 'HTTPS', tls: { mode: 'Terminate', options: { 'example.com/issuer': 'a' } } }],
    ['datagrams', Listener.udp(53, { listenerName: 'dns' }), { name: 'dns', port: 53, protocol: 'UDP' }],
    ['a protocol of a controller', Listener.of('HBONE', 15008, { routes: AllowedRoutes.allNamespaces() }),
      { name: 'listener-15008', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'All' } } }],
    ['HTTP for routes of the same namespace', Listener.http({ routes: AllowedRoutes.sameNamespace(RouteKind.GRPC) }),
      { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' }, kinds: [{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute' }] } }],
  ])('takes %s', (_, one, expected) => {
    expect(listener(one)).toEqual(expected);
  });

  test.each<[string, () => unknown, string]>([
    ['TLS and no certificate', () => Listener.https([]), 'MESH-E030'],
    ['65 certificates', () => Listener.https(Array.from({ length: 65 }, () => CERT)), 'MESH-E038'],
    ['no port', () => Listener.tcp(0), 'MESH-E003'],
    ['an address for a host name', () => Listener.http({ hostname: '192.0.2.1' }), 'MESH-E002'],
    ['a host name with upper case', () => Listener.http({ hostname: 'Shop.example.com' }), 'MESH-E002'],
    ['a bad name', () => Listener.http({ listenerName: 'a b' }), 'MESH-E001'],
    ['a Secret with a bad name', () => CertificateRef.secret('A'), 'MESH-E001'],
    ['a namespace with a bad name', () => CertificateRef.secret('a', 'B'), 'MESH-E001'],
  ])('with %s is refused', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });
});

describe('a selector of namespaces', () => {
  const render1 = (selector: gatewayapi.NamespaceSelector) => listener(Listener.http({ routes: AllowedRoutes.namespaces(selector) })).allowedRoutes.namespaces.selector;

  test.each([
    ['values of a label', NamespaceSelector.oneOf('a', 'b', 'c'), { matchExpressions: [{ key: 'a', operator: 'In', values: ['b', 'c'] }] }],
    ['the lack of a label', NamespaceSelector.lacking('a'), { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }],
    ['the same label twice', NamespaceSelector.all(NamespaceSelector.labels({ a: 'b' }), NamespaceSelector.labels({ a: 'b' })), { matchLabels: { a: 'b' } }],
  ])('goes by %s', (_, selector, expected) => {
    expect(render1(selector)).toEqual(expected);
  });

  test.each<[string, () => unknown, string]>([
    ['no label', () => NamespaceSelector.labels({}), 'MESH-E030'],
    ['no value', () => NamespaceSelector.oneOf('a'), 'MESH-E030'],
    ['no name', () => NamespaceSelector.names(), 'MESH-E030'],
    ['two values of one label', () => NamespaceSelector.all(NamespaceSelector.labels({ a: 'b' }), NamespaceSelector.labels({ a: 'c' })), 'MESH-E027'],
    ['a bad key', () => NamespaceSelector.having('a b'), 'MESH-E001'],
  ])('by %s is refused', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });

  test('says which listeners of others a gateway takes', () => {
    expect(render({ allowedListeners: AllowedListeners.sameNamespace() }).spec.allowedListeners).toEqual({ namespaces: { from: 'Same' } });
    expect(render({ allowedListeners: AllowedListeners.allNamespaces() }).spec.allowedListeners).toEqual({ namespaces: { from: 'All' } });
  });
});

describe('an address', () => {
  test.each<[string, () => unknown, string]>([
    ['with a prefix length', () => GatewayAddress.ip('192.0.2.0/24'), 'MESH-E032'],
    ['of an unknown kind', () => GatewayAddress.of('Something', 'x'), 'MESH-E032'],
    ['that is no name', () => GatewayAddress.hostname('a b'), 'MESH-E002'],
  ])('%s is refused', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });
});
