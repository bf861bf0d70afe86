import { Duration } from 'cdk8s';
import { MtlsMode } from './mesh';
import { MeshPolicy } from './mesh-policy';

/**
 * The policies that a call meets on its way, one for each hop.
 *
 * Paths are put end to end with `then`, and levels laid over each other with `over`, hop by hop. It makes no difference which is done
 * first: `a.then(b).over(c.then(d))` is `a.over(c).then(b.over(d))` whenever `a` and `c` have as many hops as each other.
 */
export class CallPath {
  /**
   * A path.
   *
   * @param hops the policy of every service on the way, in the order in which they are called
   */
  public static of(...hops: MeshPolicy[]): CallPath {
    return new CallPath(hops);
  }

  private constructor(private readonly policies: readonly MeshPolicy[]) {}

  /** The policy of every service on the way. */
  public get hops(): MeshPolicy[] {
    return [...this.policies];
  }

  /**
   * This path, and another one after it.
   *
   * @param next the path that goes on from here
   */
  public then(next: CallPath): CallPath {
    return new CallPath([...this.policies, ...next.policies]);
  }

  /**
   * This path over a wider level, hop by hop. A hop that the wider level does not have stays as it is.
   *
   * @param wider what the wider level says of the same hops
   */
  public over(wider: CallPath): CallPath {
    return new CallPath(this.policies.map((policy, index) => policy.over(wider.policies[index] ?? MeshPolicy.none())));
  }

  /**
   * The longest time that the first caller waits: the shortest timeout on the way counts, as a hop that gives up ends the call.
   *
   * @returns undefined when no hop has a timeout
   */
  public get timeout(): Duration | undefined {
    const times = this.policies.flatMap((policy) => policy.fields.timeout?.toMilliseconds({ integral: false }) ?? []);
    return times.length === 0 ? undefined : Duration.millis(Math.min(...times));
  }

  /** How often the last service may be asked for one call of the first caller: tries multiply from hop to hop. */
  public get maxTries(): number {
    return this.policies.reduce((tries, policy) => tries * (1 + (policy.fields.retries?.maxAttempts ?? 0)), 1);
  }

  /** Whether every hop demands mutual TLS. */
  public get isEncrypted(): boolean {
    return this.policies.every((policy) => policy.fields.mtls === MtlsMode.STRICT);
  }
}
