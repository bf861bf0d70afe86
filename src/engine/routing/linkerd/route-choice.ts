import type { GatewayRoute, RequestMatch } from '../../model/gatewayapi/route';
import { orderIsKnown } from '../../model/order';
import type { Resource } from '../../model/resource';
import { LINKERD_DIALECT, matchesRequest } from '../gatewayapi/request-match';
import type { HttpRequest } from '../http-request';

/** One way to match one rule of a route. */
export interface LinkerdCandidate {
  /** Absent for routes that the control plane makes itself. */
  readonly route?: GatewayRoute;
  readonly rule: number;
  readonly match: RequestMatch;
  /** Empty for all hosts. */
  readonly hostnames: readonly string[];
}

/** What of two candidates that match a request is compared, the weightiest first. */
type Rank = readonly number[];

/** The candidates of the rules of a route, each match for itself. */
export function candidatesOf(route: GatewayRoute): LinkerdCandidate[] {
  return route.rules.flatMap(rule => {
    const all: readonly RequestMatch[] = rule.matches.length > 0 ? rule.matches : [everything(route)];
    return all.map(match => ({ route, rule: rule.index, match, hostnames: route.hostnames }));
  });
}

function everything({ kind }: GatewayRoute): RequestMatch {
  return kind === 'GRPCRoute' ? { grpc: { type: 'Exact' }, headers: [], query: [] } : { path: { type: 'PathPrefix', value: '/' }, headers: [], query: [] };
}

/** A choice among candidates. */
export interface LinkerdChoice<T extends LinkerdCandidate> {
  readonly candidate: T;
  /** Routes that would have been taken as well and only came later. */
  readonly tied: readonly Resource[];
}

/**
 * The candidate that takes a request, as Linkerd's proxy chooses: the more exact host, then the longer match of the path whatever its kind,
 * then more headers, more parameters, a method; of equal ones the first.
 */
export function chooseCandidate<T extends LinkerdCandidate>(candidates: readonly T[], request: HttpRequest): LinkerdChoice<T> | undefined {
  let best: T[] = [];
  let rank: Rank = [];
  for (const candidate of candidates) {
    const host = hostRank(candidate.hostnames, request.host.replace(/\.$/, ''));
    if (!host || !matchesRequest(candidate.match, request, LINKERD_DIALECT)) continue;
    const own = [...host, ...matchRank(candidate.match, request)];
    const compared = best.length === 0 ? 1 : compareRanks(own, rank);
    if (compared > 0) [best, rank] = [[candidate], own];
    else if (compared === 0) best.push(candidate);
  }
  const [candidate, ...others] = best;
  if (!candidate) return undefined;
  const tied = new Set(others.flatMap(other => (other.route && candidate.route && other.route !== candidate.route ? [other.route.resource] : [])));
  return { candidate, tied: [...tied].filter(other => !orderIsKnown(candidate.route!.resource, other)) };
}

function hostRank(hostnames: readonly string[], host: string): Rank | undefined {
  if (hostnames.length === 0) return [0, 0];
  let best: Rank | undefined;
  for (const hostname of hostnames) {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    const suffix = name.startsWith('*.') ? name.slice(1) : undefined;
    const fits = suffix === undefined ? name === host : host.endsWith(suffix) && host.length > suffix.length;
    if (!fits) continue;
    const rank = suffix === undefined ? [2, name.length] : [1, suffix.length];
    if (!best || compareRanks(rank, best) > 0) best = rank;
  }
  return best;
}

function matchRank({ grpc, headers, method, path, query }: RequestMatch, request: HttpRequest): Rank {
  const length = grpc ? grpc.service?.length ?? 0 : pathLength(path, request);
  return [length, grpc?.method?.length ?? 0, headers.length, query.length, method === undefined ? 0 : 1];
}

function pathLength(path: RequestMatch['path'], request: HttpRequest): number {
  switch (path?.type) {
    case undefined: return 0;
    case 'Exact': return path!.value.length;
    case 'PathPrefix': return Math.max(1, path!.value.replace(/\/$/, '').length);
    case 'RegularExpression': return request.pathOnly.length;
  }
}

function compareRanks(a: Rank, b: Rank): number {
  const index = a.findIndex((value, place) => value !== b[place]);
  return index < 0 ? 0 : a[index] - b[index];
}
