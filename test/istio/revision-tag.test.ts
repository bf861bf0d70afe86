import { ApiObject, App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Access, istio, MeshedService, MethodMatch, Port, Workload } from 'cdk8s-mesh';

function chartWith(attributes: istio.ControlPlaneAttributes) {
  const chart = new Chart(new App(), 'app', { disableResourceNameHashes: true });
  return { chart, plane: istio.ControlPlane.fromControlPlaneAttributes(chart, 'plane', attributes) };
}

describe('a revision tag', () => {
  test('is a webhook that injects the proxies of its revision', () => {
    const { chart, plane } = chartWith({ version: '1.31.1', revisionName: '1-31-1' });
    const tag = new istio.RevisionTag(chart, 'stable', { controlPlane: plane });
    const [webhook] = Testing.synth(chart);

    expect([tag.tagName, tag.controlPlane, ApiObject.of(tag).kind]).toEqual(['stable', plane, 'MutatingWebhookConfiguration']);
    expect(webhook.metadata).toEqual({ name: 'istio-revision-tag-stable', labels: { 'app': 'sidecar-injector', 'istio.io/rev': '1-31-1', 'istio.io/tag': 'stable' } });
    expect(webhook.webhooks.map(({ name, clientConfig }: any) => [name, clientConfig.service.name])).toEqual([
      ['rev.namespace.sidecar-injector.istio.io', 'istiod-1-31-1'],
      ['rev.object.sidecar-injector.istio.io', 'istiod-1-31-1'],
    ]);
  });

  test('called default also serves pods that name no revision', () => {
    const { chart, plane } = chartWith({ version: '1.31.1', revisionName: '1-31-1', namespace: 'mesh' });
    new istio.RevisionTag(chart, 'tag', { tagName: 'default', controlPlane: plane });
    const [{ metadata, webhooks }] = Testing.synth(chart);

    expect(metadata.name).toBe('istio-revision-tag-default-mesh');
    expect(webhooks.map(({ name }: any) => name)).toContain('namespace.sidecar-injector.istio.io');
    expect(webhooks).toHaveLength(4);
  });

  test('of the default revision leads to its istiod, which has no suffix', () => {
    const { chart, plane } = chartWith({ version: '1.31.1' });
    new istio.RevisionTag(chart, 'stable', { controlPlane: plane });
    const [{ metadata, webhooks }] = Testing.synth(chart);
    expect([metadata.labels['istio.io/rev'], webhooks[0].clientConfig.service.name]).toEqual(['default', 'istiod']);
  });

  test('is the operator\'s own object where the Sail operator runs the control plane', () => {
    const { chart, plane } = chartWith({ version: '1.30.3', revisionName: 'default-v1-30-3', managedBySail: true });
    new istio.RevisionTag(chart, 'stable', { controlPlane: plane });
    expect(Testing.synth(chart)).toEqual([{
      apiVersion: 'sailoperator.io/v1', kind: 'IstioRevisionTag', metadata: { name: 'stable' }, spec: { targetRef: { kind: 'IstioRevision', name: 'default-v1-30-3' } },
    }]);
  });

  test('moves from one control plane to another', () => {
    const { chart, plane } = chartWith({ version: '1.30.3', revisionName: '1-30-3' });
    const tag = new istio.RevisionTag(chart, 'stable');
    tag.pointTo(plane);
    tag.pointTo(istio.ControlPlane.fromControlPlaneAttributes(chart, 'next', { version: '1.31.1', revisionName: '1-31-1' }));
    expect(Testing.synth(chart).map(({ metadata }) => metadata.labels['istio.io/rev'])).toEqual(['1-31-1']);
  });

  test('is named by namespaces, whoever built them', () => {
    const { chart, plane } = chartWith({ version: '1.31.1', revisionName: '1-31-1' });
    const tag = new istio.RevisionTag(chart, 'stable', { controlPlane: plane });
    tag.enrolNamespace(new kplus.Namespace(chart, 'shop', { metadata: { name: 'shop' } }));
    const namespace = Testing.synth(chart).find(({ kind }) => kind === 'Namespace');
    expect(namespace!.metadata.labels).toEqual({ 'istio.io/rev': 'stable' });
  });

  test.each([
    ['istio-injection', /take it off: it wins over the revision tag \[MESH-E031\]/],
    ['istio.io/dataplane-mode', /name the tag at the waypoint, with revisionTag \[MESH-E031\]/],
  ])('refuses namespaces with the label %s', (label, message) => {
    const { chart } = chartWith({ version: '1.31.1' });
    const namespace = new ApiObject(chart, 'ns', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { [label]: 'x' } } });
    expect(() => new istio.RevisionTag(chart, 'stable').enrolNamespace(namespace)).toThrow(message);
  });

  test('refuses to enrol anything else', () => {
    const { chart } = chartWith({ version: '1.31.1' });
    expect(() => new istio.RevisionTag(chart, 'stable').enrolNamespace(new ApiObject(chart, 'x', { apiVersion: 'v1', kind: 'Secret' })))
      .toThrow(/expected a Namespace, got a Secret; pass the Namespace object \[MESH-E031\]/);
  });

  test('that points nowhere is an error at synth', () => {
    const { chart } = chartWith({ version: '1.31.1' });
    new istio.RevisionTag(chart, 'stable');
    expect(() => Testing.synth(chart)).toThrow(/revision tag "stable" points to no control plane; call pointTo, .* \[MESH-E030\] \(at app\/stable\)/);
  });

  test('called like its revision is an error', () => {
    const { chart, plane } = chartWith({ version: '1.31.1', revisionName: 'stable' });
    expect(() => new istio.RevisionTag(chart, 'tag', { tagName: 'stable', controlPlane: plane })).toThrow(/give the tag another name \[MESH-E031\]/);
  });

  test.each(['Stable', 'a.b', ''])('cannot be called "%s"', (name) => {
    const { chart } = chartWith({ version: '1.31.1' });
    expect(() => new istio.RevisionTag(chart, 'tag', { tagName: name })).toThrow(/invalid revision tag, got .* \[MESH-E001\]/);
    expect(() => istio.RevisionTag.fromTagName(chart, 'imported', name)).toThrow(/invalid revision tag, got .* \[MESH-E001\]/);
  });
});

describe('the revision tag of an ambient mesh', () => {
  test('is named by waypoints, those of the program and those that are made for it', () => {
    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    const tag = istio.RevisionTag.fromTagName(chart, 'tag', 'stable');
    new istio.Waypoint(chart, 'own', { waypointName: 'own', revisionTag: tag });
    const mesh = new istio.IstioMesh(chart, 'mesh', { dataPlane: istio.DataPlane.AMBIENT, revisionTag: tag });
    const [cart, web] = ['cart', 'web'].map((name) => new MeshedService(chart, name, { mesh, workload: Workload.image(`${name}:1`), ports: [Port.http(8080)] }));
    web.connections.allowTo(cart, Access.http({ methods: [MethodMatch.GET] }));
    const gateways = Testing.synth(chart).filter(({ kind }) => kind === 'Gateway').map(({ metadata }) => [metadata.name, metadata.labels['istio.io/rev']]);
    expect(gateways).toEqual(expect.arrayContaining([['own', 'stable'], ['waypoint', 'stable']]));
  });

  test('is on no waypoint when there is none', () => {
    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    new istio.Waypoint(chart, 'own');
    expect(Testing.synth(chart)[0].metadata.labels).toEqual({ 'istio.io/waypoint-for': 'service' });
  });
});
