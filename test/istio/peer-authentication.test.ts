import { ApiObject, JsonPatch } from 'cdk8s';
import { istio, MtlsMode, Port } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, manifestOf, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { PeerAuthentication, PolicyPort, WorkloadSelector } = istio;

describe('a PeerAuthentication', () => {
  test('of a namespace is named default', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const policy = new PeerAuthentication(chart, 'mtls', { mode: MtlsMode.STRICT, metadata: { labels: { a: 'b' } } });
    expect(manifestsOf(chart)).toEqual([{
      apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'shop', labels: { a: 'b' } }, spec: { mtls: { mode: 'STRICT' } },
    }]);
    expect([policy.resourceName, policy.resourceNamespace, policy.mode]).toEqual(['default', 'shop', 'strict']);
  });

  test('of a namespace has no other name', () => {
    expect(new PeerAuthentication(chartIn(), 'mtls', { mode: MtlsMode.STRICT, metadata: { name: 'default' } }).resourceName).toBe('default');
    expect(errorOf(() => new PeerAuthentication(chartIn(), 'mtls', { mode: MtlsMode.STRICT, metadata: { name: 'strict' } }))).toMatchObject({
      code: 'MESH-E001', what: 'a policy for a whole namespace with the name "strict"', constructPath: 'test/mtls',
    });
  });

  test('of pods has a name of its own, and ports of the container', () => {
    const { chart, mesh } = istioChart({ meshWide: true }, { namespace: 'shop' });
    const orders = serviceIn(chart, 'orders', mesh, { ports: [Port.http(80, { targetPort: 8080 })] });
    const policy = new PeerAuthentication(chart, 'mtls', {
      selector: WorkloadSelector.service(orders), mode: MtlsMode.STRICT, ports: [{ port: PolicyPort.service(80), mode: MtlsMode.PERMISSIVE }],
    });
    policy.addPort(PolicyPort.container(9090), MtlsMode.DISABLED);
    policy.ports.pop();
    expect(policy.ports).toHaveLength(2);
    expect(manifestOf(chart, 'PeerAuthentication', 'test-mtls').spec).toEqual({
      selector: { matchLabels: { 'app.kubernetes.io/name': 'orders' } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { 8080: { mode: 'PERMISSIVE' }, 9090: { mode: 'DISABLE' } },
    });
    expect(unsetFields('security.istio.io/v1', 'PeerAuthentication', kindOf(chart, 'PeerAuthentication'))).toEqual([]);
  });

  test('inherits the mode that it does not name', () => {
    const chart = chartIn();
    new PeerAuthentication(chart, 'mtls', { selector: WorkloadSelector.labels({ a: 'b' }), ports: [{ port: PolicyPort.container(80), mode: MtlsMode.PERMISSIVE }] });
    expect(manifestsOf(chart)[0].spec).toEqual({ selector: { matchLabels: { a: 'b' } }, portLevelMtls: { 80: { mode: 'PERMISSIVE' } } });
  });

  test('keeps fields and patches that it does not know, and can be referred to by its name', () => {
    const chart = chartIn();
    const policy = new PeerAuthentication(chart, 'mtls', { mode: MtlsMode.STRICT, additionalSpec: { brandNew: 1 } });
    ApiObject.of(policy).addJsonPatch(JsonPatch.replace('/spec/mtls/mode', 'UNSET'));
    expect(manifestsOf(chart)[0].spec).toEqual({ mtls: { mode: 'UNSET' }, brandNew: 1 });
    expect(PeerAuthentication.fromPeerAuthenticationName(chart, 'imported', 'default', 'istio-system').resourceNamespace).toBe('istio-system');
  });

  test('cannot say anything about ports of a whole namespace', () => {
    expect(errorOf(() => new PeerAuthentication(chartIn(), 'mtls', { ports: [{ port: PolicyPort.container(80), mode: MtlsMode.STRICT }] })))
      .toMatchObject({ code: 'MESH-E031', what: 'container port 80 in a policy without selector, where Istio ignores it', fix: 'select the pods that have the port' });
  });

  test('that says nothing is refused', () => {
    const chart = chartIn();
    new PeerAuthentication(chart, 'mtls');
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E037', what: 'a policy that says nothing' });
  });

  test('names each port once, by whichever number', () => {
    const { chart, mesh } = istioChart({ meshWide: true }, { namespace: 'shop' });
    const orders = serviceIn(chart, 'orders', mesh, { ports: [Port.http(80, { targetPort: 8080 })] });
    const policy = new PeerAuthentication(chart, 'mtls', { selector: WorkloadSelector.service(orders), ports: [{ port: PolicyPort.service(80), mode: MtlsMode.STRICT }] });
    expect(errorOf(() => policy.addPort(PolicyPort.service(80), MtlsMode.STRICT))).toMatchObject({ code: 'MESH-E004' });
    policy.addPort(PolicyPort.container(8080), MtlsMode.STRICT);
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E004', what: 'container port 8080 is named twice, once by a port of the Service' });
  });

  test('selects in its own namespace only, from the root namespace too', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'istio-system' });
    const orders = serviceIn(chart, 'orders', mesh, { namespace: 'shop' });
    expect(errorOf(() => new PeerAuthentication(chart, 'mtls', { mode: MtlsMode.STRICT, selector: WorkloadSelector.service(orders) }))).toMatchObject({
      code: 'MESH-E031', what: 'a policy of namespace istio-system selects pods of namespace shop, where it has no effect', fix: 'put it into namespace shop',
    });
  });

  test('cannot disable mutual TLS in ambient mode', () => {
    const { chart, mesh } = istioChart({ dataPlane: istio.DataPlane.AMBIENT }, { namespace: 'shop' });
    const orders = serviceIn(chart, 'orders', mesh);
    new PeerAuthentication(chart, 'mtls', { mode: MtlsMode.DISABLED, selector: WorkloadSelector.service(orders) });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E037', what: 'mutual TLS disabled for pods of orders, whose node proxy always takes it', fix: 'use MtlsMode.PERMISSIVE' });
  });
});
