import { Construct } from 'constructs';
import * as crd from './crd';
import { StreamRoute } from './private/stream-route';
import { RouteBackend } from './route-backend';
import { RouteProps } from './route-props';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource } from '../core/resource';

/** A TCPRoute of this app, or one that is only known by its name. */
export interface ITcpRoute extends IMeshResource {
}

/** Where connections go. */
export interface TcpRouteProps extends RouteProps {
  /**
   * Where connections go; 1 to 16.
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
 * Where connections go.
 *
 * Emits a TCPRoute, and a ReferenceGrant in every other namespace that it sends connections to.
 *
 * @see https://gateway-api.sigs.k8s.io/guides/tcp/
 *
 * @example
 *
 * new gatewayapi.TcpRoute(this, 'database', {
 *   parents: [gatewayapi.RouteParent.gateway(gateway, { listenerName: 'tcp-5432' })],
 *   backends: [gatewayapi.RouteBackend.service(database)],
 * });
 */
export class TcpRoute extends StreamRoute implements ITcpRoute {
  /**
   * A route that is only known by its name.
   *
   * @param name name of the TCPRoute
   * @param namespace its namespace; any unless given
   */
  public static fromTcpRouteName(scope: Construct, id: string, name: string, namespace?: string): ITcpRoute {
    return new ImportedResource(scope, id, name, namespace);
  }

  public constructor(scope: Construct, id: string, props: TcpRouteProps = {}) {
    super(scope, id, crd.TCPRoute, {
      kind: 'TCPRoute', protocols: ['TCP', 'TLS'], carries: 'plain connections', fits: (port) => !port.carriesRequests,
    }, props);
  }

  /** @internal */
  public _render(): crd.TCPRouteSpec {
    return { ...this._common(), rules: this._rules() };
  }
}
