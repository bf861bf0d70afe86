import { fail } from '../../private/errors';
import { Gateway } from '../gateway';
import type { Listener } from '../listener';
import type { LocalReference } from '../object-reference';
import type { RouteParent } from '../route-parent';
import { hostsMeet } from './hostname';

/** What decides whether a listener takes a route. */
export interface AttachedRoute {
  readonly route: LocalReference;
  /** The protocols of listeners that take it. */
  readonly protocols: readonly string[];
  readonly namespace: string;
  readonly hostnames: readonly string[];
  readonly path: string;
}

/** Protocols that the API defines; what others carry only their controller knows. */
const DEFINED = ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'];

/** Throws when no listener of a gateway of this app takes a route: it would be left out without a word. */
export function checkAttachment(parent: RouteParent, { route, protocols, namespace, hostnames, path }: AttachedRoute): void {
  const gateway = parent._gateway;
  if (!(gateway instanceof Gateway)) { return; }
  const named = gateway.listeners.filter(({ listenerName, port }) =>
    (parent.listenerName ?? listenerName) === listenerName && (parent.port ?? port) === port);
  const narrow = (listeners: readonly Listener[], what: string, fix: string) => {
    if (listeners.length === 0) { fail('MESH-E037', `${route.kind} on gateway "${gateway.resourceName}" that no listener takes: ${what}`, fix, path); }
    return listeners;
  };
  const names = gateway.listeners.map(({ listenerName, port }) => `${listenerName} (${port})`).join(', ') || 'none';
  const existing = narrow(named, 'there is none of that name and port', `name one of ${names}`);
  const fitting = narrow(existing.filter(({ protocol }) => protocols.includes(protocol) || !DEFINED.includes(protocol)),
    `it takes ${protocols.join(' or ')}`, 'add a listener for that protocol');
  const same = (gateway.resourceNamespace ?? 'default') === namespace;
  const admitting = narrow(fitting.filter((listener) => listener._routes._admits(route, same)),
    same ? 'they allow other kinds of routes only' : `they allow no ${route.kind} of namespace ${namespace}`,
    'say so with routes: AllowedRoutes.namespaces(NamespaceSelector.names(…)) at the listener');
  narrow(admitting.filter(({ hostname }) => hostnames.length === 0 || hostnames.some((name) => hostsMeet(name, hostname))),
    `they answer for ${admitting.map(({ hostname }) => hostname).join(', ')}`, 'use host names that a listener answers for');
}
