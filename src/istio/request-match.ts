import { IGateway } from './gateway';
import { TextMatch } from './text-match';
import { WorkloadSelector } from './workload-selector';
import { ClaimMatch } from '../core/claim-match';
import { HttpMatch } from '../core/http-match';

/** Through which proxies a call comes. */
export interface CallerMatch {
  /**
   * The pods that call; their own proxies decide.
   *
   * @default - all pods
   */
  readonly callers?: WorkloadSelector;

  /**
   * Namespace of the pods that call.
   *
   * @default - the one of `callers` where it is known; any otherwise
   */
  readonly callerNamespace?: string;

  /**
   * The gateways that the call comes in by, all of them gateways of the VirtualService.
   *
   * @default - all gateways of the VirtualService
   */
  readonly gateways?: IGateway[];

  /**
   * Whether calls within the mesh are meant too, besides those that come in by the gateways named here.
   *
   * @default - as the VirtualService says when no gateways are named here; false otherwise
   */
  readonly inMesh?: boolean;
}

/**
 * What a request must look like; all that is given must hold. Every fact can be said in the words of the kernel (`path`, `method`, `headers`,
 * `queryParams`), which are safer, or in those of Istio.
 */
export interface RequestMatch extends HttpMatch, CallerMatch {
  /**
   * Name of the match; it stands behind the name of the route in logs.
   *
   * @default - none
   */
  readonly matchName?: string;

  /**
   * Prefix of the statistics that Envoy counts for the route.
   *
   * @default - nothing is counted for the route
   */
  readonly statPrefix?: string;

  /**
   * The path in Istio's own words, in place of `path`.
   *
   * @default - any, or as `path` says
   */
  readonly uri?: TextMatch;

  /**
   * Whether upper and lower case of the path make no difference. Only for whole paths and prefixes.
   *
   * @default false
   */
  readonly ignorePathCase?: boolean;

  /**
   * The host that is asked for, with the port when the client sends one.
   *
   * @default - any
   */
  readonly authority?: TextMatch;

  /**
   * `http` or `https`, as the client sent it.
   *
   * @default - any
   */
  readonly scheme?: TextMatch;

  /**
   * The method in Istio's own words, in place of `method`.
   *
   * @default - any, or as `method` says
   */
  readonly methodText?: TextMatch;

  /**
   * Query parameters by name, besides `queryParams`.
   *
   * @default - any
   */
  readonly queryTexts?: { readonly [name: string]: TextMatch };

  /**
   * Claims of the token, which a RequestAuthentication of the gateway has checked. Only for calls that come in by gateways.
   *
   * @default - any
   */
  readonly claims?: ClaimMatch[];

  /**
   * Claims that the token must not hold.
   *
   * @default - none
   */
  readonly withoutClaims?: ClaimMatch[];
}
