import type { Evidence } from './evidence';
import type { Decider, RouteDetails } from '../dataplane/data-plane';
import type { ResourceName } from '../model/resource';

/** The answer in a word. */
export type Verdict = 'allowed' | 'denied' | 'error' | 'unroutable';

/** A share of the traffic that a request belongs to. */
export interface DecidedDestination {
  /** Name as the data plane's cluster carries it. */
  readonly host: string;
  readonly subset?: string;
  /** Port of the Service. */
  readonly port: number;
  readonly weight: number;
  /** False where nothing can serve; absent where the manifests do not say which pods there are. */
  readonly healthy?: boolean;
  /** Present where destinations differ in it. */
  readonly verdict?: 'allowed' | 'denied';
}

/** How authorization came out. */
export interface AuthorizationAnswer {
  readonly result: 'allowed' | 'denied' | 'not evaluated';
  /** What decided: `deny`, `allow`, `implicit-deny`, `no-policy`, `token`, `custom`, `path`, `peer` or `no-proxy`. */
  readonly stage?: string;
  readonly decidedBy?: Decider;
}

/** Where a request goes and what a route does with it. */
export interface RouteAnswer extends Partial<RouteDetails> {
  readonly destinations: readonly DecidedDestination[];
}

/** The answer to a question. */
export interface Decision {
  readonly id?: number | string;
  readonly verdict: Verdict;
  /** HTTP status where a proxy answers itself. */
  readonly status?: number;
  /** Where a redirect leads. */
  readonly location?: string;
  readonly decidedBy?: Decider;
  readonly authorization: AuthorizationAnswer;
  readonly route: RouteAnswer;
  /** The answer's reasons, in sentences. */
  readonly why: readonly string[];
  /** What neither the request nor the manifests say and was taken for granted. */
  readonly assumptions?: readonly string[];
  /** Objects whose order of creation decides, which the manifests do not tell. */
  readonly orderDependent?: readonly ResourceName[];
  readonly evidence?: Evidence;
}

/** The answer to a question that cannot be read. */
export interface ErrorDecision {
  readonly id?: number | string;
  readonly verdict: 'error';
  readonly error: { readonly code: string; readonly message: string };
}
