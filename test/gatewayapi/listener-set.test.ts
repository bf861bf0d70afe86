import { ApiObject, JsonPatch } from 'cdk8s';
import { gatewayapi } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, kindOf, manifestsOf, namesOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { AllowedRoutes, CertificateRef, Gateway, HttpRoute, Listener, ListenerSet, RouteBackend, RouteParent } = gatewayapi;

function setUp(props: Partial<gatewayapi.ListenerSetProps> = {}) {
  const chart = chartIn(undefined, 'test', { namespace: 'shop' });
  const gateway = Gateway.fromGatewayName(chart, 'gateway', 'web', 'edge');
  return { chart, set: new ListenerSet(chart, 'set', { gateway, ...props }) };
}

const HTTPS = Listener.https([CertificateRef.secret('cert', 'certs')], {
  hostname: 'shop.example.com', listenerName: 'shop', tlsOptions: { 'example.com/min': '1.3' }, routes: AllowedRoutes.namespaces(gatewayapi.NamespaceSelector.labels({ team: 'shop' })),
});

describe('a ListenerSet', () => {
  test('adds listeners to a gateway, and is allowed the certificates of other namespaces', () => {
    const { chart, set } = setUp({ listeners: [HTTPS] });
    set.addListener(Listener.http());
    set.listeners.pop();
    expect(set.listeners).toHaveLength(2);
    const [manifest] = kindOf(chart, 'ListenerSet');
    expect(manifest).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      metadata: { name: 'test-set', namespace: 'shop' },
      spec: { parentRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web', namespace: 'edge' } },
    });
    expect(manifest.spec.listeners.map((listener: { name: string }) => listener.name)).toEqual(['shop', 'http']);
    expect(namesOf(chart)).toContain('ReferenceGrant certs/shop-test-set');
  });

  test('sets every field that the API knows', () => {
    const routes = AllowedRoutes.namespaces(gatewayapi.NamespaceSelector.noneOf('team', 'other'), gatewayapi.RouteKind.HTTP);
    const { chart } = setUp({ listeners: [HTTPS, Listener.http({ routes })] });
    expect(unsetFields('gateway.networking.k8s.io/v1', 'ListenerSet', kindOf(chart, 'ListenerSet'))).toEqual([]);
  });

  test('is what routes attach to', () => {
    const { chart, set } = setUp({ listeners: [Listener.http()] });
    new HttpRoute(chart, 'route', { parents: [RouteParent.listenerSet(set, { listenerName: 'http' })], rules: [{ backends: [RouteBackend.serviceNamed('web', 80)] }] });
    expect(kindOf(chart, 'HTTPRoute')[0].spec.parentRefs).toEqual([
      { group: 'gateway.networking.k8s.io', kind: 'ListenerSet', name: 'test-set', namespace: 'shop', sectionName: 'http' },
    ]);
    expect(ListenerSet.fromListenerSetName(chart, 'other', 'other', 'team').resourceNamespace).toBe('team');
  });

  test('keeps fields and patches that it does not know', () => {
    const { chart, set } = setUp({ listeners: [Listener.http()], additionalSpec: { brandNew: 1 } });
    ApiObject.of(set).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
  });

  test.each<[string, gatewayapi.Listener[], string]>([
    ['without listeners', [], 'MESH-E030'],
    ['with two listeners of one name', [Listener.http(), Listener.http()], 'MESH-E034'],
    ['with two protocols on one port', [Listener.http(), Listener.tcp(80)], 'MESH-E031'],
    ['with 65 listeners', Array.from({ length: 65 }, (_, i) => Listener.tcp(1000 + i)), 'MESH-E038'],
  ])('%s is refused', (_, listeners, code) => {
    expect(errorOf(() => manifestsOf(setUp({ listeners }).chart))).toMatchObject({ code });
  });
});
