import { Construct } from 'constructs';
import * as crd from './crd';
import { Network } from './network';
import { renderNetworks } from './private/networks';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** A NetworkAuthentication of this app, or one that is only known by its name. */
export interface INetworkAuthentication extends IMeshResource {
}

/** Where clients may call from. */
export interface NetworkAuthenticationProps extends ResourceProps {
  /**
   * Addresses, in any of which a client may be.
   *
   * @default - those added with addNetwork
   */
  readonly networks?: Network[];
}

/**
 * Clients that are known by their addresses.
 *
 * Emits a NetworkAuthentication.
 *
 * @see https://linkerd.io/2/reference/authorization-policy/#networkauthentication
 *
 * @example
 *
 * new linkerd.NetworkAuthentication(this, 'kubelet', { networks: [{ cidr: '10.128.0.0/16' }] });
 */
export class NetworkAuthentication extends CuratedResource implements INetworkAuthentication {
  /**
   * A NetworkAuthentication that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; that of whatever refers to it unless given
   */
  public static fromNetworkAuthenticationName(scope: Construct, id: string, name: string, namespace?: string): INetworkAuthentication {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly ownNetworks: Network[] = [];

  public constructor(scope: Construct, id: string, props: NetworkAuthenticationProps = {}) {
    super(scope, id, crd.NetworkAuthentication, props);
    props.networks?.forEach((network) => this.addNetwork(network));
  }

  /** Where clients may be, so far. */
  public get networks(): Network[] {
    return [...this.ownNetworks];
  }

  /**
   * Takes clients from other addresses too.
   *
   * @param network the addresses
   */
  public addNetwork(network: Network): void {
    renderNetworks([network], this.node.path);
    this.ownNetworks.push(network);
  }

  /** @internal */
  public _render(): crd.NetworkAuthenticationSpec {
    if (this.ownNetworks.length === 0) {
      fail('MESH-E030', 'an authentication by no address', 'name at least one network', this.node.path);
    }
    return { networks: renderNetworks(this.ownNetworks, this.node.path) };
  }
}
