import { CORE, labelsOfNamespace } from '../../model/core';
import { GATEWAY_API } from '../../model/gatewayapi';
import { AllowedNamespaces, GATEWAY_API_GROUP, KubeGateway, Listener } from '../../model/gatewayapi/gateway';
import type { RouteKind } from '../../model/gatewayapi/route';
import { labelSelector } from '../../model/labels';
import type { Cluster } from '../../model/model';
import type { Resource } from '../../model/resource';

/** A listener with the object that has it. */
export interface OwnedListener {
  readonly gateway: KubeGateway;
  /** The Gateway, or a ListenerSet of it. */
  readonly owner: Resource;
  readonly listener: Listener;
  /** Kinds of routes that the listener takes. */
  readonly kinds: readonly RouteKind[];
}

/** A listener that loses to another one. */
export interface ConflictedListener {
  readonly owner: Resource;
  readonly listener: Listener;
  readonly reason: string;
}

/** The listeners of a Gateway, those of its ListenerSets included; of conflicting ones the first counts. */
export function listenersOf(cluster: Cluster, gateway: KubeGateway): { taken: OwnedListener[]; conflicted: ConflictedListener[] } {
  const { namespace, name } = gateway.resource;
  const sets = cluster.family(GATEWAY_API).listenerSets.filter(({ parent, resource }) => parent.kind === 'Gateway'
    && parent.group === GATEWAY_API_GROUP && parent.namespace === namespace && parent.name === name
    && allowsNamespace(cluster, gateway.allowedListeners, namespace, resource.namespace));
  const all = [
    ...gateway.listeners.map(listener => ({ owner: gateway.resource, listener })),
    ...sets.flatMap(set => set.listeners.map(listener => ({ owner: set.resource, listener }))),
  ];
  const taken: OwnedListener[] = [];
  const conflicted: ConflictedListener[] = [];
  for (const { owner, listener } of all) {
    const prior = taken.find(other => !distinct(other.listener, listener));
    if (prior) conflicted.push({ owner, listener, reason: `listener ${prior.listener.name} has the port ${listener.port} already` });
    else taken.push({ gateway, owner, listener, kinds: kindsOf(listener) });
  }
  return { taken, conflicted };
}

/** Whether a namespace is among those that a Gateway or listener allows. */
export function allowsNamespace(cluster: Cluster, allowed: AllowedNamespaces, home: string, namespace: string): boolean {
  switch (allowed.from) {
    case 'All': return true;
    case 'None': return false;
    case 'Same': return namespace === home;
    case 'Selector': return labelSelector(allowed.selector)(labelsOfNamespace(cluster.family(CORE), namespace));
  }
}

/** The namespaces that a listener takes routes from; undefined for all of them. */
export function namespacesOf(cluster: Cluster, { listener, owner }: OwnedListener): string[] | undefined {
  if (listener.namespaces.from === 'All') return undefined;
  const core = cluster.family(CORE);
  return [...new Set([...core.namespaces, owner.namespace])].sort()
    .filter(namespace => allowsNamespace(cluster, listener.namespaces, owner.namespace, namespace));
}

function kindsOf(listener: Listener): RouteKind[] {
  const supported = supportedKinds(listener);
  if (listener.kinds.length === 0) return supported;
  return supported.filter(kind => listener.kinds.some(item => item.kind === kind && item.group === GATEWAY_API_GROUP));
}

function supportedKinds({ protocol, tls }: Listener): RouteKind[] {
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS': return ['HTTPRoute', 'GRPCRoute'];
    case 'TCP': return ['TCPRoute'];
    case 'TLS': return tls?.mode === 'Terminate' ? ['TLSRoute', 'TCPRoute'] : ['TLSRoute'];
    default: return [];
  }
}

const STREAMS = new Set(['TCP', 'UDP']);
const WITH_HOSTS = new Set(['HTTP', 'HTTPS', 'TLS']);

/** Whether two listeners can exist side by side. */
function distinct(a: Listener, b: Listener): boolean {
  if (a.port !== b.port) return true;
  if (STREAMS.has(a.protocol) && (STREAMS.has(b.protocol) || WITH_HOSTS.has(b.protocol))) return false;
  if (WITH_HOSTS.has(a.protocol) && STREAMS.has(b.protocol)) return false;
  if (WITH_HOSTS.has(a.protocol) && WITH_HOSTS.has(b.protocol)) return (a.hostname ?? '*') !== (b.hostname ?? '*');
  return a.protocol !== b.protocol;
}
