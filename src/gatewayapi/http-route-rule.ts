import { Duration } from 'cdk8s';
import { HttpFilters } from './http-filters';
import { RouteBackend } from './route-backend';
import { SessionPersistence } from './session-persistence';
import { HttpMatch } from '../core/http-match';
import { CallPolicy } from '../core/traffic-policy';

/** What happens to some requests. `retries` belongs to the experimental channel. */
export interface HttpRouteRule extends HttpFilters, CallPolicy {
  /**
   * Name of the rule, unique in the route.
   *
   * @default - none
   */
  readonly ruleName?: string;

  /**
   * The requests; any of these may hold. At most 64. The most specific match of all routes decides, not the first one.
   *
   * @default - all requests
   */
  readonly matches?: HttpMatch[];

  /**
   * Where the requests go; at most 16.
   *
   * @default - nowhere: the rule redirects, or an extension answers
   */
  readonly backends?: RouteBackend[];

  /**
   * Time that each single try at a backend may take.
   *
   * @default - as `retries` says; no limit but the timeout of the whole request when it does not
   */
  readonly backendTimeout?: Duration;

  /**
   * Keeps a client with the backend that it came to first. Experimental channel.
   *
   * @default - each request goes anywhere
   */
  readonly sessionPersistence?: SessionPersistence;
}
