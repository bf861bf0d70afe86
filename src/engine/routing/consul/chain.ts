import { matchesHttp } from './http-match';
import { parseGoDuration } from '../../../private/duration';
import { carriesRequests, ConsulFacts, protocolOf } from '../../model/consul';
import { booleanOf, JsonObject, listOf, numberOf, objectOf, objectsOf, own, stringMapOf, textOf, textsOf } from '../../model/json';
import type { Resource } from '../../model/resource';
import { HttpRequest, httpRequest } from '../http-request';

/** Where a share of the traffic ends. */
export interface ChainTarget {
  readonly service: string;
  /** Absent for all instances. */
  readonly subset?: string;
  readonly peer?: string;
  readonly datacenter?: string;
  /** Share in percent. */
  readonly weight: number;
  /** What is tried when nothing of it is healthy, in order. */
  readonly failover: readonly Omit<ChainTarget, 'failover' | 'weight'>[];
  /** The ServiceResolver that decided. */
  readonly by?: Resource;
  /** Milliseconds. */
  readonly requestTimeout?: number;
}

/** What the discovery chain of a service makes of a request. */
export interface ChainOutcome {
  readonly targets: readonly ChainTarget[];
  readonly router?: { readonly resource: Resource; readonly rule: number };
  readonly splitter?: Resource;
  /** The request as changed. */
  readonly request?: HttpRequest;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly retries?: { readonly attempts: number; readonly retryOn: string };
  /** Why the chain cannot be made; the service cannot be reached at all then. */
  readonly error?: string;
}

class ChainError extends Error {}

/** Leads a request for a service through its router, splitters and resolvers. */
export function followChain(facts: ConsulFacts, service: string, request: HttpRequest | undefined): ChainOutcome {
  try {
    checkProtocols(facts, service);
    return new Chain(facts, service).follow(request);
  } catch (error) {
    if (error instanceof ChainError) return { targets: [], error: error.message };
    throw error;
  }
}

/** Leads traffic for a service on without its router, which counts only where a chain begins. */
export function followSplitters(facts: ConsulFacts, service: string, subset?: string): ChainOutcome {
  try {
    const chain = new Chain(facts, service);
    return { targets: chain.target(service, subset, 100) };
  } catch (error) {
    if (error instanceof ChainError) return { targets: [], error: error.message };
    throw error;
  }
}

class Chain {
  constructor(private readonly facts: ConsulFacts, private readonly first: string) {}

  follow(request: HttpRequest | undefined): ChainOutcome {
    const { facts, first } = this;
    const protocol = protocolOf(facts, first);
    const router = carriesRequests(protocol) ? facts.routers.get(first) : undefined;
    const splitter = carriesRequests(protocol) ? facts.splitters.get(first) : undefined;
    if (!router || !request) {
      const targets = this.target(first, undefined, 100);
      return { targets, splitter, request, timeout: splitter ? undefined : targets[0]?.requestTimeout };
    }
    const routes = objectsOf(router.spec.routes);
    const rule = routes.findIndex(route => { const { http } = objectOf(route.match); return http === undefined || http === null || matchesHttp(objectOf(http), request); });
    // The last route of all is for everything, to the service itself.
    if (rule < 0) return { targets: this.target(first, undefined, 100), splitter, request };
    const destination = objectOf(routes[rule].destination);
    const service = textOf(destination.service) || first;
    return {
      targets: this.target(service, textOf(destination.serviceSubset) || undefined, 100),
      router: { resource: router, rule },
      request: rewritten(request, objectOf(objectOf(routes[rule].match).http), destination),
      timeout: milliseconds(destination.requestTimeout),
      retries: retriesOf(destination),
    };
  }

  /** A subset that is named is past all splitters. */
  target(service: string, subset: string | undefined, weight: number, above: readonly string[] = []): ChainTarget[] {
    const splitter = subset === undefined && carriesRequests(protocolOf(this.facts, service)) ? this.facts.splitters.get(service) : undefined;
    if (!splitter) return [this.resolve(service, subset, weight)];
    if (above.includes(service)) throw new ChainError(`the splitters of ${[...above, service].join(', ')} lead in a circle`);
    return objectsOf(splitter.spec.splits).filter(split => (numberOf(split.weight) ?? 0) > 0).flatMap(split => {
      const inner = textOf(split.service) || service;
      const part = textOf(split.serviceSubset) || undefined;
      const share = weight * (numberOf(split.weight) ?? 0) / 100;
      // A service that splits to itself means its instances.
      return inner === service ? [this.resolve(service, part, share)] : this.target(inner, part, share, [...above, service]);
    });
  }

  private resolve(service: string, subset: string | undefined, weight: number, seen: readonly string[] = []): ChainTarget {
    const by = this.facts.resolvers.get(service);
    if (!by) {
      if (subset !== undefined) throw new ChainError(`service ${service} has no subset ${subset}`);
      return { service, weight, failover: [] };
    }
    const { spec } = by;
    const redirect = spec.redirect ? objectOf(spec.redirect) : undefined;
    if (redirect) {
      const next = textOf(redirect.service) || service;
      const elsewhere = place(redirect);
      if (Object.keys(elsewhere).length > 0) return { service: next, ...named(textOf(redirect.serviceSubset) || undefined), ...elsewhere, weight, failover: [], by };
      if (next !== service) {
        if (seen.includes(next)) throw new ChainError(`the redirects of ${[...seen, service, next].join(', ')} lead in a circle`);
        return this.resolve(next, textOf(redirect.serviceSubset) || undefined, weight, [...seen, service]);
      }
      subset = subset ?? (textOf(redirect.serviceSubset) || undefined);
    }
    const chosen = subset ?? (textOf(spec.defaultSubset) || undefined);
    if (chosen !== undefined && own(objectOf(spec.subsets), chosen) === undefined) throw new ChainError(`service ${service} has no subset ${chosen}`);
    const failovers = objectOf(spec.failover);
    const failover = own(failovers, chosen ?? '') ?? own(failovers, '*');
    return {
      service,
      ...named(chosen),
      weight,
      by,
      requestTimeout: milliseconds(spec.requestTimeout),
      failover: redirect || failover === undefined ? [] : failoverOf(objectOf(failover), service, chosen),
    };
  }
}

/** All services that a chain can lead to speak the same. */
function checkProtocols(facts: ConsulFacts, first: string): void {
  const protocol = protocolOf(facts, first);
  if (!carriesRequests(protocol)) return;
  const seen = new Set<string>();
  const open = [first];
  for (let service = open.pop(); service !== undefined; service = open.pop()) {
    if (seen.has(service)) continue;
    seen.add(service);
    const other = protocolOf(facts, service);
    if (other !== protocol) throw new ChainError(`the chain of ${first} speaks ${protocol}, and that of ${service}, to which it leads, ${other}`);
    const routes = service === first ? objectsOf(facts.routers.get(service)?.spec.routes).map(route => objectOf(route.destination)) : [];
    const splits = objectsOf(facts.splitters.get(service)?.spec.splits);
    const redirect = objectOf(facts.resolvers.get(service)?.spec.redirect);
    const redirects = textOf(redirect.peer) || textOf(redirect.datacenter) ? [] : [redirect];
    for (const item of [...routes, ...splits, ...redirects]) open.push(textOf(item.service) || service);
  }
}

function named(subset: string | undefined): { subset?: string } {
  return subset === undefined ? {} : { subset };
}

function place(item: JsonObject): { peer?: string; datacenter?: string } {
  const [peer, datacenter] = [textOf(item.peer) || undefined, textOf(item.datacenter) || undefined];
  return { ...(peer === undefined ? {} : { peer }), ...(datacenter === undefined ? {} : { datacenter }) };
}

function failoverOf(failover: JsonObject, service: string, subset: string | undefined): ChainTarget['failover'] {
  const targets = objectsOf(failover.targets);
  if (targets.length > 0) {
    return targets.map(item => ({ service: textOf(item.service) || service, ...named(textOf(item.serviceSubset) || (textOf(item.service) ? undefined : subset)), ...place(item) }));
  }
  const base = { service: textOf(failover.service) || service, ...named(textOf(failover.serviceSubset) || (textOf(failover.service) ? undefined : subset)) };
  const datacenters = textsOf(failover.datacenters);
  return datacenters.length > 0 ? datacenters.map(datacenter => ({ ...base, datacenter })) : [base];
}

function milliseconds(value: unknown): number | undefined {
  return parseGoDuration(textOf(value) ?? '') || undefined;
}

function retriesOf(destination: JsonObject): ChainOutcome['retries'] {
  const conditions = [
    ...textsOf(destination.retryOn),
    ...(booleanOf(destination.retryOnConnectFailure) === true ? ['connect-failure'] : []),
    ...listOf(destination.retryOnStatusCodes).map(String),
  ];
  const attempts = numberOf(destination.numRetries) ?? 0;
  // Conditions without a number mean one retry, and a number without conditions none that anybody could name.
  if (conditions.length === 0) return undefined;
  return { attempts: attempts > 0 ? attempts : 1, retryOn: [...new Set(conditions)].join(',') };
}

/** The prefix that matched gives way to another; characters are compared, as everywhere in Consul. */
function rewritten(request: HttpRequest, match: JsonObject, destination: JsonObject): HttpRequest {
  const rewrite = textOf(destination.prefixRewrite) || undefined;
  const matched = textOf(match.pathExact) || textOf(match.pathPrefix) || undefined;
  const changes = objectOf(destination.requestHeaders);
  const path = rewrite === undefined || matched === undefined ? request.path : rewrite + request.path.slice(matched.length);
  const changed = Object.keys(changes).length > 0;
  if (path === request.path && !changed) return request;
  const headers = new Map([...request.headers].filter(([name]) => !name.startsWith(':') && name !== 'host'));
  for (const [name, value] of Object.entries(stringMapOf(changes.set))) headers.set(name.toLowerCase(), value);
  for (const [name, value] of Object.entries(stringMapOf(changes.add))) {
    const old = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), old === undefined ? value : `${old},${value}`);
  }
  for (const name of textsOf(changes.remove)) headers.delete(name.toLowerCase());
  return httpRequest({ ...request, path, headers });
}
