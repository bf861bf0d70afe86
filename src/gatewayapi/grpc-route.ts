import { Construct } from 'constructs';
import * as crd from './crd';
import { GrpcMatch } from './grpc-match';
import { CallFilters } from './http-filters';
import { checkGrpcRule, checkGrpcRules } from './private/check-grpc-rule';
import { renderGrpcRouteRule } from './private/grpc-route-rule';
import { RouteResource } from './private/route-resource';
import { RouteBackend } from './route-backend';
import { HostRouteProps } from './route-props';
import { SessionPersistence } from './session-persistence';
import { ImportedResource } from '../core/private/curated-resource';
import { Protocol } from '../core/protocol';
import { IMeshResource } from '../core/resource';

/** A GRPCRoute of this app, or one that is only known by its name. */
export interface IGrpcRoute extends IMeshResource {
}

/** What happens to some gRPC calls. */
export interface GrpcRouteRule extends CallFilters {
  /**
   * Name of the rule, unique in the route.
   *
   * @default - none
   */
  readonly ruleName?: string;

  /**
   * The calls; any of these may hold. At most 64. The most specific match of all routes decides, not the first one.
   *
   * @default - all calls
   */
  readonly matches?: GrpcMatch[];

  /**
   * Where the calls go; at most 16.
   *
   * @default - nowhere: an extension answers
   */
  readonly backends?: RouteBackend[];

  /**
   * Keeps a client with the backend that it came to first. Experimental channel.
   *
   * @default - each call goes anywhere
   */
  readonly sessionPersistence?: SessionPersistence;
}

/** Which gRPC calls go where. */
export interface GrpcRouteProps extends HostRouteProps {
  /**
   * What happens to which calls; 1 to 16.
   *
   * @default - those added with addRule
   */
  readonly rules?: GrpcRouteRule[];
}

/**
 * Where gRPC calls go, from a gateway or within the mesh.
 *
 * Emits a GRPCRoute, and a ReferenceGrant in every other namespace that it sends calls to. Beside an HttpRoute for the same service it
 * wins.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/grpcroute/
 *
 * @example
 *
 * new gatewayapi.GrpcRoute(this, 'cart', {
 *   parents: [gatewayapi.RouteParent.service(cart)],
 *   rules: [{ matches: [{ call: gatewayapi.GrpcCall.service('shop.v1.Cart') }], backends: [gatewayapi.RouteBackend.service(cart)] }],
 * });
 */
export class GrpcRoute extends RouteResource implements IGrpcRoute {
  /**
   * A route that is only known by its name.
   *
   * @param name name of the GRPCRoute
   * @param namespace its namespace; any unless given
   */
  public static fromGrpcRouteName(scope: Construct, id: string, name: string, namespace?: string): IGrpcRoute {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly ownRules: GrpcRouteRule[] = [];

  public constructor(scope: Construct, id: string, props: GrpcRouteProps = {}) {
    super(scope, id, crd.GRPCRoute, {
      kind: 'GRPCRoute',
      protocols: ['HTTP', 'HTTPS'],
      carries: 'gRPC',
      fits: ({ protocol }) => protocol === Protocol.GRPC || protocol === Protocol.HTTP2,
    }, props, props.hostnames);
    props.rules?.forEach((rule) => this.addRule(rule));
  }

  /** Host names that the route is for; empty for all. */
  public get hostnames(): string[] {
    return this._hostnames ?? [];
  }

  /** What happens to which calls, so far. */
  public get rules(): GrpcRouteRule[] {
    return [...this.ownRules];
  }

  /**
   * Says what happens to more calls.
   *
   * @param rule what happens to which calls
   */
  public addRule(rule: GrpcRouteRule): void {
    checkGrpcRule(rule, this);
    const { backends = [] } = rule;
    const mirrors = [rule, ...backends.flatMap((backend) => backend.filters ?? [])].flatMap((filters: CallFilters) => filters.mirrors ?? []);
    this._refer([...backends, ...mirrors.map(({ backend }) => backend)]);
    this.ownRules.push(rule);
  }

  /** @internal */
  public _render(): crd.GRPCRouteSpec {
    checkGrpcRules(this.ownRules, this.node.path);
    return {
      ...this._common(),
      hostnames: this._hostnames,
      rules: this.ownRules.map((rule) => renderGrpcRouteRule(rule, this)),
    };
  }
}
