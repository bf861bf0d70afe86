import { Construct } from 'constructs';
import * as crd from './crd';
import { IGateway } from './gateway';
import { Listener } from './listener';
import { checkListeners } from './private/check-listeners';
import { Grants } from './private/grants';
import { GrantMode } from './reference-grant';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** A ListenerSet of this app, or one that is only known by its name. */
export interface IListenerSet extends IMeshResource {
}

/** Which ports are added to which gateway. */
export interface ListenerSetProps extends ResourceProps {
  /** The gateway. It must allow it, with `allowedListeners`. */
  readonly gateway: IGateway;

  /**
   * The ports that it opens too; 1 to 64.
   *
   * @default - those added with addListener
   */
  readonly listeners?: Listener[];

  /**
   * Who allows that it uses certificates of other namespaces.
   *
   * @default GrantMode.EMIT
   */
  readonly grants?: GrantMode;
}

/**
 * Listeners that a team adds to a gateway of somebody else.
 *
 * Emits a ListenerSet, and a ReferenceGrant in every other namespace whose Secrets it uses. Routes attach to it by RouteParent.listenerSet().
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-1713/
 *
 * @example
 *
 * new gatewayapi.ListenerSet(this, 'team', {
 *   gateway,
 *   listeners: [gatewayapi.Listener.https([gatewayapi.CertificateRef.secret('team-cert')], { hostname: 'team.example.com' })],
 * });
 */
export class ListenerSet extends CuratedResource implements IListenerSet {
  /**
   * A ListenerSet that is only known by its name.
   *
   * @param name name of the ListenerSet
   * @param namespace its namespace; that of whatever refers to it unless given
   */
  public static fromListenerSetName(scope: Construct, id: string, name: string, namespace?: string): IListenerSet {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** The gateway. */
  public readonly gateway: IGateway;
  private readonly ownListeners: Listener[] = [];
  private readonly grants: Grants;

  public constructor(scope: Construct, id: string, props: ListenerSetProps) {
    super(scope, id, crd.ListenerSet, props);
    this.gateway = props.gateway;
    this.grants = new Grants(this, { group: 'gateway.networking.k8s.io', kind: 'ListenerSet' }, props.grants);
    props.listeners?.forEach((listener) => this.addListener(listener));
  }

  /** The ports that it opens too, so far. */
  public get listeners(): Listener[] {
    return [...this.ownListeners];
  }

  /**
   * Opens another port, or answers for another host name.
   *
   * @param listener the port, and what is spoken on it
   */
  public addListener(listener: Listener): void {
    if (this.ownListeners.some(({ listenerName }) => listenerName === listener.listenerName)) {
      fail('MESH-E034', `two listeners with the name "${listener.listenerName}"`, 'give each its own listenerName', this.node.path);
    }
    listener._certificates.forEach(({ reference }) => this.grants.refer(reference));
    this.ownListeners.push(listener);
  }

  /** @internal */
  public _render(): crd.ListenerSetSpec {
    checkListeners(this.ownListeners, this.node.path);
    const { resourceName: name, resourceNamespace: namespace } = this.gateway;
    return {
      parentRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name, namespace },
      listeners: this.ownListeners.map((listener) => listener._render()),
    };
  }
}
