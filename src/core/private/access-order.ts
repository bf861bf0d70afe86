import type { Access } from '../access';
import { PeerKind } from '../peer';
import type { InboundEdgePlan, PeerPlan } from '../plan';
import type { Port } from '../port';
import { headerImplies, matchesExclude } from './intersect-matches';
import { pathExcludes, pathImplies } from './paths';

/** Whether everything that one edge lets through, or keeps out, is known to be among what another one does. */
export function edgeCovers(wide: InboundEdgePlan, narrow: InboundEdgePlan, ports: readonly Port[]): boolean {
  return callerCovers(wide.caller, narrow.caller) && accessCovers(wide.access, narrow.access, ports);
}

/** Whether two edges may speak of the same call. */
export function edgesMeet(a: InboundEdgePlan, b: InboundEdgePlan, ports: readonly Port[]): boolean {
  return callersMeet(a.caller, b.caller) && accessesMeet(a.access, b.access, ports);
}

/** Whether everybody who is known by one thing is known by the other as well. */
function callerCovers(wide: PeerPlan, narrow: PeerPlan): boolean {
  switch (wide.kind) {
    case PeerKind.ANYONE: return true;
    case PeerKind.NAMESPACE: return narrow.namespace === wide.namespace && narrow.kind !== PeerKind.ADDRESSES;
    case PeerKind.ADDRESSES: return narrow.kind === PeerKind.ADDRESSES && (narrow.blocks ?? []).every((block) => wide.blocks?.includes(block));
    default: return narrow.identity !== undefined && wide.identity?.sameAs(narrow.identity) === true;
  }
}

/** Callers known by address may be those known by something else. */
function callersMeet(a: PeerPlan, b: PeerPlan): boolean {
  if (a.kind === PeerKind.ADDRESSES || b.kind === PeerKind.ADDRESSES) { return true; }
  return callerCovers(a, b) || callerCovers(b, a);
}

function accessCovers(wide: Access, narrow: Access, ports: readonly Port[]): boolean {
  const inside = numbersOf(narrow, ports);
  const around = numbersOf(wide, ports);
  return inside.every((number) => around.includes(number))
    && (wide.methods.length === 0 || (narrow.methods.length > 0 && narrow.methods.every((method) => wide.methods.some((other) => other.method === method.method))))
    && (wide.paths.length === 0 || (narrow.paths.length > 0 && narrow.paths.every((path) => wide.paths.some((other) => pathImplies(path, other)))))
    && wide.headers.every((header) => narrow.headers.some((other) => headerImplies(other, header)))
    && wide.claims.every(({ claim, accepted }) => narrow.claims.some((other) => other.claim === claim && other.accepted.every((text) => accepted.includes(text))));
}

function accessesMeet(a: Access, b: Access, ports: readonly Port[]): boolean {
  const others = numbersOf(b, ports);
  return numbersOf(a, ports).some((number) => others.includes(number))
    && (a.methods.length === 0 || b.methods.length === 0 || a.methods.some((method) => b.methods.some((other) => other.method === method.method)))
    && (a.paths.length === 0 || b.paths.length === 0 || a.paths.some((path) => b.paths.some((other) => !pathExcludes(path, other))))
    && !matchesExclude({ headers: a.headers }, { headers: b.headers });
}

/** Ports of a service that an access is about. */
function numbersOf({ servicePorts, requestsOnly }: Access, ports: readonly Port[]): number[] {
  return ports.filter((port) => (servicePorts.length === 0 || servicePorts.includes(port.number)) && (!requestsOnly || port.carriesRequests)).map((port) => port.number);
}
