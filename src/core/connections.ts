import { Access } from './access';
import { CallPolicy } from './traffic-policy';
import { fail } from '../private/errors';

/** Anything that calls or is called. */
export interface IConnectable {
  /** What it may call, and who may call it. */
  readonly connections: Connections;
}

/**
 * Takes note of who may call one side.
 *
 * @internal
 */
export interface ConnectionOwner {
  /** Notes that `caller` may call this side. */
  readonly admit: (caller: IConnectable, access: Access, policy: CallPolicy) => void;
  /** Notes that `caller` may not call this side, whatever else is said. */
  readonly refuse: (caller: IConnectable, access: Access) => void;
}

/**
 * Who may call whom. An edge is kept as a fact of the app and becomes policies, routes and scopes only at synth: two services may call
 * each other, over any number of charts, and nothing depends on anything.
 */
export class Connections {
  /** @internal */
  public static _of(side: IConnectable, owner?: ConnectionOwner): Connections {
    return new Connections(side, owner);
  }

  private constructor(private readonly side: IConnectable, private readonly owner?: ConnectionOwner) {}

  /**
   * Lets this side call another.
   *
   * @param target the service to be called
   * @param access what may be done there; everything unless given
   * @param policy timeout and retries of these calls; as the target says unless given
   */
  public allowTo(target: IConnectable, access: Access = Access.all(), policy: CallPolicy = {}): void {
    target.connections.allowFrom(this.side, access, policy);
  }

  /**
   * Lets another side call this one.
   *
   * @param caller whoever may call
   * @param access what may be done here; everything unless given
   * @param policy timeout and retries of these calls; as this side says unless given
   */
  public allowFrom(caller: IConnectable, access: Access = Access.all(), policy: CallPolicy = {}): void {
    if (!this.owner) {
      fail('MESH-E018', 'an edge towards something that cannot be called', 'name a service as the target; callers known by identity, namespace or address only call');
    }
    this.owner.admit(caller, access, policy);
  }

  /**
   * Keeps another side from calling this one, whatever else lets it in. It is kept out wherever the rules of this service send calls, too.
   *
   * @param caller whoever may not call
   * @param access what may not be done here; anything unless given
   */
  public denyFrom(caller: IConnectable, access: Access = Access.all()): void {
    if (!this.owner) {
      fail('MESH-E018', 'a refusal at something that cannot be called', 'name a service as the target; callers known by identity, namespace or address only call');
    }
    this.owner.refuse(caller, access);
  }
}
