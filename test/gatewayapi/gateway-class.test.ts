import { gatewayapi } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { GatewayClass, ReleaseChannel, XMesh } = gatewayapi;

const FULL: gatewayapi.ControllerClassProps = {
  controllerName: 'example.com/controller', description: 'ours', parameters: { group: '', kind: 'ConfigMap', name: 'settings', namespace: 'system' },
};

describe.each<[string, string, (props: gatewayapi.ControllerClassProps) => ReturnType<typeof chartIn>]>([
  ['GatewayClass', 'gateway.networking.k8s.io/v1', (props) => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    new GatewayClass(chart, 'class', props);
    return chart;
  }],
  ['XMesh', 'gateway.networking.x-k8s.io/v1alpha1', (props) => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    ReleaseChannel.useExperimental(chart);
    new XMesh(chart, 'class', props);
    return chart;
  }],
])('a %s', (kind, apiVersion, make) => {
  test('names a controller for the whole cluster, and sets every field that the API knows', () => {
    const [manifest] = manifestsOf(make(FULL));
    expect(manifest).toEqual({
      apiVersion,
      kind,
      metadata: { name: 'test-class' },
      spec: { controllerName: 'example.com/controller', description: 'ours', parametersRef: { group: '', kind: 'ConfigMap', name: 'settings', namespace: 'system' } },
    });
    expect(unsetFields(apiVersion, kind, [manifest])).toEqual([]);
    expect(manifestsOf(make({ ...FULL, additionalSpec: { brandNew: 1 } }))[0].spec.brandNew).toBe(1);
  });

  test.each<[string, Partial<gatewayapi.ControllerClassProps>, string]>([
    ['with a controller without domain', { controllerName: 'controller' }, 'MESH-E001'],
    ['with 65 characters of description', { description: 'x'.repeat(65) }, 'MESH-E038'],
    ['with a namespace', { metadata: { namespace: 'shop' } }, 'MESH-E031'],
    ['with settings of a bad name', { parameters: { group: '', kind: 'ConfigMap', name: 'No' } }, 'MESH-E001'],
  ])('%s is refused', (_, props, code) => {
    expect(errorOf(() => make({ ...FULL, ...props }))).toMatchObject({ code });
  });
});

test('an XMesh is refused until the experimental channel is used', () => {
  expect(errorOf(() => new XMesh(chartIn(), 'mesh', FULL))).toMatchObject({ code: 'MESH-E022' });
  const chart = chartIn();
  expect(GatewayClass.fromGatewayClassName(chart, 'a', 'istio').resourceName).toBe('istio');
  expect(XMesh.fromXMeshName(chart, 'b', 'istio').resourceName).toBe('istio');
});
