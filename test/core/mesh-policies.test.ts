import { App, Chart, Duration, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { AccessMode, istio, MeshedService, MeshPolicies, MeshPolicy, MtlsMode, PolicyExtension, PolicyLimit, Port } from '../../src';
import { allowsAtLeast, greatest, LEAST, Openness } from '../../src/core/private/policy-tree';

const runs = Number(process.env.PROPERTY_RUNS ?? 1) * 200;

function setUp(props: { access?: AccessMode; mtls?: MtlsMode } = {}) {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new istio.IstioMesh(chart, 'mesh');
  new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80)], ...props });
  return { app, chart };
}

function manifest(chart: Chart, kind: string): any {
  return Testing.synth(chart).find((object: any) => object.kind === kind && object.metadata.name === 'cart');
}

describe('policies of constructs', () => {
  test('hold for the services below, and a nearer one speaks over a wider one', () => {
    const { app, chart } = setUp();
    MeshPolicies.of(app).add(MeshPolicy.of({ timeout: Duration.seconds(9), egressScope: true }));
    MeshPolicies.of(chart).add(MeshPolicy.of({ timeout: Duration.seconds(3) }));
    expect(manifest(chart, 'VirtualService').spec.http[0].timeout).toBe('3s');
    expect(manifest(chart, 'Sidecar')).toBeDefined();
  });

  test('do not reach services of other charts', () => {
    const { app, chart } = setUp();
    MeshPolicies.of(new Chart(app, 'other')).add(MeshPolicy.of({ timeout: Duration.seconds(3) }));
    expect(manifest(chart, 'VirtualService')).toBeUndefined();
  });

  test('contradicting each other at one construct are refused at once', () => {
    const { app, chart } = setUp();
    MeshPolicies.of(chart).add(MeshPolicy.of({ timeout: Duration.seconds(3) }, chart));
    expect(() => MeshPolicies.of(chart).add(MeshPolicy.of({ timeout: Duration.seconds(4) }, app))).toThrow(/\[MESH-E027\]/);
  });

  test('are readable back', () => {
    const { chart } = setUp();
    MeshPolicies.of(chart).add(MeshPolicy.of({ mtls: MtlsMode.PERMISSIVE }));
    expect(MeshPolicies.of(chart).policy.fields).toEqual({ mtls: MtlsMode.PERMISSIVE });
  });
});

describe('limits', () => {
  test('refuse a service that is more open, and name both constructs', () => {
    const { app, chart } = setUp({ access: AccessMode.OPEN });
    MeshPolicies.of(app).limit({ access: AccessMode.DECLARED });
    expect(() => Testing.synth(chart)).toThrow(/access "open" of shop\/cart, where the app allows at most "declared"; .*\[MESH-E027\]/);
  });

  test('refuse a weaker encryption', () => {
    const { chart } = setUp({ mtls: MtlsMode.PERMISSIVE });
    MeshPolicies.of(chart).limit({ mtls: MtlsMode.STRICT });
    expect(() => Testing.synth(chart)).toThrow(/mutual TLS "permissive" of shop\/cart, where shop allows at least "strict"/);
  });

  test('say nothing against services within them', () => {
    const { chart } = setUp({ access: AccessMode.DECLARED, mtls: MtlsMode.STRICT });
    MeshPolicies.of(chart).limit({ access: AccessMode.AUDIT, mtls: MtlsMode.PERMISSIVE });
    expect(() => Testing.synth(chart)).not.toThrow();
  });
});

describe('extension', () => {
  const access = fc.constantFrom(AccessMode.DECLARED, AccessMode.AUDIT, AccessMode.OPEN);
  const mtls = fc.constantFrom(MtlsMode.STRICT, MtlsMode.PERMISSIVE);
  const limits: fc.Arbitrary<PolicyLimit[]> = fc.array(fc.record({ access, mtls }, { requiredKeys: [] }), { maxLength: 4 });
  const within = (limit: PolicyLimit, choice: Openness) =>
    allowsAtLeast({ access: limit.access ?? AccessMode.OPEN, mtls: limit.mtls ?? MtlsMode.PERMISSIVE }, choice);

  test('towards closed is consistent, and any other consistent choice allows at least as much', () => {
    fc.assert(fc.property(limits, fc.record({ access, mtls }), (all, other) => {
      expect(all.every((limit) => within(limit, LEAST))).toBe(true);
      fc.pre(all.every((limit) => within(limit, other)));
      expect(allowsAtLeast(other, LEAST)).toBe(true);
    }), { numRuns: runs, seed: 20260821 });
  });

  test('towards open is consistent, and any other consistent choice allows at most as much', () => {
    fc.assert(fc.property(limits, fc.record({ access, mtls }), (all, other) => {
      const most = greatest(all);
      expect(all.every((limit) => within(limit, most))).toBe(true);
      fc.pre(all.every((limit) => within(limit, other)));
      expect(allowsAtLeast(most, other)).toBe(true);
    }), { numRuns: runs, seed: 20260821 });
  });

  test('gives services without words of their own the greatest that the limits above them allow', () => {
    const { app, chart } = setUp();
    MeshPolicies.of(app).limit({ mtls: MtlsMode.STRICT });
    MeshPolicies.of(app).extend(PolicyExtension.OPEN);
    expect(manifest(chart, 'AuthorizationPolicy')).toBeUndefined();
    expect(manifest(chart, 'PeerAuthentication')).toBeUndefined();
  });

  test('leaves services with words of their own alone', () => {
    const { app, chart } = setUp({ access: AccessMode.DECLARED });
    MeshPolicies.of(app).extend(PolicyExtension.OPEN);
    expect(manifest(chart, 'AuthorizationPolicy')).toBeDefined();
  });

  test('both ways at one construct is an error', () => {
    const { chart } = setUp();
    MeshPolicies.of(chart).extend(PolicyExtension.OPEN);
    expect(() => MeshPolicies.of(chart).extend(PolicyExtension.CLOSED)).toThrow(/\[MESH-E027\]/);
  });
});
