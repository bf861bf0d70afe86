import { Cors } from './cors';
import { Destination } from './destination';
import { DirectResponse } from './direct-response';
import { Fault } from './fault';
import { HeaderChanges } from './header-changes';
import { HttpMatch } from './http-match';
import { Mirror } from './mirror';
import { PathRewrite } from './path-rewrite';
import { Redirect } from './redirect';
import { CallPolicy } from './traffic-policy';

/** What becomes of requests and answers on their way, wherever they go. */
export interface HttpHandling {
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
   * What becomes of the path.
   *
   * @default - nothing
   */
  readonly pathRewrite?: PathRewrite;

  /**
   * Host name that the destination is asked by.
   *
   * @default - the one of the request
   */
  readonly hostRewrite?: string;

  /**
   * Failures made on purpose.
   *
   * @default - none
   */
  readonly fault?: Fault;

  /**
   * Sends clients elsewhere. There are no destinations then.
   *
   * @default - requests go to the destinations
   */
  readonly redirect?: Redirect;

  /**
   * Answers without asking anybody. There are no destinations then.
   *
   * @default - requests go to the destinations
   */
  readonly directResponse?: DirectResponse;

  /**
   * Which pages of other origins may call from a browser.
   *
   * @default - the application decides
   */
  readonly cors?: Cors;
}

/** What becomes of requests on their way. */
export interface HttpActions extends HttpHandling {
  /**
   * Destinations that get copies.
   *
   * @default - none
   */
  readonly mirrors?: Mirror[];
}

/** What happens to some requests of a service: how calls behave, and what becomes of them on their way. */
export interface HttpRule extends CallPolicy, HttpActions {
  /**
   * Name of the rule; it shows in the manifests and in reports.
   *
   * @default - none
   */
  readonly ruleName?: string;

  /**
   * The requests; any of these may hold.
   *
   * @default - all requests
   */
  readonly matches?: HttpMatch[];

  /**
   * Where they go. With several destinations each has a weight, and the weights sum to 100.
   *
   * @default - the service itself
   */
  readonly destinations?: Destination[];
}
