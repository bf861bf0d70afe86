import { OwnedListener, allowsNamespace } from './listeners';
import { hostsMatch, isSubsetOf, isWildcard } from '../../match/host';
import type { GatewayRoute, ParentReference } from '../../model/gatewayapi/route';
import type { Cluster } from '../../model/model';

/** A route at a listener, or why it is not there. */
export interface Attachment {
  readonly parent: ParentReference;
  readonly listener: OwnedListener;
  /** Hosts of the route that requests at this listener may use; `*` where the route names none. */
  readonly hostnames: readonly string[];
  /** Why the listener does not take the route. */
  readonly refused?: string;
}

/** The listeners that a route's reference to a Gateway or ListenerSet means, with the hosts that it serves at each. */
export function attachmentsOf(cluster: Cluster, route: GatewayRoute, parent: ParentReference, listeners: readonly OwnedListener[]): Attachment[] {
  const hostnames = route.hostnames.length > 0 ? route.hostnames : ['*'];
  return listeners.map(listener => {
    const refused = refusal(cluster, route, parent, listener, hostnames);
    const rivals = refused === undefined ? rivalHosts(listener, listeners) : [];
    return { parent, listener, refused, hostnames: refused === undefined ? hostnames.filter(host => isOurs(host, listener, rivals)) : [] };
  });
}

function refusal(
  cluster: Cluster, route: GatewayRoute, parent: ParentReference, { kinds, listener, owner }: OwnedListener, hostnames: readonly string[],
): string | undefined {
  if (parent.port !== undefined && parent.port !== listener.port) return `the reference means port ${parent.port}`;
  if (parent.sectionName !== undefined && parent.sectionName !== listener.name) return `the reference means the listener ${parent.sectionName}`;
  const host = listener.hostname ?? '*';
  if (!hostnames.some(name => hostsMatch(host, name))) return `no host of the route lies within ${host}`;
  if (!allowsNamespace(cluster, listener.namespaces, owner.namespace, route.resource.namespace)) {
    return `the listener takes no routes from namespace ${route.resource.namespace}`;
  }
  return kinds.includes(route.kind) ? undefined : `the listener takes no ${route.kind}`;
}

/** Hosts of other listeners with the same port and protocol: what they name more exactly is theirs. */
function rivalHosts(own: OwnedListener, listeners: readonly OwnedListener[]): string[] {
  const { listener } = own;
  return listeners.map(other => other.listener)
    .filter(other => other !== listener && other.port === listener.port && other.protocol === listener.protocol)
    .map(other => other.hostname ?? '').filter(host => host !== (listener.hostname ?? ''));
}

function isOurs(host: string, { listener }: OwnedListener, rivals: readonly string[]): boolean {
  const mine = listener.hostname ?? '';
  if (mine !== '' && !isWildcard(mine)) return true;
  if (mine !== '' && !hostsMatch(host, mine)) return false;
  return !rivals.some(rival => mine.length <= rival.length && isSubsetOf(host, rival));
}
