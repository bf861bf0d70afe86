import { ApiObject, JsonPatch } from 'cdk8s';
import { istio, Port } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, Manifest, manifestOf, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { ExtensionPhase, PolicyPort, PolicyTarget, TelemetryMode, TrafficExtension, TrafficFilter, WasmFailure, WasmFilterType, WasmModule, WasmPlugin, WorkloadSelector } = istio;

const SHA = 'a'.repeat(64);
const IMAGE = WasmModule.oci('registry.example.com/filters/auth:1.2.0', { pullSecret: 'registry', pullAlways: true, sha256: SHA });
const SETTINGS: istio.WasmSettings = {
  pluginName: 'auth',
  pluginConfig: { realm: { name: 'shop' } },
  failure: WasmFailure.OPEN,
  filterType: WasmFilterType.HTTP,
  env: { LEVEL: 'debug' },
  proxyEnv: ['POD_NAME'],
  verificationKey: 'key',
};
const WASM = {
  url: 'oci://registry.example.com/filters/auth:1.2.0',
  sha256: SHA,
  imagePullSecret: 'registry',
  imagePullPolicy: 'Always',
  pluginName: 'auth',
  pluginConfig: { realm: { name: 'shop' } },
  failStrategy: 'FAIL_OPEN',
  type: 'HTTP',
  vmConfig: { env: [{ name: 'LEVEL', value: 'debug', valueFrom: 'INLINE' }, { name: 'POD_NAME', valueFrom: 'HOST' }] },
  verificationKey: 'key',
};
const LUA = 'function envoy_on_response(handle) handle:headers():add("a", "b") end';
const WHERE = {
  selector: WorkloadSelector.labels({ app: 'web' }),
  matches: [{ mode: TelemetryMode.SERVER, ports: [PolicyPort.container(8080)] }],
  phase: ExtensionPhase.AUTHN,
  priority: -5,
};
const WHERE_RENDERED = { selector: { matchLabels: { app: 'web' } }, match: [{ mode: 'SERVER', ports: [{ number: 8080 }] }], phase: 'AUTHN', priority: -5 };

function plugin(props: istio.WasmPluginProps): Manifest {
  const chart = chartIn();
  new WasmPlugin(chart, 'plugin', props);
  return manifestsOf(chart)[0];
}

function extension(props: istio.TrafficExtensionProps): Manifest {
  const chart = chartIn();
  new TrafficExtension(chart, 'extension', props);
  return manifestsOf(chart)[0];
}

describe('a WasmPlugin', () => {
  test('needs no more than a module', () => {
    expect(plugin({ module: WasmModule.http('https://example.com/a.wasm', SHA) })).toEqual({
      apiVersion: 'extensions.istio.io/v1alpha1', kind: 'WasmPlugin', metadata: { name: 'test-plugin' }, spec: { url: 'https://example.com/a.wasm', sha256: SHA },
    });
    expect(plugin({ module: WasmModule.file('/opt/a.wasm') }).spec).toEqual({ url: 'file:///opt/a.wasm' });
  });

  test('sets every field that Istio knows', () => {
    const full = plugin({ module: IMAGE, ...SETTINGS, ...WHERE });
    expect(full.spec).toEqual({ ...WASM, ...WHERE_RENDERED });
    const targeted = plugin({ module: IMAGE, targets: [PolicyTarget.gatewayClass()] });
    const reference = { group: '', kind: 'Service', name: 'a', namespace: '' };
    const old = plugin({ module: IMAGE, additionalSpec: { targetRef: reference, targetRefs: [reference] } });
    expect(unsetFields('extensions.istio.io/v1alpha1', 'WasmPlugin', [full, targeted, old])).toEqual([]);
  });
});

describe('a TrafficExtension', () => {
  test('runs a script or a module, and sets every field that Istio knows', () => {
    const lua = extension({ filter: TrafficFilter.lua(LUA), ...WHERE });
    expect(lua.spec).toEqual({ lua: { inlineCode: LUA }, ...WHERE_RENDERED });
    const wasm = extension({ filter: TrafficFilter.wasm(IMAGE, SETTINGS), targets: [PolicyTarget.kubernetesService('a')] });
    expect(wasm.spec).toEqual({ wasm: WASM, targetRefs: [{ group: '', kind: 'Service', name: 'a' }] });
    const old = extension({ filter: TrafficFilter.lua(LUA), additionalSpec: { targetRefs: [{ group: '', kind: 'Service', name: 'a', namespace: '' }] } });
    expect(unsetFields('extensions.istio.io/v1alpha1', 'TrafficExtension', [lua, wasm, old])).toEqual([]);
  });

  test.each([
    ['an empty script', () => TrafficFilter.lua(' '), 'a script of 1 bytes'],
    ['a script that is too long', () => TrafficFilter.lua('-'.repeat(65_537)), 'a script of 65537 bytes'],
    ['a script that is never called', () => TrafficFilter.lua('print("a")'), 'a script that the proxy never calls'],
  ])('does not take %s', (_, make, what) => {
    expect(errorOf(make)).toMatchObject({ code: 'MESH-E028', what });
  });
});

describe.each<[string, (props: istio.ExtensionScope) => { make: () => Manifest[]; resource: () => istio.WasmPlugin | istio.TrafficExtension }]>([
  ['a WasmPlugin', (props) => kindOfExtension((chart) => new WasmPlugin(chart, 'x', { module: IMAGE, ...props }))],
  ['a TrafficExtension', (props) => kindOfExtension((chart) => new TrafficExtension(chart, 'x', { filter: TrafficFilter.lua(LUA), ...props }))],
])('%s', (_, build) => {
  test('grows until synth, and can be read back', () => {
    const { make, resource } = build({});
    resource().addMatch({ ports: [PolicyPort.container(80)] });
    resource().addTarget(PolicyTarget.kubernetesService('a'));
    resource().matches.pop();
    expect([resource().matches.length, resource().targets.length]).toEqual([1, 1]);
    expect(make()[0].spec).toMatchObject({ match: [{ ports: [{ number: 80 }] }], targetRefs: [{ name: 'a' }] });
  });

  test('keeps fields and patches that it does not know', () => {
    const { make, resource } = build({ additionalSpec: { brandNew: 1 } });
    ApiObject.of(resource()).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(make()[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
  });

  test.each<[string, istio.ExtensionScope, string]>([
    ['a port twice', { matches: [{ ports: [PolicyPort.container(80), PolicyPort.container(80)] }] }, 'MESH-E004'],
    ['a match without ports', { matches: [{ ports: [] }] }, 'MESH-E004'],
    ['half a priority', { priority: 0.5 }, 'MESH-E028'],
    ['two scopes', { selector: WorkloadSelector.labels({ a: 'b' }), targets: [PolicyTarget.gatewayClass()] }, 'MESH-E031'],
  ])('with %s is refused', (__, props, code) => {
    expect(errorOf(() => build(props).make())).toMatchObject({ code, constructPath: 'test/x' });
  });
});

function kindOfExtension<T extends istio.WasmPlugin | istio.TrafficExtension>(create: (chart: ReturnType<typeof chartIn>) => T) {
  const chart = chartIn();
  const resource = create(chart);
  return { make: () => manifestsOf(chart), resource: () => resource };
}

describe('extensions', () => {
  test('know ports by the numbers of the containers', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const web = serviceIn(chart, 'web', mesh, { ports: [Port.http(80, { targetPort: 8080 })] });
    new WasmPlugin(chart, 'x', { module: IMAGE, selector: WorkloadSelector.service(web), matches: [{ ports: [PolicyPort.service(80)] }] });
    expect(manifestOf(chart, 'WasmPlugin', 'test-x').spec.match).toEqual([{ ports: [{ number: 8080 }] }]);
  });

  test('run neither beside the pods of an ambient service, nor at a waypoint where there is none', () => {
    const ambient = istioChart({ dataPlane: istio.DataPlane.AMBIENT }, { namespace: 'shop' });
    new WasmPlugin(ambient.chart, 'x', { module: IMAGE, selector: WorkloadSelector.service(serviceIn(ambient.chart, 'a', ambient.mesh)) });
    expect(errorOf(() => manifestsOf(ambient.chart))).toMatchObject({ code: 'MESH-E037', what: 'an extension for pods of a, whose node proxy runs none' });
    const sidecars = istioChart({}, { namespace: 'shop' });
    new WasmPlugin(sidecars.chart, 'x', { module: IMAGE, targets: [PolicyTarget.service(serviceIn(sidecars.chart, 'a', sidecars.mesh))] });
    expect(errorOf(() => manifestsOf(sidecars.chart))).toMatchObject({ code: 'MESH-E037', what: 'an extension for a at its waypoint, and its mesh has sidecars instead' });
  });

  test('can be referred to by their names', () => {
    const chart = chartIn();
    expect(WasmPlugin.fromWasmPluginName(chart, 'a', 'auth').resourceName).toBe('auth');
    expect(TrafficExtension.fromTrafficExtensionName(chart, 'b', 'trace', 'shop').resourceNamespace).toBe('shop');
  });
});

describe('a module', () => {
  test.each([
    ['registry.example.com:5000/a/b:1', 'oci://registry.example.com:5000/a/b:1'],
    ['oci://registry.example.com/a@sha256:' + SHA, 'oci://registry.example.com/a@sha256:' + SHA],
  ])('can be the image %s', (image, url) => {
    expect(WasmModule.oci(image).url).toBe(url);
  });

  test.each<[string, () => unknown, string]>([
    ['no image', () => WasmModule.oci('https://example.com/a'), 'MESH-E032'],
    ['an empty image', () => WasmModule.oci(''), 'MESH-E032'],
    ['no address', () => WasmModule.http('ftp://example.com/a', SHA), 'MESH-E032'],
    ['a file that is not checked', () => WasmModule.http('https://example.com/a', 'abc'), 'MESH-E028'],
    ['a relative path', () => WasmModule.file('a.wasm'), 'MESH-E032'],
    ['a Secret with a bad name', () => WasmModule.oci('a.example.com/b:1', { pullSecret: 'A B' }), 'MESH-E001'],
  ])('cannot be %s', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });

  test.each<[string, istio.WasmSettings, string]>([
    ['an empty plugin name', { pluginName: '' }, 'MESH-E001'],
    ['a variable with an equals sign', { env: { 'a=b': 'c' } }, 'MESH-E028'],
    ['a variable with much text', { env: { a: 'x'.repeat(2049) } }, 'MESH-E028'],
    ['a variable that is given twice', { env: { a: 'b' }, proxyEnv: ['a'] }, 'MESH-E027'],
    ['257 variables', { proxyEnv: Array.from({ length: 257 }, (_, i) => `V${i}`) }, 'MESH-E038'],
  ])('cannot run with %s', (_, settings, code) => {
    expect(errorOf(() => TrafficFilter.wasm(IMAGE, settings))).toMatchObject({ code });
  });
});
