import { attachmentsOf } from './attachment';
import { listenersOf, OwnedListener } from './listeners';
import { AttachedRoute, chooseRule, compareAge, compareHosts } from './rule-choice';
import { KubeRouteOutcome, outcomeOfRule, outcomeOfStream } from './rule-outcome';
import { GATEWAY_API } from '../../model/gatewayapi';
import { GATEWAY_API_GROUP, KubeGateway } from '../../model/gatewayapi/gateway';
import type { RouteKind } from '../../model/gatewayapi/route';
import type { Cluster } from '../../model/model';
import { titleOf } from '../../model/resource';
import type { HttpRequest } from '../http-request';

/** What comes in at a Gateway. */
export interface GatewayCall {
  readonly port: number;
  /** Whether the client speaks TLS. */
  readonly secure: boolean;
  /** Server name of the TLS handshake. */
  readonly sni?: string;
  readonly request?: HttpRequest;
}

/** Routes a call that comes in at a Gateway, as the specification has it. */
export function routeAtGateway(cluster: Cluster, gateway: KubeGateway, call: GatewayCall): KubeRouteOutcome {
  const { port, request, secure } = call;
  const title = titleOf(gateway.resource);
  const base = { destinations: [], orderDependent: [], by: { resource: gateway.resource } };
  const listener = listenerFor(listenersOf(cluster, gateway).taken, call);
  if (!listener) return { ...base, kind: 'refused', layer: request ? 'http' : 'tcp', why: `no listener of ${title} takes ${secure ? 'TLS' : 'plain'} traffic for it at port ${port}` };
  const terminates = listener.listener.tls === undefined || listener.listener.tls.mode === 'Terminate';
  const asRequest = (listener.listener.protocol === 'HTTP' || listener.listener.protocol === 'HTTPS') && terminates;
  if (asRequest && request) {
    const attached = attachedAt(cluster, listener, ['HTTPRoute', 'GRPCRoute'], request.host);
    const chosen = chooseRule(attached, request);
    if (chosen) return outcomeOfRule(cluster, chosen, request, port, true);
    return { ...base, kind: 'not-found', layer: 'http', status: 404, why: `no route at listener ${listener.listener.name} of ${title} takes the request` };
  }
  const attached = attachedAt(cluster, listener, ['TLSRoute', 'TCPRoute'], call.sni);
  const [route] = [...attached].sort((a, b) => compareHosts(a.host, b.host) || compareAge(a.route, b.route));
  const rule = route?.route.rules[0];
  if (!rule) return { ...base, kind: 'not-found', layer: 'tcp', why: `no route at listener ${listener.listener.name} of ${title} takes the connection` };
  return outcomeOfStream(cluster, { route: route.route, rule, orderDependent: [] }, true);
}

/** The listener that a call belongs to: of those at its port the one with the most exact host. */
function listenerFor(listeners: readonly OwnedListener[], { port, request, secure, sni }: GatewayCall): OwnedListener | undefined {
  const host = secure ? sni ?? request?.host : request?.host;
  const fitting = listeners.filter(({ listener }) => {
    if (listener.port !== port) return false;
    const tls = listener.protocol === 'HTTPS' || listener.protocol === 'TLS';
    if (listener.protocol === 'TCP') return true;
    if (tls !== secure || (!tls && listener.protocol !== 'HTTP')) return false;
    return listener.hostname === undefined || (host !== undefined && covers(listener.hostname, host));
  });
  return fitting.sort((a, b) => compareHosts(a.listener.hostname, b.listener.hostname))[0];
}

function attachedAt(cluster: Cluster, listener: OwnedListener, kinds: readonly RouteKind[], host: string | undefined): AttachedRoute[] {
  return cluster.family(GATEWAY_API).routesByParent.of(listener.owner).flatMap((route): AttachedRoute[] => {
    if (!kinds.includes(route.kind)) return [];
    const here = route.parents.some(parent => parent.group === GATEWAY_API_GROUP && listener.owner.kind.endsWith(parent.kind)
      && parent.name === listener.owner.name && parent.namespace === listener.owner.namespace
      && attachmentsOf(cluster, route, parent, [listener]).some(item => item.refused === undefined));
    if (!here) return [];
    if (route.hostnames.length === 0 || route.kind === 'TCPRoute') return [{ route, host: undefined }];
    const names = route.hostnames.filter(name => host !== undefined && covers(name, host)).sort(compareHosts);
    return names.length > 0 ? [{ route, host: names[0] }] : [];
  });
}

/** Whether a host of a route or listener covers the host of a request; a wildcard stands for at least one label. */
function covers(name: string, host: string): boolean {
  const [pattern, plain] = [name.toLowerCase(), host.toLowerCase()];
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? plain.endsWith(pattern.slice(1)) && plain.length > pattern.length - 1 : pattern === plain;
}
