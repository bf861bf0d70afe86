import { Construct } from 'constructs';
import * as crd from './crd';
import { HttpRouteRule } from './http-route-rule';
import { checkHttpRule, checkHttpRules } from './private/check-http-rule';
import { renderHttpRouteRule } from './private/http-route-rule';
import { RouteResource } from './private/route-resource';
import { HostRouteProps } from './route-props';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource } from '../core/resource';

/** An HTTPRoute of this app, or one that is only known by its name. */
export interface IHttpRoute extends IMeshResource {
}

/** Which requests go where. */
export interface HttpRouteProps extends HostRouteProps {
  /**
   * What happens to which requests; 1 to 16.
   *
   * @default - those added with addRule
   */
  readonly rules?: HttpRouteRule[];
}

/**
 * Where HTTP requests go, from a gateway or within the mesh.
 *
 * Emits an HTTPRoute, and a ReferenceGrant in every other namespace that it sends requests to. Limits of the API are checked, and so is
 * that the gateway, if it is one of this app, takes the route.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/httproute/
 *
 * @example
 *
 * new gatewayapi.HttpRoute(this, 'shop', {
 *   parents: [gatewayapi.RouteParent.gateway(gateway)],
 *   hostnames: ['shop.example.com'],
 *   rules: [
 *     { matches: [{ path: PathMatch.prefix('/cart') }], backends: [gatewayapi.RouteBackend.service(cart)], timeout: Duration.seconds(2) },
 *     { backends: [gatewayapi.RouteBackend.service(web)] },
 *   ],
 * });
 */
export class HttpRoute extends RouteResource implements IHttpRoute {
  /**
   * A route that is only known by its name.
   *
   * @param name name of the HTTPRoute
   * @param namespace its namespace; any unless given
   */
  public static fromHttpRouteName(scope: Construct, id: string, name: string, namespace?: string): IHttpRoute {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly ownRules: HttpRouteRule[] = [];

  public constructor(scope: Construct, id: string, props: HttpRouteProps = {}) {
    super(scope, id, crd.HTTPRoute, {
      kind: 'HTTPRoute', protocols: ['HTTP', 'HTTPS'], carries: 'requests', fits: (port) => port.carriesRequests,
    }, props, props.hostnames);
    props.rules?.forEach((rule) => this.addRule(rule));
  }

  /** Host names that the route is for; empty for all. */
  public get hostnames(): string[] {
    return this._hostnames ?? [];
  }

  /** What happens to which requests, so far. */
  public get rules(): HttpRouteRule[] {
    return [...this.ownRules];
  }

  /**
   * Says what happens to more requests.
   *
   * @param rule what happens to which requests
   */
  public addRule(rule: HttpRouteRule): void {
    checkHttpRule(rule, this);
    const { backends = [] } = rule;
    const filters = [rule, ...backends.flatMap((backend) => backend.filters ?? [])];
    this._refer([
      ...backends,
      ...filters.flatMap(({ mirrors }) => mirrors ?? []).map(({ backend }) => backend),
      ...filters.flatMap((one) => one.externalAuth ?? []).map(({ backend }) => backend),
    ]);
    this.ownRules.push(rule);
  }

  /** @internal */
  public _render(): crd.HTTPRouteSpec {
    checkHttpRules(this.ownRules, this.node.path);
    return {
      ...this._common(),
      hostnames: this._hostnames,
      rules: this.ownRules.map((rule) => renderHttpRouteRule(rule, this)),
    };
  }
}
