import { DefaultScope } from './gateway';
import { GrantMode } from './reference-grant';
import { RouteParent } from './route-parent';
import { ResourceProps } from '../core/resource';

/** What can be said of every route. */
export interface RouteProps extends ResourceProps {
  /**
   * What the route is attached to; at most 32.
   *
   * @default - those added with addParent
   */
  readonly parents?: RouteParent[];

  /**
   * Whether gateways that are there for routes without gateway take this one. Experimental channel.
   *
   * @default DefaultScope.NONE
   */
  readonly defaultGateways?: DefaultScope;

  /**
   * Who allows that the route sends calls to other namespaces.
   *
   * @default GrantMode.EMIT
   */
  readonly grants?: GrantMode;
}

/** What can be said of every route for requests. */
export interface HostRouteProps extends RouteProps {
  /**
   * Host names that the route is for; the first label may be a wildcard. At most 16. Only for gateways: calls within the mesh are told apart by
   * the service that they go to.
   *
   * @default - all that the listeners of the gateway answer for
   */
  readonly hostnames?: string[];
}
