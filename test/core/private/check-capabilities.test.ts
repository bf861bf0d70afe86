import { App } from 'cdk8s';
import {
  AccessMode, Capabilities, Capability, CapabilityStatus, Destination, HttpRule, MeshProfile, MeshSummary, Mirror, MtlsMode, PathMatch,
} from '../../../src';
import { FakeMesh } from '../../support/fake-mesh';
import { chartIn, serviceIn } from '../../support/fixtures';
import { errorOf, errorsOf, namesOf } from '../../support/manifests';

function setUp(profile: string, more: Partial<MeshProfile> = {}) {
  const chart = chartIn(new App(), 'shop');
  const mesh = new FakeMesh(chart, 'mesh', Capabilities.of(profile), { mtls: undefined, ...more });
  const cart = serviceIn(chart, 'cart', mesh);
  const route = (rule: HttpRule) => cart.addRoute({ matches: [{ path: PathMatch.prefix('/x') }], ...rule });
  return { chart, mesh, cart, route, mirror: { mirrors: [Mirror.to(Destination.service(cart))] } };
}

describe('a capability that a mesh lacks', () => {
  test('is an error with its id, the mesh and an alternative', () => {
    const { chart, route, mirror } = setUp('linkerd');
    route(mirror);
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E021',
      constructPath: 'shop/cart',
      what: 'a mirror needs mirror, which linkerd lacks (route with RequestMirror is dropped)',
      fix: "copy requests in the application, or accept the loss with accept: ['mirror'] on the mesh",
    });
  });

  test('may be accepted; then the rest is lowered, and the loss is on record', () => {
    const { chart, mesh, route, mirror } = setUp('linkerd', { accept: ['mirror'] });
    route(mirror);
    namesOf(chart);
    expect(mesh.plan.services[0].httpRules[0]).toMatchObject({ mirrors: undefined, matches: [{ path: PathMatch.prefix('/x') }] });
    expect(MeshSummary.of(chart).losses).toEqual([{ capabilityId: 'mirror', meshName: 'linkerd', constructPath: 'shop/cart', what: 'a mirror' }]);
  });

  test('that is accepted and never used is no loss', () => {
    const { chart } = setUp('linkerd', { accept: ['mirror'] });
    namesOf(chart);
    expect(MeshSummary.of(chart).losses).toEqual([]);
  });

  test('is an error beside all others', () => {
    const { chart, mesh, route, mirror } = setUp('linkerd');
    route({ ...mirror, ruleName: 'copies' });
    serviceIn(chart, 'web', mesh, { access: AccessMode.DECLARED }).subset('v1');
    chart.node.addValidation({ validate: () => ['something else'] });
    serviceIn(chart, 'web-2', mesh, { serviceName: 'web' });
    expect(errorsOf(() => namesOf(chart)).map(({ code, constructPath }) => [code, constructPath])).toEqual([['MESH-E021', 'shop/cart'], ['MESH-E015', 'shop/web-2']]);
  });
});

describe('a capability that a mesh has', () => {
  test('cannot be accepted as a loss', () => {
    const { chart } = setUp('istio', { accept: ['mirror'] });
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E023', constructPath: 'shop/mesh', what: 'mirror is accepted as a loss, and istio can carry it', fix: "take it out of accept: ['mirror']",
    });
  });

  test('in part may be given up', () => {
    const { chart, mesh, cart } = setUp('linkerd', { accept: ['lb.leastRequest'], access: AccessMode.OPEN });
    expect(Capabilities.of('linkerd').capability('lb.leastRequest').status).toBe('partial');
    cart.connections.allowFrom(cart);
    namesOf(chart);
    expect(mesh.plans).toHaveLength(1);
  });

  test('must be one that there is', () => {
    const { chart } = setUp('istio', { accept: ['teleport'] });
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E024', constructPath: 'shop/mesh', what: 'unknown capability, got "teleport"' });
  });
});

describe('a capability with strings attached', () => {
  test.each([['consul', { mtls: MtlsMode.PERMISSIVE }]])('in part (%s) is used as it is', (profile, more) => {
    const { chart, mesh } = setUp(profile, more);
    namesOf(chart);
    expect(mesh.plan.services[0].mtls).toBe(MtlsMode.PERMISSIVE);
  });

  test.each<[string, CapabilityStatus, Partial<MeshProfile>, string]>([
    ['in its enterprise edition', CapabilityStatus.ENTERPRISE, { enterprise: true }, 'enterprise'],
    ['below its own interface', CapabilityStatus.ESCAPE_HATCH, { allowEscapeHatch: true }, 'allowEscapeHatch'],
    ['by an interface that may still change', CapabilityStatus.EXPERIMENTAL, { experimental: true }, 'experimental'],
  ])('%s is used only when the mesh is told so', (where, status, allowed, option) => {
    const plan = (more: Partial<MeshProfile>) => {
      const table = Capabilities.of('istio');
      const capability = (id: string): Capability => ({ ...table.capability(id), ...id === 'mirror' ? { status, native: 'its way' } : {} });
      const { chart, mesh, route, mirror } = setUp('istio', { ...more, capabilities: { profile: 'own', capability } as Capabilities });
      route(mirror);
      namesOf(chart);
      return mesh.plan;
    };
    expect(errorOf(() => plan({}))).toMatchObject({
      code: 'MESH-E022', constructPath: 'shop/cart', what: `a mirror needs mirror, which istio offers only ${where} (its way)`, fix: `set ${option}: true on the mesh, or leave it out`,
    });
    expect(plan(allowed).services[0].httpRules[0].mirrors).toHaveLength(1);
    expect(plan({ accept: ['mirror'] }).services[0].httpRules[0].mirrors).toBeUndefined();
  });
});
