import { RequestMatch } from './request-match';
import { RouteMirror, RouteTarget } from './route-target';
import { IVirtualService } from './virtual-service';
import { HttpHandling } from '../core/http-rule';
import { CallPolicy } from '../core/traffic-policy';

/** When a failed call is tried again, as only Envoy knows it. */
export enum RetryCondition {
  /** The connection broke before the request was sent. */
  RESET_BEFORE_REQUEST = 'reset-before-request',
  /** The server answered 409. */
  RETRIABLE_4XX = 'retriable-4xx',
  /** The answer has a header that the request names in `x-envoy-retriable-header-names`. */
  RETRIABLE_HEADERS = 'retriable-headers',
  /** The answer has a status that the request names in `x-envoy-retriable-status-codes`. */
  RETRIABLE_STATUS_CODES = 'retriable-status-codes',
  /** A rate limit of Envoy refused the call. */
  ENVOY_RATE_LIMITED = 'envoy-ratelimited',
  /** A connection by HTTP/3 broke after it had been made. */
  HTTP3_POST_CONNECT_FAILURE = 'http3-post-connect-failure',
}

/** What only Istio knows of retries; `retries` must be given too. */
export interface RetryTuning {
  /**
   * More failures after which to try again.
   *
   * @default - none
   */
  readonly moreConditions?: RetryCondition[];

  /**
   * Whether endpoints in other places may be tried.
   *
   * @default - the default of the mesh (Istio: false)
   */
  readonly otherLocalities?: boolean;

  /**
   * Whether endpoints that were tried already are avoided.
   *
   * @default - the default of the mesh (Istio: true)
   */
  readonly avoidTriedHosts?: boolean;
}

/** What becomes of a browser's preliminary request from an origin that may not call. */
export enum UnmatchedPreflights {
  /** The service answers it. */
  FORWARD = 'FORWARD',
  /** The proxy answers it, without any permission. */
  IGNORE = 'IGNORE',
}

/** What only Istio knows of CORS; `cors` must be given too. */
export interface CorsTuning {
  /**
   * Beginnings of origins that may call as well.
   *
   * @default - none
   */
  readonly originPrefixes?: string[];

  /**
   * What becomes of a browser's preliminary request from an origin that may not call.
   *
   * @default UnmatchedPreflights.FORWARD
   */
  readonly unmatchedPreflights?: UnmatchedPreflights;
}

/** Where the port of a redirect comes from. */
export enum RedirectPort {
  /** 80 for http, 443 for https. */
  FROM_PROTOCOL_DEFAULT = 'FROM_PROTOCOL_DEFAULT',
  /** The port that the request came in by. */
  FROM_REQUEST_PORT = 'FROM_REQUEST_PORT',
}

/** What becomes of some HTTP requests. The first route with a match that holds decides. */
export interface HttpRouteOptions extends CallPolicy, HttpHandling {
  /**
   * Name of the route; it shows in logs.
   *
   * @default - none
   */
  readonly routeName?: string;

  /**
   * The requests; any of these may hold.
   *
   * @default - all requests
   */
  readonly matches?: RequestMatch[];

  /**
   * Where the requests go. With several destinations each has a weight.
   *
   * @default - nowhere: the requests are redirected, answered, or left to another VirtualService
   */
  readonly destinations?: RouteTarget[];

  /**
   * Destinations that get copies.
   *
   * @default - none
   */
  readonly mirrors?: RouteMirror[];

  /**
   * A VirtualService without hosts that says where the requests go. What it says wins; what it leaves open is taken from here.
   *
   * @default - none
   */
  readonly delegate?: IVirtualService;

  /**
   * What only Istio knows of retries.
   *
   * @default - nothing
   */
  readonly retryTuning?: RetryTuning;

  /**
   * What only Istio knows of CORS.
   *
   * @default - nothing
   */
  readonly corsTuning?: CorsTuning;

  /**
   * Where the port of the redirect comes from, when the redirect names none.
   *
   * @default RedirectPort.FROM_PROTOCOL_DEFAULT when the scheme changes, RedirectPort.FROM_REQUEST_PORT otherwise
   */
  readonly redirectPort?: RedirectPort;

  /**
   * Body of the direct response in base64, for one that is no text.
   *
   * @default - the text of `directResponse`
   */
  readonly directResponseBytes?: string;
}
