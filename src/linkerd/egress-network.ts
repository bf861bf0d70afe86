import { Construct } from 'constructs';
import * as crd from './crd';
import { Network } from './network';
import { renderNetworks } from './private/networks';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { RouteBackend } from '../gatewayapi/route-backend';
import { RouteParent } from '../gatewayapi/route-parent';
import { fail } from '../private/errors';

/** An EgressNetwork of this app, or one that is only known by its name. */
export interface IEgressNetwork extends IMeshResource {
}

/** What becomes of calls out of the cluster that no route speaks of. */
export enum EgressTraffic {
  /** They go on. */
  ALLOW = 'Allow',
  /** They are refused. */
  DENY = 'Deny',
}

/** Which addresses outside of the cluster are meant, and what becomes of calls to them. */
export interface EgressNetworkProps extends ResourceProps {
  /** What becomes of calls that no route speaks of. */
  readonly traffic: EgressTraffic;

  /**
   * The addresses. None may be within the networks of the cluster.
   *
   * @default - everything outside of the networks of the cluster
   */
  readonly networks?: Network[];
}

/**
 * Addresses outside of the cluster, as something that routes are bound to. It holds for clients of its namespace, and in the namespace
 * `linkerd-egress` for all clients whose namespace has none.
 *
 * Emits an EgressNetwork.
 *
 * @see https://linkerd.io/2/reference/egress-network/
 *
 * @example
 *
 * const outside = new linkerd.EgressNetwork(this, 'outside', { traffic: linkerd.EgressTraffic.DENY });
 * new gatewayapi.HttpRoute(this, 'payments', {
 *   parents: [outside.routeParent(80)], hostnames: ['api.payments.example.com'], rules: [{ backends: [outside.routeBackend(80)] }],
 * });
 */
export class EgressNetwork extends CuratedResource implements IEgressNetwork {
  /**
   * An EgressNetwork that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; any unless given
   */
  public static fromEgressNetworkName(scope: Construct, id: string, name: string, namespace?: string): IEgressNetwork {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: EgressNetworkProps;

  public constructor(scope: Construct, id: string, props: EgressNetworkProps) {
    super(scope, id, crd.EgressNetwork, props);
    if (props.networks?.length === 0) {
      fail('MESH-E030', 'an EgressNetwork of no address', 'name at least one network, or leave them out', this.node.path);
    }
    renderNetworks(props.networks ?? [], this.node.path);
    this.props = props;
  }

  /**
   * The network as what routes are attached to.
   *
   * @param port number of the port that is called
   */
  public routeParent(port: number): RouteParent {
    return RouteParent.of(this.reference(), { port });
  }

  /**
   * The network as where routes send calls: to whatever address the client called. It must be the network that the route is attached to.
   *
   * @param port number of the port that is called
   */
  public routeBackend(port: number): RouteBackend {
    return RouteBackend.of(this.reference(), port);
  }

  /** @internal */
  public _render(): crd.EgressNetworkSpec {
    const { traffic, networks } = this.props;
    return { trafficPolicy: traffic as unknown as crd.EgressNetworkTrafficPolicy, networks: networks && renderNetworks(networks, this.node.path) };
  }

  private reference() {
    return { group: 'policy.linkerd.io', kind: 'EgressNetwork', name: this.resourceName, namespace: this.resourceNamespace };
  }
}
