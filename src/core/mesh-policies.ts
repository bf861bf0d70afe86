import { IConstruct } from 'constructs';
import { AccessMode, MtlsMode } from './mesh';
import { MeshPolicy } from './mesh-policy';
import { MeshApp } from './private/mesh-app';

/** Up to where services may be open. */
export interface PolicyLimit {
  /**
   * The most open access that a service may have.
   *
   * @default - any
   */
  readonly access?: AccessMode;

  /**
   * The weakest encryption that a service may have.
   *
   * @default - any
   */
  readonly mtls?: MtlsMode;
}

/** Which way services without a policy of their own go. */
export enum PolicyExtension {
  /** As little as the declared policies leave: strict mutual TLS, and access for declared callers only. */
  CLOSED = 'closed',
  /** As much as the declared policies leave: as open as the limits above a service allow. */
  OPEN = 'open',
}

/**
 * The policies of a construct and of everything below it.
 *
 * A service hears the mesh's own defaults first, then every construct from the root of the app down to itself, then its own settings; routes
 * and edges speak last. A nearer level speaks over a wider one, field by field. Limits are not spoken over: a service that is more open than
 * a limit above it is an error.
 *
 * @example
 *
 * MeshPolicies.of(chart).add(MeshPolicy.of({ timeout: Duration.seconds(3) }));
 * MeshPolicies.of(app).limit({ access: AccessMode.DECLARED, mtls: MtlsMode.STRICT });
 */
export class MeshPolicies {
  /**
   * The policies of a construct.
   *
   * @param scope a chart, or any other construct that has services below it
   */
  public static of(scope: IConstruct): MeshPolicies {
    return new MeshPolicies(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Adds a policy for everything below the construct.
   *
   * @param policy it may not contradict another one that was added here
   */
  public add(policy: MeshPolicy): void {
    const app = MeshApp.of(this.scope);
    app.policies.add(this.scope, policy);
    app.touch();
  }

  /**
   * Says up to where services below the construct may be open. Several limits all hold.
   *
   * @param limit the most open that is allowed
   */
  public limit(limit: PolicyLimit): void {
    const app = MeshApp.of(this.scope);
    app.policies.limit(this.scope, limit);
    app.touch();
  }

  /**
   * Gives the services below the construct that have no policy of their own about access and encryption the least, or the greatest, that is
   * consistent with everything declared. Any other consistent choice allows at least, or at most, as much.
   *
   * @param towards which way
   */
  public extend(towards: PolicyExtension): void {
    const app = MeshApp.of(this.scope);
    app.policies.extend(this.scope, towards);
    app.touch();
  }

  /** What was added at this construct itself. */
  public get policy(): MeshPolicy {
    return MeshApp.of(this.scope).policies.at(this.scope);
  }
}
