import type { HttpHandling } from '../../core/http-rule';
import type { Retries } from '../../core/retry';
import type { CallPolicy } from '../../core/traffic-policy';
import type * as crd from '../crd';
import { istioDuration } from './duration';
import { renderActions, replacesPrefix } from './http-actions';
import { isEmptyMatch, PathPart, RenderedMatch } from './match';

/** What becomes of requests, apart from which ones they are. */
export interface RouteWords {
  readonly name?: string;
  readonly handling: HttpHandling;
  readonly policy: CallPolicy;
  /** Destinations in Istio's words. */
  readonly route?: crd.HTTPRouteDestination[];
  readonly mirrors?: crd.HTTPMirrorPolicy[];
}

const PARTS: readonly PathPart[] = ['itself', 'below', 'text'];

/**
 * What becomes of the requests of some matches. Where a prefix is replaced, requests for the prefix itself and those below it take routes of
 * their own, because Istio replaces characters, not segments.
 */
export function renderHttpRoutes(words: RouteWords, matches: readonly RenderedMatch[]): crd.HTTPRoute[] {
  if (!replacesPrefix(words.handling)) { return [renderRoute(words, matches, 'itself')]; }
  return PARTS.flatMap((part) => {
    const some = matches.filter((match) => match.part === part).map((rendered) => (part === 'below' ? withPrefix(rendered) : rendered));
    return some.length === 0 ? [] : [renderRoute(words, some, part)];
  });
}

/** Istio replaces a prefix only where every match names one. */
function withPrefix({ match, part }: RenderedMatch): RenderedMatch {
  return { match: { ...match, uri: match.uri ?? { prefix: '/' } }, part };
}

function renderRoute({ name, handling, policy, route, mirrors }: RouteWords, matches: readonly RenderedMatch[], part: PathPart): crd.HTTPRoute {
  return {
    name: name && part === 'below' ? `${name}-below` : name,
    match: matches.length === 0 || matches.some(({ match }) => isEmptyMatch(match)) ? undefined : matches.map(({ match }) => match),
    ...renderActions(handling, part),
    route: route && route.length > 0 ? route : undefined,
    mirrors: mirrors && mirrors.length > 0 ? mirrors : undefined,
    timeout: istioDuration(policy.timeout),
    retries: policy.retries && renderRetries(policy.retries),
  };
}

/** Retries in Istio's words. */
export function renderRetries(retries: Retries): crd.HTTPRetry {
  if (retries.maxAttempts === 0) { return { attempts: 0 }; }
  return {
    attempts: retries.maxAttempts,
    retryOn: [...retries.conditions, ...retries.statusCodes].join(','),
    perTryTimeout: istioDuration(retries.perTryTimeout),
    backoff: istioDuration(retries.backoff),
  };
}
