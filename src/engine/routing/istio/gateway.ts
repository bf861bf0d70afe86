import { clusterOf, Destination, DestinationContext, resolveDestination } from './destinations';
import { GatewayHttp } from './gateway-http';
import { isHttpsTerminated, isPassthrough, ListeningServer, MergedServers, mergeServers, ServerGroup } from './gateway-servers';
import { ServerRule, sniRulesOf, tcpRuleOf } from './gateway-tcp';
import { HttpRequest } from '../http-request';
import { CompiledRoute } from './http-routes';
import { sniRank, weighted } from './outbound-tcp';
import { RouteOutcome } from './outcome';
import { isHttp } from './protocol';
import { MeshService, portOf } from './registry';
import { RouteConfig } from './route-config';
import type { IstioRouting } from './routing';
import { GatewayScope } from './scope';
import { ServiceTarget } from './service-targets';
import { isSubsetOf } from '../../match/host';
import type { Gateway } from '../../model/istio/traffic';
import { StringMap } from '../../model/json';

/** How a filter chain of a gateway treats TLS. */
export type GatewayTls = 'mutual' | 'optional-mutual' | 'passthrough' | 'plaintext' | 'terminate';

/** What a gateway does with connections of one kind. */
export interface GatewayChain {
  readonly server: ListeningServer;
  readonly tls: GatewayTls;
  /** Server names that lead here; empty for any. */
  readonly sniHosts: readonly string[];
  /** Present where the gateway looks into HTTP. */
  readonly http?: GatewayHttp;
  /** The rule for connections that it does not look into. */
  readonly rule?: ServerRule;
  /** Whether the server name itself says which cluster the connection goes to. */
  readonly autoPassthrough: boolean;
}

/** A connection as it reaches a gateway. */
export interface GatewayConnection {
  /** Port as clients name it: of the Service in front of the gateway, or the one that the proxy listens on. */
  readonly port: number;
  readonly tls: boolean;
  readonly sni?: string;
}

/** The port of a gateway that a connection meets, with the chain that takes it. */
export interface GatewayEntry {
  readonly listenerPort: number;
  readonly chain?: GatewayChain;
}

/** The proxies of a gateway: everything that all Gateways which select them ask for. */
export class GatewayProxy implements DestinationContext {
  readonly merged: MergedServers;
  private readonly scope: GatewayScope;
  private readonly chains = new Map<number, readonly GatewayChain[]>();
  private readonly resolved = new Map<CompiledRoute, readonly Destination[]>();

  constructor(
    readonly routing: IstioRouting, readonly namespace: string, readonly labels: StringMap,
    readonly gateways: readonly Gateway[], readonly targets: readonly ServiceTarget[],
  ) {
    this.scope = routing.gatewayScope(namespace);
    this.merged = mergeServers(gateways.map(gateway => {
      const own = gateway.services;
      return { gateway, targets: own ? targets.filter(target => own.has(target.service.hostname)) : targets };
    }));
  }

  /** The chain that a connection meets. */
  enter(connection: GatewayConnection): GatewayEntry {
    const listenerPort = this.listenerPort(connection.port);
    let best: GatewayChain | undefined;
    let bestRank = -1;
    for (const chain of this.chainsOf(listenerPort)) {
      const rank = connection.tls ? sniRank(chain.sniHosts, connection.sni ?? '') : chain.sniHosts.some(host => host !== '*') ? undefined : 0;
      if (rank === undefined || rank <= bestRank) continue;
      best = chain;
      bestRank = rank;
    }
    return { listenerPort, chain: best };
  }

  /** The port that the proxy listens on where clients use a port. */
  listenerPort(port: number): number {
    const target = this.targets.find(item => item.port.number === port && this.merged.byPort.has(item.targetPort));
    return target ? target.targetPort : port;
  }

  /** The chains of a port. */
  chainsOf(listenerPort: number): readonly GatewayChain[] {
    let chains = this.chains.get(listenerPort);
    if (!chains) {
      const groups = this.merged.byPort.get(listenerPort) ?? [];
      // Clients that name no address meet the servers that listen on all of them.
      const bind = groups.some(group => group.bind === '') ? '' : groups[0]?.bind;
      const taken = new Map<string, RouteConfig>();
      chains = groups.filter(group => group.bind === bind).flatMap(group => this.chainsOfGroup(group, taken));
      this.chains.set(listenerPort, chains);
    }
    return chains;
  }

  /** The services whose pods these proxies are, for a name of a service. */
  lookUp(host: string): MeshService | undefined {
    return this.scope.service(host.toLowerCase());
  }

  cluster(host: string): MeshService | undefined {
    return this.scope.service(host);
  }

  /** The destinations of an HTTP route. */
  destinationsOf(route: CompiledRoute, port: number): readonly Destination[] {
    let found = this.resolved.get(route);
    if (!found) {
      const { labels, namespace, routing, scope } = this;
      const context = {
        routing,
        namespace,
        labels,
        lookUp: (host: string) => scope.serviceFor(host.toLowerCase(), route.config.namespace),
        cluster: (host: string) => scope.service(host),
      };
      found = route.action.destinations.map(item => resolveDestination(context, item, port));
      this.resolved.set(route, found);
    }
    return found;
  }

  /** Routes a connection whose bytes the gateway does not look into. */
  routeConnection(chain: GatewayChain, sni: string | undefined): RouteOutcome {
    const base = { layer: 'tcp', orderDependent: chain.rule?.ties ?? [] } as const;
    if (chain.autoPassthrough) return { ...base, ...this.autoDestination(chain, sni ?? '') };
    if (!chain.rule) return { ...base, kind: 'refused', destinations: [], note: 'no route leads on from the server' };
    const destinations = weighted(chain.rule.rule).map(item => resolveDestination(this, item, chain.server.server.port));
    return { ...base, kind: 'forward', destinations, rule: chain.rule.rule };
  }

  private autoDestination(chain: GatewayChain, sni: string): Pick<RouteOutcome, 'destinations' | 'kind' | 'note'> {
    // The name of the cluster in the form of a DNS SRV record.
    const match = /^outbound_\.(\d+)_\.([^_]*)_\.(.+)$/.exec(sni);
    const service = match ? this.cluster(match[3]) : undefined;
    const hosts = chain.server.hosts.map(host => host.slice(host.indexOf('/') + 1));
    const known = service && !service.external && portOf(service, Number(match![1])) && hosts.some(host => isSubsetOf(service.hostname, host));
    if (!known) return { kind: 'refused', destinations: [], note: `the server name ${sni} names no service of the gateway` };
    return { kind: 'forward', destinations: [clusterOf(this, match![3], Number(match![1]), match![2] || undefined, 100)] };
  }

  private chainsOfGroup(group: ServerGroup, taken: Map<string, RouteConfig>): GatewayChain[] {
    if (isHttp(group.protocol)) {
      const http = new GatewayHttp(this, group.shared);
      return [{ server: group.shared[0], tls: 'plaintext', sniHosts: [], http, autoPassthrough: false }];
    }
    return group.servers.flatMap(item => this.chainsOfServer(item, taken));
  }

  private chainsOfServer(item: ListeningServer, taken: Map<string, RouteConfig>): GatewayChain[] {
    const { server } = item;
    const sniHosts = server.tls ? [...new Set(item.hosts.map(host => host.slice(host.indexOf('/') + 1)))] : [];
    const tls = tlsOf(server.tls?.mode);
    const base = { server: item, tls, sniHosts, autoPassthrough: false };
    if (isHttpsTerminated(server)) return [{ ...base, http: new GatewayHttp(this, [item]) }];
    if (server.tls?.mode === 'AUTO_PASSTHROUGH') return [{ ...base, sniHosts: [], autoPassthrough: true }];
    if (isPassthrough(server)) return sniRulesOf(this, item, taken).map(rule => ({ ...base, sniHosts: rule.sniHosts, rule }));
    const rule = tcpRuleOf(this, item);
    return rule ? [{ ...base, rule }] : [];
  }
}

function tlsOf(mode: string | undefined): GatewayTls {
  switch (mode) {
    case undefined: return 'plaintext';
    case 'PASSTHROUGH':
    case 'AUTO_PASSTHROUGH': return 'passthrough';
    case 'MUTUAL':
    case 'ISTIO_MUTUAL': return 'mutual';
    case 'OPTIONAL_MUTUAL': return 'optional-mutual';
    default: return 'terminate';
  }
}

/** Routes HTTP that a gateway received. */
export function routeGatewayHttp(chain: GatewayChain, request: HttpRequest): RouteOutcome {
  return chain.http!.route(request, chain.tls !== 'plaintext');
}
