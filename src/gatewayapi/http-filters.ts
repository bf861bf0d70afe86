import { ExternalAuth } from './external-auth';
import { LocalReference } from './object-reference';
import { RouteMirror } from './route-mirror';
import { Cors } from '../core/cors';
import { HeaderChanges } from '../core/header-changes';
import { PathRewrite } from '../core/path-rewrite';
import { Redirect } from '../core/redirect';

/** What becomes of requests and gRPC calls on their way. */
export interface CallFilters {
  /**
   * What becomes of the headers of requests.
   *
   * @default - nothing
   */
  readonly requestHeaders?: HeaderChanges;

  /**
   * What becomes of the headers of answers.
   *
   * @default - nothing
   */
  readonly responseHeaders?: HeaderChanges;

  /**
   * Backends that get copies.
   *
   * @default - none
   */
  readonly mirrors?: RouteMirror[];

  /**
   * Filters of the controller's own, in the namespace of the route.
   *
   * @default - none
   */
  readonly extensions?: LocalReference[];
}

/** What becomes of requests on their way. */
export interface HttpFilters extends CallFilters {
  /**
   * What becomes of the path. A prefix can be replaced only in a rule with exactly one match, by prefix.
   *
   * @default - nothing
   */
  readonly pathRewrite?: PathRewrite;

  /**
   * Host name that the backend is asked by.
   *
   * @default - the one of the request
   */
  readonly hostRewrite?: string;

  /**
   * Sends clients elsewhere. There are no backends then.
   *
   * @default - requests go to the backends
   */
  readonly redirect?: Redirect;

  /**
   * Which pages of other origins may call from a browser.
   *
   * @default - the application decides
   */
  readonly cors?: Cors;

  /**
   * A service that is asked whether requests may pass. Experimental channel.
   *
   * @default - none
   */
  readonly externalAuth?: ExternalAuth;
}
