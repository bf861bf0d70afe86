import { App, Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { AccessMode, CallPath, MeshPolicy, MeshPolicyFields, MtlsMode, Percent, Retries } from '../../src';

const runs = Number(process.env.PROPERTY_RUNS ?? 1) * 200;

/** Policies over few values, so that equal and different fields are both common. */
const fields: fc.Arbitrary<MeshPolicyFields> = fc.record({
  timeout: fc.constantFrom(Duration.seconds(1), Duration.millis(1000), Duration.seconds(2)),
  retries: fc.constantFrom(Retries.none(), Retries.attempts(2)),
  retryBudget: fc.constantFrom({ share: Percent.of(20) }, { share: Percent.of(30) }),
  mtls: fc.constantFrom(MtlsMode.STRICT, MtlsMode.PERMISSIVE),
  access: fc.constantFrom(AccessMode.DECLARED, AccessMode.OPEN),
  egressScope: fc.boolean(),
}, { requiredKeys: [] });
const policy = fields.map((said) => MeshPolicy.of(said));

/** The outcome of putting policies side by side: the policy, or that they contradict each other. */
function attempt(make: () => MeshPolicy): MeshPolicy | 'conflict' {
  try {
    return make();
  } catch (error) {
    expect(String(error)).toContain('[MESH-E027]');
    return 'conflict';
  }
}

function equal(a: MeshPolicy | 'conflict', b: MeshPolicy | 'conflict'): boolean {
  return a === 'conflict' || b === 'conflict' ? a === b : a.sameAs(b);
}

describe('policies of one level', () => {
  test('compose associatively: either both ways contradict, or both give the same', () => {
    fc.assert(fc.property(policy, policy, policy, (a, b, c) =>
      equal(attempt(() => a.and(b).and(c)), attempt(() => a.and(b.and(c))))), { numRuns: runs, seed: 20260821 });
  });

  test('compose in any order', () => {
    fc.assert(fc.property(policy, policy, (a, b) => equal(attempt(() => a.and(b)), attempt(() => b.and(a)))), { numRuns: runs, seed: 20260821 });
  });

  test('are unchanged by the empty policy and by themselves', () => {
    fc.assert(fc.property(policy, (a) => a.and(MeshPolicy.none()).sameAs(a) && MeshPolicy.none().and(a).sameAs(a) && a.and(a).sameAs(a)), { numRuns: runs, seed: 20260821 });
  });

  test('lose nothing: every field of either is in the whole', () => {
    fc.assert(fc.property(policy, policy, (a, b) => {
      const whole = attempt(() => a.and(b));
      fc.pre(whole !== 'conflict');
      expect(new Set(Object.keys((whole as MeshPolicy).fields))).toEqual(new Set([...Object.keys(a.fields), ...Object.keys(b.fields)]));
    }), { numRuns: runs, seed: 20260821 });
  });

  test('that set one field differently are an error which names both constructs and the field', () => {
    const app = new App();
    const a = MeshPolicy.of({ timeout: Duration.seconds(1) }, new Chart(app, 'one'));
    const b = MeshPolicy.of({ timeout: Duration.seconds(2) }, new Chart(app, 'two'));
    expect(() => a.and(b)).toThrow(/one and two set timeout differently at one level; .* \[MESH-E027\]/);
  });

  test('that spell one length of time differently do not contradict each other', () => {
    const a = MeshPolicy.of({ timeout: Duration.seconds(1) });
    expect(a.and(MeshPolicy.of({ timeout: Duration.millis(1000) })).fields.timeout?.toSeconds()).toBe(1);
  });
});

describe('policies of several levels', () => {
  test('compose associatively', () => {
    fc.assert(fc.property(policy, policy, policy, (a, b, c) => a.over(b).over(c).sameAs(a.over(b.over(c)))), { numRuns: runs, seed: 20260821 });
  });

  test('are unchanged by the empty policy, above and below', () => {
    fc.assert(fc.property(policy, (a) => a.over(MeshPolicy.none()).sameAs(a) && MeshPolicy.none().over(a).sameAs(a)), { numRuns: runs, seed: 20260821 });
  });

  test('let the nearer level speak, field by field', () => {
    fc.assert(fc.property(fields, fields, (nearer, wider) => {
      const whole = MeshPolicy.of(nearer).over(MeshPolicy.of(wider)).fields;
      for (const field of ['timeout', 'retries', 'mtls', 'access', 'egressScope', 'retryBudget'] as const) {
        expect(whole[field]).toBe(nearer[field] !== undefined ? nearer[field] : wider[field]);
      }
    }), { numRuns: runs, seed: 20260821 });
  });
});

describe('policies along a call path', () => {
  const sameLength = fc.integer({ min: 0, max: 3 }).chain((length) => fc.tuple(
    fc.array(policy, { minLength: length, maxLength: length }), fc.array(policy, { minLength: length, maxLength: length }),
    fc.array(policy, { maxLength: 3 }), fc.array(policy, { maxLength: 3 })));
  const same = (a: CallPath, b: CallPath) => a.hops.length === b.hops.length && a.hops.every((hop, index) => hop.sameAs(b.hops[index]));

  test('it makes no difference whether paths are put end to end or levels laid over each other first', () => {
    fc.assert(fc.property(sameLength, ([a, c, b, d]) => {
      const [pa, pb, pc, pd] = [a, b, c, d].map((hops) => CallPath.of(...hops));
      return same(pa.then(pb).over(pc.then(pd)), pa.over(pc).then(pb.over(pd)));
    }), { numRuns: runs, seed: 20260821 });
  });

  test('are put end to end associatively, and the empty path changes nothing', () => {
    const path = fc.array(policy, { maxLength: 3 }).map((hops) => CallPath.of(...hops));
    fc.assert(fc.property(path, path, path, (a, b, c) =>
      same(a.then(b).then(c), a.then(b.then(c))) && same(a.then(CallPath.of()), a) && same(CallPath.of().then(a), a)), { numRuns: runs, seed: 20260821 });
  });

  test('tell how long the caller waits, how often the last service may be asked, and whether every hop is encrypted', () => {
    const first = MeshPolicy.of({ timeout: Duration.seconds(3), retries: Retries.attempts(2), mtls: MtlsMode.STRICT });
    const second = MeshPolicy.of({ timeout: Duration.seconds(1), retries: Retries.attempts(1), mtls: MtlsMode.PERMISSIVE });
    const path = CallPath.of(first, second);
    expect(path.timeout?.toSeconds()).toBe(1);
    expect(path.maxTries).toBe(6);
    expect(path.isEncrypted).toBe(false);
    expect(CallPath.of(first).isEncrypted).toBe(true);
    expect(CallPath.of().timeout).toBeUndefined();
  });
});
