import type { Arrival, Client, Decider, Passage, RouteDetails, Sent, SentDestination } from './data-plane';
import type { Resource } from '../model/resource';
import type { HttpRequest } from '../routing/http-request';

/** What every answer of the sending side has. */
export interface SendingParts {
  readonly arrival: Arrival;
  readonly why: readonly string[];
  readonly details?: RouteDetails;
  readonly decidedBy?: Decider;
  readonly orderDependent?: readonly Resource[];
  readonly assumptions?: readonly string[];
}

const NONE: readonly never[] = Object.freeze([]);

function filled({ arrival, assumptions, decidedBy, details, orderDependent, why }: SendingParts): Omit<Sent, 'destinations' | 'result'> {
  return { arrival, why, decidedBy, details: details ?? { kind: 'none' }, orderDependent: orderDependent ?? NONE, assumptions: assumptions ?? NONE };
}

/** A request that leads nowhere. */
export function unroutable(parts: SendingParts, status?: number): Sent {
  return { ...filled(parts), result: 'unroutable', destinations: NONE, status };
}

/** A request that a proxy answers with a redirect. */
export function redirected(parts: SendingParts, status: number, location: string): Sent {
  return { ...filled({ ...parts, details: { kind: 'redirect', ...(parts.details ? withoutKind(parts.details) : {}) } }), result: 'answered', destinations: NONE, status, location };
}

/**
 * A request on its way to its destinations; one whose destinations are all out of service leads nowhere.
 *
 * @param failure HTTP status of a share that leads nowhere
 */
export function forwarded(parts: SendingParts, destinations: readonly SentDestination[], failure = 503): Sent {
  const base = { ...filled(parts), destinations };
  if (destinations.length > 0 && destinations.some(item => item.healthy !== false)) return { ...base, result: 'sent' };
  const fault = destinations.find(item => item.fault !== undefined)?.fault;
  return { ...base, result: 'unroutable', status: parts.arrival.layer === 'http' ? failure : undefined, why: fault === undefined ? parts.why : [...parts.why, fault] };
}

/** A request that no mesh keeps from leaving: it goes where it is addressed. */
export function passedOn(parts: SendingParts, host: string, port: number): Sent {
  return forwarded({ ...parts, details: { kind: 'passthrough' } }, [{ host, port, weight: 100, targets: NONE }]);
}

/** What a route changed of a request, for answers to show. */
export function changesOf(before: HttpRequest | undefined, after: HttpRequest | undefined): Pick<RouteDetails, 'authority' | 'path'> {
  if (!before || !after || before === after) return {};
  return {
    ...(before.path === after.path ? {} : { path: after.path }),
    ...(before.authority === after.authority ? {} : { authority: after.authority }),
  };
}

/** A request as it leaves its client. */
export function departing(passage: Passage, identity: string | undefined, layer: Arrival['layer'] = passage.http ? 'http' : 'tcp'): Arrival {
  const { client, http, protocol, token } = passage;
  return { identity, sourceIp: client.ip, remoteIp: client.remoteIp, http, token, protocol, layer };
}

/** The identity of a client: what the request says, else that of its pod's account. */
export function identityOfClient(client: Client, trustDomain: string): string | undefined {
  if (client.identity !== undefined) return client.identity;
  const { pod } = client;
  return pod?.serviceAccount === undefined ? undefined : `${trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}`;
}

function withoutKind({ kind: _, ...rest }: RouteDetails): Omit<RouteDetails, 'kind'> {
  return rest;
}
