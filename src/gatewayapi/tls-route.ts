import { Construct } from 'constructs';
import * as crd from './crd';
import { StreamRoute } from './private/stream-route';
import { RouteBackend } from './route-backend';
import { RouteProps } from './route-props';
import { ImportedResource } from '../core/private/curated-resource';
import { Protocol } from '../core/protocol';
import { IMeshResource } from '../core/resource';
import { fail } from '../private/errors';

/** A TLSRoute of this app, or one that is only known by its name. */
export interface ITlsRoute extends IMeshResource {
}

/** Which connections with TLS go where. */
export interface TlsRouteProps extends RouteProps {
  /** Names that clients ask for when TLS begins (SNI); the first label may be a wildcard. 1 to 1024. */
  readonly hostnames: string[];

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
 * Where connections with TLS go, by the name that the client asks for.
 *
 * Emits a TLSRoute, and a ReferenceGrant in every other namespace that it sends connections to.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/tlsroute/
 *
 * @example
 *
 * new gatewayapi.TlsRoute(this, 'vault', {
 *   parents: [gatewayapi.RouteParent.gateway(gateway)],
 *   hostnames: ['vault.example.com'],
 *   backends: [gatewayapi.RouteBackend.service(vault)],
 * });
 */
export class TlsRoute extends StreamRoute implements ITlsRoute {
  /**
   * A route that is only known by its name.
   *
   * @param name name of the TLSRoute
   * @param namespace its namespace; any unless given
   */
  public static fromTlsRouteName(scope: Construct, id: string, name: string, namespace?: string): ITlsRoute {
    return new ImportedResource(scope, id, name, namespace);
  }

  public constructor(scope: Construct, id: string, props: TlsRouteProps) {
    super(scope, id, crd.TLSRoute, {
      kind: 'TLSRoute',
      protocols: ['TLS'],
      carries: 'TLS of their own',
      fits: ({ protocol }) => protocol === Protocol.TLS || protocol === Protocol.HTTPS || protocol === Protocol.TCP,
    }, props, props.hostnames);
    if (props.hostnames.length === 0) {
      fail('MESH-E030', 'a route for TLS without host names', 'name at least one', this.node.path);
    }
  }

  /** Names that clients ask for when TLS begins. */
  public get hostnames(): string[] {
    return this._hostnames ?? [];
  }

  /** @internal */
  public _render(): crd.TLSRouteSpec {
    return { ...this._common(), hostnames: this.hostnames, rules: this._rules() };
  }
}
