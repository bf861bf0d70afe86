import { CONSUL_SERVICES } from './services';
import { chainDestinations } from './shares';
import type { Cluster } from '../../model/model';
import { nameOf } from '../../model/resource';
import type { ChainOutcome } from '../../routing/consul/chain';
import type { Arrival, Passage, Pod, RouteDetails, Sent, TransportSecurity } from '../data-plane';
import { changesOf, forwarded, SendingParts, unroutable } from '../sending';

/** The answer to a request that a chain leads on. */
export function chainSent(cluster: Cluster, { http, server }: Passage, outcome: ChainOutcome, parts: SendingParts): Sent {
  const { error, request } = outcome;
  const told = { ...parts, why: [...parts.why, wordsOf(outcome)] };
  if (error !== undefined) return unroutable(told, parts.arrival.layer === 'http' ? 503 : undefined);
  const { destinations, notes } = chainDestinations(cluster, outcome.targets, server.port, securityOf(cluster));
  const decidedBy = deciderOf(outcome);
  const details: RouteDetails = {
    kind: 'forward',
    ...(decidedBy ? { matched: decidedBy } : {}),
    ...changesOf(http, request),
    ...(outcome.timeout === undefined ? {} : { timeout: outcome.timeout }),
    ...(outcome.retries ? { retries: outcome.retries } : {}),
  };
  const arrival: Arrival = { ...parts.arrival, http: request ?? parts.arrival.http };
  return forwarded({ ...told, arrival, details, decidedBy, assumptions: [...parts.assumptions ?? [], ...notes] }, destinations);
}

/** How proxies of the mesh connect to pods. */
export function securityOf(cluster: Cluster): (pod: Pod, port: number) => TransportSecurity {
  const services = cluster.family(CONSUL_SERVICES);
  return (pod, port) => (services.has(pod) && !services.excludes(pod, 'inbound', port) ? 'mtls' : 'plaintext');
}

/** The object that decided where a chain leads. */
export function deciderOf({ router, splitter, targets }: ChainOutcome): Sent['decidedBy'] {
  if (router) return { ...nameOf(router.resource), rule: router.rule };
  const resource = splitter ?? targets[0]?.by;
  return resource && nameOf(resource);
}

/** How answers call what a chain came to. */
export function wordsOf({ error, router, splitter, targets }: ChainOutcome): string {
  if (error !== undefined) return `the discovery chain cannot be made: ${error}`;
  if (router) return `route ${router.rule} of ServiceRouter ${router.resource.name} takes the request`;
  if (splitter) return `ServiceSplitter ${splitter.name} divides the traffic`;
  return targets[0]?.by ? `ServiceResolver ${targets[0].by.name} finds the instances` : 'no route applies, so everything goes to the service itself';
}

/** Tells what a discovery chain came to. */
export function explainChain(outcome: ChainOutcome): { readonly [name: string]: unknown } {
  const matched = deciderOf(outcome);
  return {
    routing: {
      result: outcome.error === undefined ? 'forward' : 'not-found',
      ...(matched ? { matched } : {}),
      destinations: outcome.targets.map(({ failover, service, subset, weight }) => ({ host: service, port: 0, weight, ...(subset === undefined ? {} : { subset }), failover })),
    },
    ...(outcome.error === undefined ? {} : { fault: outcome.error }),
  };
}
