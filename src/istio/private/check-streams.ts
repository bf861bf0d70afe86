import type { ExternalPlan, MeshPlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { isIpAddress } from '../../core/private/check-values';
import { Protocol } from '../../core/protocol';
import { fail, together } from '../../private/errors';

/** A port of something that proxies listen for. */
interface Listened {
  readonly path: string;
  readonly port: Port;
  /** Namespaces whose proxies listen; undefined for all. */
  readonly namespaces?: ReadonlySet<string>;
  /** Addresses that tell connections apart; empty when requests, server names or nothing does. */
  readonly addresses: readonly string[];
}

/**
 * Refuses byte streams of services outside of the mesh that proxies cannot tell from something else. A byte stream says nothing of where it
 * goes: without addresses of its own the proxy listens for its port at every address, and takes one of those that share the port.
 */
export function checkStreams({ externals, services }: MeshPlan): void {
  const byPort = new Map<number, Listened[]>();
  const note = (listened: Listened) => byPort.set(listened.port.number, [...byPort.get(listened.port.number) ?? [], listened]);
  externals.forEach((external) => external.ports.forEach((port) => note({ path: pathOf(external), port, namespaces: seenFrom(external), addresses: addressesOf(external, port) })));
  services.forEach((service) => service.ports.filter((port) => port.carriesRequests)
    .forEach((port) => note({ path: service.scope.node.scope?.node.path ?? service.host, port, addresses: [] })));
  together([...byPort.values()].flatMap((all) => all.filter(isStream).map((stream) => () => {
    const other = all.find((candidate) => candidate.path !== stream.path && clash(stream, candidate));
    if (other) { refuse(stream, other); }
  })));
}

function refuse(stream: Listened, other: Listened): never {
  return fail('MESH-E031',
    `connections to port ${stream.port.number} of ${stream.path} cannot be told from those to ${other.path}: a byte stream names no host, and ${stream.addresses.length > 0 ? 'the two share an address' : 'no addresses are known'}`,
    "give its addresses in endpoints, use another port, or let proxies answer DNS with proxyDefaults: { environment: { ISTIO_META_DNS_CAPTURE: 'true' } }",
    stream.path);
}

function clash(stream: Listened, other: Listened): boolean {
  const seen = stream.namespaces === undefined || other.namespaces === undefined || [...stream.namespaces].some((namespace) => other.namespaces!.has(namespace));
  if (!seen) { return false; }
  return stream.addresses.length > 0 ? stream.addresses.some((address) => other.addresses.includes(address)) : other.addresses.length === 0;
}

function isStream({ port }: Listened): boolean {
  return port.protocol === Protocol.TCP;
}

function addressesOf({ endpoints }: ExternalPlan, port: Port): readonly string[] {
  return port.protocol === Protocol.TCP && endpoints.every((endpoint) => isIpAddress(endpoint)) ? endpoints : [];
}

function seenFrom({ callerNamespaces, namespace }: ExternalPlan): ReadonlySet<string> | undefined {
  return callerNamespaces.length === 0 ? undefined : new Set([namespace, ...callerNamespaces]);
}

function pathOf({ scope, serviceName }: ExternalPlan): string {
  return scope.node.scope?.node.path ?? serviceName;
}
