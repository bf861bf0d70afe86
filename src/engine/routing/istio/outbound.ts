import { clusterOf, Destination, DestinationContext, resolveDestination } from './destinations';
import { answersPreflight, certainAbort, forwardedRequest, redirectLocation } from './forwarding';
import { fullServiceName } from './hosts';
import { HttpRequest } from '../http-request';
import { CompiledRoute, findRoute } from './http-routes';
import { effectOf, equalRules } from './order-dependence';
import { routeTcp, TcpQuery } from './outbound-tcp';
import { RouteOutcome } from './outcome';
import { listenerProtocol } from './protocol';
import { MeshService, portOf } from './registry';
import type { IstioRouting, ProxyView } from './routing';
import { VirtualHost, VirtualHosts } from './virtual-hosts';
import type { Ip } from '../../match/ip';
import type { Resource } from '../../model/resource';

/** A request as it leaves an application with a sidecar. */
export interface OutboundQuery {
  /** Name or address that the application connects to. */
  readonly host: string;
  readonly port: number;
  /** Present for HTTP. */
  readonly http?: HttpRequest;
  /** Present for TLS that the application itself speaks. */
  readonly sni?: string;
  readonly tls: boolean;
  readonly destinationIp?: Ip;
}

/** A sidecar's routing of one port, with what was looked up before. */
export class OutboundPort implements DestinationContext {
  readonly namespace: string;
  readonly labels: ProxyView['labels'];
  readonly hosts?: VirtualHosts;
  private readonly resolved = new Map<CompiledRoute, readonly Destination[]>();
  private readonly direct = new Map<string, readonly Destination[]>();

  constructor(readonly routing: IstioRouting, readonly view: ProxyView, readonly port: number) {
    this.namespace = view.namespace;
    this.labels = view.labels;
    const listener = view.scope.listenerFor(port);
    this.hosts = listener && new VirtualHosts(routing, view, listener, port);
  }

  /** Routes that name no port mean the listener's: of every service only that port is seen here. */
  lookUp(host: string): MeshService | undefined {
    const service = this.hosts?.serviceHere(host.toLowerCase());
    return service && { ...service, ports: [portOf(service, this.port)!] };
  }

  cluster(host: string): MeshService | undefined {
    return this.view.scope.service(host);
  }

  /** The service that an application means by a name or address. */
  target(host: string): MeshService | undefined {
    const name = (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase();
    const full = fullServiceName(name, this.namespace, this.routing.cluster.domain);
    const found = this.hosts?.serviceHere(name) ?? (full === undefined ? undefined : this.hosts?.serviceHere(full));
    if (found) return found;
    const alias = this.routing.registry.concreteHost(name) ?? (full === undefined ? undefined : this.routing.registry.concreteHost(full));
    if (alias !== undefined) return this.hosts?.serviceHere(alias);
    const owner = this.routing.registry.atAddress(name);
    return owner && this.hosts?.serviceHere(owner.hostname);
  }

  /** The destinations of a route on this port. */
  destinationsOf(route: CompiledRoute): readonly Destination[] {
    let found = this.resolved.get(route);
    if (!found) this.resolved.set(route, found = route.action.destinations.map(item => resolveDestination(this, item, this.port)));
    return found;
  }

  /** The service itself as the only destination. */
  serviceAlone(service: MeshService): readonly Destination[] {
    let found = this.direct.get(service.hostname);
    if (!found) this.direct.set(service.hostname, found = [clusterOf(this, service.hostname, this.port, undefined, 100)]);
    return found;
  }
}

/** The routing of a sidecar's port, made once per view. */
export function outboundPort(routing: IstioRouting, view: ProxyView, port: number): OutboundPort {
  const key = `port ${port}`;
  let found = view.memo.get(key) as OutboundPort | undefined;
  if (!found) view.memo.set(key, found = new OutboundPort(routing, view, port));
  return found;
}

/** Routes a request that leaves an application with a sidecar. */
export function routeOutbound(routing: IstioRouting, view: ProxyView, query: OutboundQuery): RouteOutcome {
  const port = outboundPort(routing, view, query.port);
  const { hosts } = port;
  if (!hosts) return unknown(view, 'tcp', 'the Sidecar has no listener for the port');
  const service = port.target(query.host);
  const kind = service && listenerProtocol(portOf(service, query.port)!.protocol);
  const { http } = query;
  if (http && service && kind === 'auto' && service.hasAddress) return routeVirtualHost(port, hosts.serviceHost(service), http);
  if (http && (kind === 'http' || kind === 'auto' || ((!service || !service.hasAddress) && hosts.servesHttp))) {
    const host = hosts.find(http.host);
    return host ? routeVirtualHost(port, host, http) : unknown(view, 'http', `no virtual host of port ${query.port} is ${http.host}`);
  }
  if (!http && kind === 'http') return unknown(view, 'tcp', `port ${query.port} is declared as HTTP, and the bytes are not HTTP`);
  const tcp: TcpQuery = { service, tls: query.tls, sni: query.sni, destinationIp: query.destinationIp };
  return routeTcp(port, tcp) ?? unknown(view, 'tcp', 'the proxy has no listener for the destination');
}

/** What becomes of traffic that a sidecar does not know. */
export function unknown(view: ProxyView, layer: 'http' | 'tcp', note: string): RouteOutcome {
  if (!view.scope.allowAny) return { kind: 'blackhole', destinations: [], status: layer === 'http' ? 502 : undefined, layer, orderDependent: [], note };
  return { kind: 'passthrough', destinations: [], layer, orderDependent: [], note };
}

function routeVirtualHost(port: OutboundPort, host: VirtualHost, request: HttpRequest): RouteOutcome {
  if (!host.config) {
    const destinations = host.service ? port.serviceAlone(host.service) : [];
    return { kind: 'forward', destinations, virtualHost: host, forwarded: request, layer: 'http', orderDependent: [] };
  }
  const route = findRoute(host.routes, request);
  const outcome = applyRoute(route, request, port.port, false, item => port.destinationsOf(item));
  const shared = host.config.gatewayApi || host.rivals.length > 0;
  const orderDependent = shared ? dependsOnOrder(port, host, request, route) : NONE;
  return { ...outcome, virtualHost: host, orderDependent };
}

const NONE: readonly Resource[] = Object.freeze([]);

/** Carries out a route; no route is 404. */
export function applyRoute(
  route: CompiledRoute | undefined, request: HttpRequest, port: number, tls: boolean, resolve: (route: CompiledRoute) => readonly Destination[],
): RouteOutcome {
  if (!route) return { kind: 'not-found', destinations: [], status: 404, layer: 'http', orderDependent: NONE };
  const { action } = route;
  if (answersPreflight(request, action)) return { kind: 'direct', destinations: [], status: 200, route, layer: 'http', orderDependent: NONE };
  if (action.redirect) {
    const location = redirectLocation(request, action.redirect, route, port, tls);
    return { kind: 'redirect', destinations: [], status: action.redirect.status, location, route, layer: 'http', orderDependent: NONE };
  }
  if (action.directResponse) {
    return { kind: 'direct', destinations: [], status: action.directResponse.status, route, layer: 'http', orderDependent: NONE };
  }
  const destinations = resolve(route);
  const first = action.destinations[0];
  return {
    kind: 'forward',
    destinations,
    route,
    status: certainAbort(action),
    forwarded: forwardedRequest(request, route, first),
    layer: 'http',
    orderDependent: NONE,
  };
}

/** The configurations that would give another result if they were older. */
function dependsOnOrder(port: OutboundPort, host: VirtualHost, request: HttpRequest, route: CompiledRoute | undefined): Resource[] {
  const chosen = effectOf(route);
  const { namespace, labels } = port.view;
  const differing = host.rivals.filter(rival => {
    const routes = port.routing.routesAt(rival, { port: port.port, gateway: 'mesh', labels, namespace });
    return effectOf(findRoute(routes, request)) !== chosen;
  });
  const equal = route ? equalRules(route, request) : [];
  const others = [...differing.map(rival => rival.resource), ...equal];
  return others.length > 0 ? [equal.length > 0 ? route!.rule.resource : host.config!.resource, ...others] : [];
}
