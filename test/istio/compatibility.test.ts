import { ApiObject, App, Chart } from 'cdk8s';
import { CircuitBreaker, istio, MeshedService, Port, Workload } from 'cdk8s-mesh';

function appWith(props: istio.IstioMeshProps = {}) {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
  return { app, chart, mesh: new istio.IstioMesh(chart, 'mesh', props) };
}

describe('compatibility', () => {
  test('names construct, object, field, release and what to do', () => {
    const { app, chart } = appWith();
    new istio.crd.VirtualService(chart, 'route', { metadata: { name: 'cart' }, spec: { hosts: ['cart.shop.svc.cluster.local'], http: [{ retries: { backoff: '1s' } }] } });
    expect(istio.Compatibility.check(app, '1.25')).toEqual([{
      change: istio.CompatibilityChange.LACKS,
      constructPath: 'shop/route',
      kind: 'VirtualService',
      objectName: 'shop/cart',
      field: 'spec.http.retries.backoff',
      release: '1.26',
      advice: 'leave it out until then',
      breaking: true,
      text: 'spec.http.retries.backoff of VirtualService shop/cart is there from 1.26 on, and not in 1.25; leave it out until then (at shop/route)',
    }]);
    expect(istio.Compatibility.check(app, '1.26.4')).toEqual([]);
  });

  test('looks at what patterns write', () => {
    const { app, chart, mesh } = appWith({ meshWide: true });
    new MeshedService(chart, 'cart', { mesh, workload: Workload.image('cart:1'), ports: [Port.http(8080)] });
    const findings = istio.Compatibility.check(app, '1.21');
    expect(new Set(findings.map(({ field, release }) => `${field} ${release}`))).toEqual(new Set(['apiVersion 1.22']));
    expect(findings.map(({ constructPath }) => constructPath).every((path) => path.startsWith('shop/'))).toBe(true);
  });

  test('looks at the settings of meshes', () => {
    const { app } = appWith({ circuitBreaker: CircuitBreaker.consecutiveErrors(5) });
    expect(istio.Compatibility.check(app, '1.30')).toMatchObject([{ kind: 'MeshConfig', field: 'defaultTrafficPolicy', constructPath: 'shop/mesh', breaking: true }]);
  });

  test('looks at a part of an app only, when it is asked for that', () => {
    const { app, chart } = appWith();
    new istio.crd.TrafficExtension(chart, 'lua', { spec: { lua: { inlineCode: 'x' } } });
    expect(istio.Compatibility.check(new Chart(app, 'other'), '1.29')).toEqual([]);
    expect(istio.Compatibility.check(chart, '1.29')).toHaveLength(1);
  });

  test('names deprecated fields, which break nothing', () => {
    const { app, chart } = appWith();
    new ApiObject(chart, 'rule', { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'a' }, spec: { host: 'a.b', trafficPolicy: { outlierDetection: { consecutiveErrors: 5 } } } });
    expect(istio.Compatibility.check(app, '1.31')).toMatchObject([{ change: 'deprecated', advice: 'use consecutive5xxErrors or consecutiveGatewayErrors', breaking: false }]);
  });

  test('names fields that nobody knows', () => {
    const { app, chart } = appWith();
    new ApiObject(chart, 'rule', { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'a' }, spec: { hots: 'a.b' } });
    expect(istio.Compatibility.check(app, '1.31')).toMatchObject([{ change: 'unknown', field: 'spec.hots', breaking: true, text: 'spec.hots of DestinationRule shop/a is in no version that is known; mend its name, or leave it out (at shop/rule)' }]);
  });

  test('names what releases in between changed, once for all that it concerns', () => {
    const { app, chart } = appWith();
    ['a', 'b', 'c'].forEach((name) => new istio.crd.Gateway(chart, name, { metadata: { name }, spec: { servers: [] } }));
    const changed = (currentVersion: string, target: string) => istio.Compatibility.check(app, target, { currentVersion }).map(({ release, text }) => `${release} ${text.replace(/;.*/, '')}`);
    expect(changed('1.31.0', '1.31.1')).toEqual([]);
    expect(changed('1.30.3', '1.31.1')).toEqual([
      '1.31 from 1.31 on, Gateways of other namespaces are no longer merged into gateways that Istio makes from the Gateway API, here and in 2 more',
      '1.31 from 1.31 on, proxies learn of endpoints that are not ready, unless outlier detection sets minHealthPercent',
    ]);
    expect(changed('1.26.0', '1.27.0')).toEqual(['1.27 from 1.27 on, proxies beside pods are native sidecars where the cluster has them: init containers that keep running']);
  });

  test('asks for a look at every EnvoyFilter when the minor release changes', () => {
    const { app, chart } = appWith();
    new istio.crd.EnvoyFilter(chart, 'filter', { metadata: { name: 'f' }, spec: { configPatches: [] } });
    expect(istio.Compatibility.check(app, '1.31.1', { currentVersion: '1.31.0' })).toEqual([]);
    expect(istio.Compatibility.check(app, '1.31.1', { currentVersion: '1.30.0' })).toContainEqual(expect.objectContaining({ kind: 'EnvoyFilter', objectName: 'shop/f', change: 'changed', breaking: false }));
  });

  test('tells the errors of an app that is wrong itself', () => {
    const { app, chart, mesh } = appWith();
    new MeshedService(chart, 'a', { mesh, workload: Workload.image('a:1'), ports: [Port.http(80)], serviceName: 'same' });
    new MeshedService(chart, 'b', { mesh, workload: Workload.image('b:1'), ports: [Port.http(80)], serviceName: 'same' });
    expect(() => istio.Compatibility.check(app, '1.31')).toThrow(/\[MESH-E015\]/);
  });

  test.each(['1', 'latest', 'v1.31'])('cannot be checked with version "%s"', (version) => {
    const { app } = appWith();
    expect(() => istio.Compatibility.check(app, version)).toThrow(/invalid version of Istio, got .*; write it like "1\.31" or "1\.31\.1" \[MESH-E060\]/);
    expect(() => istio.Compatibility.check(app, '1.31', { gatewayApiVersion: version })).toThrow(/invalid version of the Gateway API/);
  });
});
