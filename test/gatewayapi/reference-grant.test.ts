import { ApiObject, JsonPatch } from 'cdk8s';
import { gatewayapi } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { GrantSource, GrantTarget, ReferenceGrant } = gatewayapi;

describe('a ReferenceGrant', () => {
  test('says who may refer to what, and sets every field that the API knows', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const grant = new ReferenceGrant(chart, 'grant', {
      sources: [GrantSource.httpRoutes('edge'), GrantSource.grpcRoutes('edge'), GrantSource.tlsRoutes('edge'), GrantSource.tcpRoutes('edge')],
      targets: [GrantTarget.service('web'), GrantTarget.secret()],
    });
    grant.addSource(GrantSource.gateways('edge'));
    grant.addTarget(GrantTarget.of('example.com', 'Thing', 'a'));
    grant.sources.pop();
    grant.targets.pop();
    expect([grant.sources.length, grant.targets.length]).toEqual([5, 3]);
    const [manifest] = manifestsOf(chart);
    expect(manifest.spec).toEqual({
      from: ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'Gateway'].map((kind) => ({ group: 'gateway.networking.k8s.io', kind, namespace: 'edge' })),
      to: [{ group: '', kind: 'Service', name: 'web' }, { group: '', kind: 'Secret' }, { group: 'example.com', kind: 'Thing', name: 'a' }],
    });
    expect(unsetFields('gateway.networking.k8s.io/v1', 'ReferenceGrant', [manifest])).toEqual([]);
  });

  test('keeps fields and patches that it does not know, and can be referred to by its name', () => {
    const chart = chartIn();
    const grant = new ReferenceGrant(chart, 'grant', { sources: [GrantSource.gateways('edge')], targets: [GrantTarget.secret()], additionalSpec: { brandNew: 1 } });
    ApiObject.of(grant).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
    expect(ReferenceGrant.fromReferenceGrantName(chart, 'imported', 'a', 'b').resourceNamespace).toBe('b');
  });

  const sources = (count: number) => Array.from({ length: count }, (_, i) => GrantSource.gateways(`n${i}`));
  const targets = (count: number) => Array.from({ length: count }, (_, i) => GrantTarget.secret(`s${i}`));

  test.each<[string, gatewayapi.ReferenceGrantProps, string, string]>([
    ['for nobody', { targets: targets(1) }, 'MESH-E030', 'a grant without sources'],
    ['for nothing', { sources: sources(1) }, 'MESH-E030', 'a grant without targets'],
    ['for its own namespace', { sources: [GrantSource.gateways('shop')], targets: targets(1) }, 'MESH-E031', 'a grant for the namespace "shop" that it stands in, which needs none'],
    ['with 17 sources', { sources: sources(17), targets: targets(1) }, 'MESH-E038', '17 sources, and the API takes 16'],
    ['with 17 targets', { sources: sources(1), targets: targets(17) }, 'MESH-E038', '17 targets, and the API takes 16'],
  ])('%s is refused', (_, props, code, what) => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    expect(errorOf(() => {
      new ReferenceGrant(chart, 'grant', props);
      manifestsOf(chart);
    })).toMatchObject({ code, what, constructPath: 'test/grant' });
  });

  test('names groups, namespaces and objects as Kubernetes does', () => {
    expect(errorOf(() => GrantSource.of('A b', 'Thing', 'a'))).toMatchObject({ code: 'MESH-E001' });
    expect(errorOf(() => GrantSource.gateways('A'))).toMatchObject({ code: 'MESH-E001' });
    expect(errorOf(() => GrantTarget.service('a b'))).toMatchObject({ code: 'MESH-E001' });
  });
});
