import type { Cluster } from '../../model/model';
import { nameOf } from '../../model/resource';
import type { KubeRouteOutcome } from '../../routing/gatewayapi/rule-outcome';
import type { HttpRequest } from '../../routing/http-request';
import type { Pod, RouteDetails, Sent, TransportSecurity } from '../data-plane';
import { changesOf, forwarded, redirected, SendingParts, unroutable } from '../sending';
import { destinationOf, ServiceShare } from '../service-targets';

/** What the way behind a route looks like. */
export interface KubeRouteWay {
  securityOf(pod: Pod, port: number): TransportSecurity;
  /** Puts other destinations in the place of a rule's. */
  lead?(shares: readonly ServiceShare[]): readonly ServiceShare[];
}

/** Turns what routes of Gateway API came to into what the sending side answers. */
export function kubeRouteSent(cluster: Cluster, outcome: KubeRouteOutcome, parts: SendingParts, before: HttpRequest | undefined, way: KubeRouteWay): Sent {
  const { by, destinations, kind, layer, location, mirrors, orderDependent, request, retries, status, timeout, why } = outcome;
  const decidedBy = by && { ...nameOf(by.resource), ...(by.rule === undefined ? {} : { rule: by.rule }) };
  const details: RouteDetails = {
    kind: 'forward',
    ...(decidedBy ? { matched: decidedBy } : {}),
    ...changesOf(before, request),
    ...(timeout === undefined ? {} : { timeout }),
    ...(retries ? { retries } : {}),
    ...(mirrors ? { mirrors } : {}),
  };
  const told: SendingParts = {
    ...parts, arrival: { ...parts.arrival, layer, http: request ?? parts.arrival.http }, details, decidedBy, orderDependent, why: [...parts.why, why],
  };
  switch (kind) {
    case 'redirect': return redirected(told, status!, location!);
    case 'not-found':
    case 'refused': return unroutable({ ...told, details: { kind: 'none' } }, status);
    case 'failed':
    case 'forward': {
      const shares = way.lead ? way.lead(destinations) : destinations;
      return forwarded(told, shares.map(item => destinationOf(cluster, item, way.securityOf)), status ?? 503);
    }
  }
}

/** Tells what a proxy's routes came to. */
export function explainKubeRoute({ by, destinations, kind, mirrors, retries, timeout }: KubeRouteOutcome): { readonly [name: string]: unknown } {
  return {
    routing: {
      result: kind === 'failed' ? 'forward' : kind,
      ...(by ? { matched: { ...nameOf(by.resource), ...(by.rule === undefined ? {} : { rule: by.rule }) } } : {}),
      destinations: destinations.map(({ fault, host, port, weight }) => ({ host, port, weight, ...(fault === undefined ? {} : { healthy: false, fault }) })),
    },
    ...(timeout === undefined ? {} : { timeout }),
    ...(retries ? { retries } : {}),
    ...(mirrors ? { mirrors } : {}),
  };
}
