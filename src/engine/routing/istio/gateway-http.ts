import type { GatewayProxy } from './gateway';
import { ListeningServer } from './gateway-servers';
import { HttpRequest } from '../http-request';
import { catchAllLast, CompiledRoute, findRoute, routeMatches } from './http-routes';
import { effectOf, equalRules } from './order-dependence';
import { applyRoute } from './outbound';
import { RouteOutcome } from './outcome';
import { RouteConfig } from './route-config';
import { HostIndex, intersectHosts } from '../../match/host';
import { orderIsKnown } from '../../model/order';
import type { Resource } from '../../model/resource';

/** The routes of a host of a gateway: those of all configurations, one after the other, with those for all requests last. */
export interface GatewayHost {
  readonly domain: string;
  readonly routes: readonly CompiledRoute[];
  readonly configs: readonly RouteConfig[];
  /** Whether plain HTTP is answered by a redirect to HTTPS. */
  readonly requireTls: boolean;
  /** The server whose gateway asks for that. */
  readonly server: ListeningServer;
}

interface MutableHost {
  readonly domain: string;
  readonly routes: CompiledRoute[];
  readonly configs: RouteConfig[];
  requireTls: boolean;
  server: ListeningServer;
}

/** The table of HTTP routes of one or more servers of a gateway. */
export class GatewayHttp {
  private readonly hosts = new HostIndex<GatewayHost>();

  constructor(private readonly proxy: GatewayProxy, private readonly servers: readonly ListeningServer[]) {
    for (const host of collect(proxy, servers).values()) this.hosts.set(host.domain, { ...host, routes: catchAllLast(host.routes) });
  }

  /** The host of a request: its exact name, else the longest wildcard. */
  find(host: string): GatewayHost | undefined {
    return this.hosts.find(host);
  }

  /** Routes a request; what no route takes is answered with 404. */
  route(request: HttpRequest, tls: boolean): RouteOutcome {
    const host = this.find(request.host);
    if (!host) return { kind: 'not-found', destinations: [], status: 404, layer: 'http', orderDependent: [], note: `no host of the gateway is ${request.host}` };
    const virtualHost = { domain: host.domain, routes: host.routes, candidates: host.configs, rivals: [] };
    if (host.requireTls && !tls) {
      const location = `https://${request.authority}${request.path}`;
      const note = `the gateway ${host.server.gateway.name} redirects plain HTTP to HTTPS`;
      const by = host.server.gateway.resource;
      return { kind: 'redirect', destinations: [], status: 301, location, virtualHost, layer: 'http', orderDependent: [], by, note };
    }
    const route = findRoute(host.routes, request);
    const { port } = this.servers[0].server;
    const outcome = applyRoute(route, request, port, tls, item => this.proxy.destinationsOf(item, port));
    return { ...outcome, virtualHost, orderDependent: route ? this.dependsOnOrder(host, route, request) : [] };
  }

  /** The configurations whose routes would take the request if they were older. */
  private dependsOnOrder(host: GatewayHost, chosen: CompiledRoute, request: HttpRequest): Resource[] {
    const { namespace } = this.proxy;
    const effect = effectOf(chosen);
    const seen = new Set<RouteConfig>([chosen.config]);
    const rivals = equalRules(chosen, request);
    for (const route of host.configs.length > 1 ? host.routes : []) {
      const { config } = route;
      if (seen.has(config) || route.match.catchAll !== chosen.match.catchAll || !routeMatches(route, request)) continue;
      seen.add(config);
      if (orderIsKnown(config.resource, chosen.config.resource) || !this.proxy.routing.configs.sameRank(config, chosen.config, namespace)) continue;
      if (effectOf(route) !== effect) rivals.push(config.resource);
    }
    return rivals.length > 0 ? [chosen.rule.resource, ...rivals] : [];
  }
}

function collect(proxy: GatewayProxy, servers: readonly ListeningServer[]): Map<string, MutableHost> {
  const { routing, namespace, labels } = proxy;
  const hosts = new Map<string, MutableHost>();
  const made = new Map<string, readonly CompiledRoute[]>();
  for (const server of servers) {
    const { name } = server.gateway;
    const redirects = server.server.tls?.httpsRedirect === true;
    for (const config of routing.configs.bound(name, namespace)) {
      const shared = intersectHosts(hostsFor(server.hosts, config.namespace), config.hosts);
      if (shared.length === 0) continue;
      const key = `${name} ${config.namespace}/${config.name}`;
      let routes = made.get(key);
      if (!routes) made.set(key, routes = routing.routesAt(config, { port: server.server.port, gateway: name, labels, namespace }));
      // A configuration without any route here makes no host.
      if (routes.length === 0) continue;
      for (const host of shared) {
        const entry = entryOf(hosts, host.toLowerCase(), server);
        entry.routes.push(...routes);
        entry.configs.push(config);
        if (redirects) requireTls(entry, server);
      }
    }
    if (redirects) for (const host of server.hosts) requireTls(entryOf(hosts, host.toLowerCase(), server), server);
  }
  return hosts;
}

function entryOf(hosts: Map<string, MutableHost>, domain: string, server: ListeningServer): MutableHost {
  let entry = hosts.get(domain);
  if (!entry) hosts.set(domain, entry = { domain, routes: [], configs: [], requireTls: false, server });
  return entry;
}

function requireTls(entry: MutableHost, server: ListeningServer): void {
  entry.requireTls = true;
  entry.server = server;
}

/** The hosts of a server that routes of a namespace may use. */
export function hostsFor(hosts: readonly string[], namespace: string): string[] {
  return hosts.flatMap(host => {
    const slash = host.indexOf('/');
    if (slash < 0) return [host];
    const owner = host.slice(0, slash);
    return owner === namespace || owner === '*' ? [host.slice(slash + 1)] : [];
  });
}
