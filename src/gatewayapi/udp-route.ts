import { Construct } from 'constructs';
import * as crd from './crd';
import { StreamRoute } from './private/stream-route';
import { RouteBackend } from './route-backend';
import { RouteProps } from './route-props';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource } from '../core/resource';

/** A UDPRoute of this app, or one that is only known by its name. */
export interface IUdpRoute extends IMeshResource {
}

/** Where datagrams go. */
export interface UdpRouteProps extends RouteProps {
  /**
   * Where datagrams go; 1 to 16. Services of this app have no ports for datagrams: name Services by RouteBackend.serviceNamed().
   *
   * @default - those added with addBackend
   */
  readonly backends?: RouteBackend[];

  /**
   * Name of the rule.
   *
   * @default - none
   */
  readonly ruleName?: string;
}

/**
 * Where datagrams go.
 *
 * Emits a UDPRoute, and a ReferenceGrant in every other namespace that it sends datagrams to.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#udproute
 *
 * @example
 *
 * new gatewayapi.UdpRoute(this, 'dns', {
 *   parents: [gatewayapi.RouteParent.gateway(gateway, { listenerName: 'udp-53' })],
 *   backends: [gatewayapi.RouteBackend.serviceNamed('resolver', 53)],
 * });
 */
export class UdpRoute extends StreamRoute implements IUdpRoute {
  /**
   * A route that is only known by its name.
   *
   * @param name name of the UDPRoute
   * @param namespace its namespace; any unless given
   */
  public static fromUdpRouteName(scope: Construct, id: string, name: string, namespace?: string): IUdpRoute {
    return new ImportedResource(scope, id, name, namespace);
  }

  public constructor(scope: Construct, id: string, props: UdpRouteProps = {}) {
    super(scope, id, crd.UDPRoute, { kind: 'UDPRoute', protocols: ['UDP'], carries: 'datagrams', fits: () => false }, props);
  }

  /** @internal */
  public _render(): crd.UDPRouteSpec {
    return { ...this._common(), rules: this._rules() };
  }
}
