import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { AccessMode, MeshPolicy, MtlsMode, PolicyExtension, PolicyLimit } from '../../../src';
import { PolicyTree } from '../../../src/core/private/policy-tree';
import { holds } from '../../support/properties';

/** From the least open to the most open. */
const ACCESS = [AccessMode.DECLARED, AccessMode.AUDIT, AccessMode.OPEN];
const MTLS = [MtlsMode.STRICT, MtlsMode.PERMISSIVE];

interface Words { readonly access?: AccessMode; readonly mtls?: MtlsMode }

interface Level { readonly limits: readonly PolicyLimit[]; readonly words: Words }

/** A service below three constructs, of which one asks for the rest to be filled in. */
interface Setting {
  readonly levels: readonly Level[];
  readonly own: Words;
  readonly extendAt: number;
  readonly towards: PolicyExtension;
}

const words: fc.Arbitrary<Words> = fc.record({ access: fc.constantFrom(...ACCESS), mtls: fc.constantFrom(...MTLS) }, { requiredKeys: [] });
const rarely = fc.oneof({ weight: 2, arbitrary: fc.constant<Words>({}) }, { weight: 1, arbitrary: words });
const settings: fc.Arbitrary<Setting> = fc.record({
  levels: fc.array(fc.record({ limits: fc.array(words, { maxLength: 2 }), words: rarely }), { minLength: 3, maxLength: 3 }),
  own: rarely,
  extendAt: fc.nat(2),
  towards: fc.constantFrom(PolicyExtension.CLOSED, PolicyExtension.OPEN),
});

/** What the tree says; undefined when it says that a limit is passed. */
function resolve({ levels, own, extendAt, towards }: Setting): Words | undefined {
  const tree = new PolicyTree();
  let scope = new Construct(undefined as unknown as Construct, '');
  levels.forEach(({ limits, words: spoken }, index) => {
    if (index > 0) { scope = new Construct(scope, `level-${index}`); }
    limits.forEach((limit) => tree.limit(scope, limit));
    if (Object.keys(spoken).length > 0) { tree.add(scope, MeshPolicy.of(spoken, scope)); }
    if (index === extendAt) { tree.extend(scope, towards); }
  });
  const service = new Construct(scope, 'service');
  try {
    return tree.resolve(service, MeshPolicy.of({ access: AccessMode.AUDIT, mtls: MtlsMode.PERMISSIVE }, service), MeshPolicy.of(own, service)).fields;
  } catch (thrown) {
    if (/MESH-E027/.test((thrown as Error).message)) { return undefined; }
    throw thrown;
  }
}

/** What was said nearest to the service. */
function said({ levels, own }: Setting): Words {
  return [...levels.map((level) => level.words), own].reduce((far, near) => ({ ...far, ...near }), {});
}

function fits({ levels }: Setting, choice: Required<Words>): boolean {
  return levels.flatMap(({ limits }) => limits).every((limit) => (limit.access === undefined || ACCESS.indexOf(choice.access) <= ACCESS.indexOf(limit.access))
    && (limit.mtls === undefined || MTLS.indexOf(choice.mtls) <= MTLS.indexOf(limit.mtls)));
}

/** Every choice for what nobody said that breaks no limit. */
function consistent(setting: Setting): Required<Words>[] {
  const fixed = said(setting);
  return ACCESS.flatMap((access) => MTLS.map((mtls) => ({ access, mtls, ...fixed }))).filter((choice) => fits(setting, choice));
}

describe('the policy that fills in what nobody said', () => {
  test('is one of all consistent ones, and there is one whenever there is any', () => {
    holds(400, settings, (setting) => {
      const found = resolve(setting);
      const choices = consistent(setting);
      expect(found === undefined).toBe(choices.length === 0);
      if (found) { expect(choices).toContainEqual({ access: found.access, mtls: found.mtls }); }
    });
  });

  test('allows at most, or at least, what any other consistent one allows', () => {
    holds(400, settings, (setting) => {
      const found = resolve(setting);
      if (!found) { return; }
      for (const other of consistent(setting)) {
        const [a, m] = [ACCESS.indexOf(found.access!) - ACCESS.indexOf(other.access), MTLS.indexOf(found.mtls!) - MTLS.indexOf(other.mtls)];
        if (setting.towards === PolicyExtension.CLOSED) { expect(Math.max(a, m)).toBeLessThanOrEqual(0); } else { expect(Math.min(a, m)).toBeGreaterThanOrEqual(0); }
      }
    });
  });

  test('never changes what was said', () => {
    holds(400, settings, (setting) => {
      const found = resolve(setting);
      if (found) { expect(found).toMatchObject(said(setting)); }
    });
  });
});
