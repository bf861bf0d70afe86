import { IConstruct } from 'constructs';
import { AccessMode, MtlsMode } from './mesh';
import { conflictOf, layered, POLICY_FIELDS } from './private/policy-algebra';
import { TrafficPolicy } from './traffic-policy';
import { fail } from '../private/errors';

/** What a policy may say of services: how they are called, and how they are protected. */
export interface MeshPolicyFields extends TrafficPolicy {
  /**
   * Whether calls must be encrypted and authenticated.
   *
   * @default - what the next wider level says
   */
  readonly mtls?: MtlsMode;

  /**
   * Who may call.
   *
   * @default - what the next wider level says
   */
  readonly access?: AccessMode;

  /**
   * Whether proxies learn only of the services that were declared to be called.
   *
   * @default - what the next wider level says
   */
  readonly egressScope?: boolean;
}

/**
 * Something said of services, to be put together with other such things.
 *
 * Policies compose in two ways. `and` puts policies of one level side by side: nothing is lost, and two that say different things of one
 * field are an error. `over` lets a nearer level speak over a wider one, field by field. Both are associative, and the empty policy changes
 * nothing in either.
 *
 * @example
 *
 * const resilient = MeshPolicy.of({ retries: Retries.attempts(2) }).and(MeshPolicy.of({ timeout: Duration.seconds(3) }));
 * MeshPolicies.of(chart).add(resilient);
 */
export class MeshPolicy {
  /**
   * A policy.
   *
   * @param fields what it says
   * @param owner the construct that says it; named in errors
   */
  public static of(fields: MeshPolicyFields, owner?: IConstruct): MeshPolicy {
    const origin = owner?.node.path ?? 'a policy without owner';
    const said = POLICY_FIELDS.filter((field) => fields[field] !== undefined);
    return new MeshPolicy(Object.fromEntries(said.map((field) => [field, fields[field]])), new Map(said.map((field) => [field, origin])));
  }

  /** The policy that says nothing. */
  public static none(): MeshPolicy {
    return new MeshPolicy({}, new Map());
  }

  private constructor(private readonly said: MeshPolicyFields, private readonly origins: ReadonlyMap<string, string>) {}

  /** What the policy says. */
  public get fields(): MeshPolicyFields {
    return { ...this.said };
  }

  /** Whether the policy says nothing. */
  public get isEmpty(): boolean {
    return this.origins.size === 0;
  }

  /**
   * Both policies, at one level. The order makes no difference.
   *
   * @param other a policy that says nothing else of the same field
   */
  public and(other: MeshPolicy): MeshPolicy {
    const field = conflictOf(this.said, other.said);
    if (field !== undefined) {
      fail('MESH-E027', `${this.origins.get(field)} and ${other.origins.get(field)} set ${field} differently at one level`,
        'set it once, or set it at a nearer level, which speaks over a wider one');
    }
    return new MeshPolicy(layered(this.said, other.said), new Map([...other.origins, ...this.origins]));
  }

  /**
   * This policy, and wherever it says nothing the other one.
   *
   * @param wider a policy of a wider level: route over service over namespace over mesh
   */
  public over(wider: MeshPolicy): MeshPolicy {
    return new MeshPolicy(layered(this.said, wider.said), new Map([...wider.origins, ...this.origins]));
  }

  /**
   * Whether both say the same.
   *
   * @param other the policy to compare with
   */
  public sameAs(other: MeshPolicy): boolean {
    return this.origins.size === other.origins.size && [...this.origins.keys()].every((field) => other.origins.has(field))
      && conflictOf(this.said, other.said) === undefined;
  }
}
