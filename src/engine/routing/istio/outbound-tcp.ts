import { clusterOf, Destination, resolveDestination } from './destinations';
import { destinationOf } from './http-action';
import { fits } from './http-routes';
import type { OutboundPort } from './outbound';
import { RouteOutcome } from './outcome';
import { isTls, listenerProtocol } from './protocol';
import { MeshService, portOf } from './registry';
import { RouteConfig, RouteRule } from './route-config';
import { hostsMatch } from '../../match/host';
import { Ip, parseCidr } from '../../match/ip';
import { JsonObject, numberOf, objectOf, objectsOf, stringMapOf, textOf, textsOf } from '../../model/json';
import { orderIsKnown } from '../../model/order';
import type { Resource } from '../../model/resource';

/** A connection whose bytes the proxy does not look into. */
export interface TcpQuery {
  readonly service?: MeshService;
  readonly tls: boolean;
  readonly sni?: string;
  readonly destinationIp?: Ip;
}

/** A filter chain: what it matches, and the rule behind it; without a rule it leads to the service. */
interface Chain {
  readonly sniHosts: readonly string[];
  readonly subnets: readonly string[];
  readonly rule?: RouteRule;
  readonly config?: RouteConfig;
}

/** Routes a connection of a sidecar by TCP or TLS routes; undefined when no listener takes it. */
export function routeTcp(port: OutboundPort, query: TcpQuery): RouteOutcome | undefined {
  const service = query.service ?? wildcardListener(port);
  if (!service) return undefined;
  const protocol = portOf(service, port.port)!.protocol;
  if (listenerProtocol(protocol) === 'none') return undefined;
  const configs = configsFor(port, service);
  const chains = isTls(protocol) ? tlsChains(port, configs, service, query.service === undefined) : tcpChains(port, configs);
  const chain = choose(chains, query);
  if (!chain) return undefined;
  const destinations = chain.rule
    ? destinationsOf(port, chain.rule)
    : [clusterOf(port, service.hostname, servicePort(port, service), undefined, 100)];
  return { kind: 'forward', destinations, rule: chain.rule, layer: 'tcp', orderDependent: rivals(port, chain, chains) };
}

/** A listener's port stands for the service's only port where a Sidecar declares another. */
function servicePort(port: OutboundPort, service: MeshService): number {
  const full = port.view.scope.service(service.hostname) ?? service;
  return full.ports.length === 1 ? full.ports[0].number : port.port;
}

/** Traffic to unknown addresses meets the first TCP service of the port that has no address of its own. */
function wildcardListener(port: OutboundPort): MeshService | undefined {
  return port.hosts?.services().find(service => {
    const protocol = portOf(service, port.port)!.protocol;
    return !service.hasAddress && service.resolution !== 'Alias' && !service.kubernetes && listenerProtocol(protocol) === 'tcp';
  });
}

function configsFor(port: OutboundPort, service: MeshService): RouteConfig[] {
  const listener = port.view.scope.listenerFor(port.port)!;
  return port.routing.configs.bound('mesh', port.namespace)
    .filter(config => (config.tls.length > 0 || config.tcp.length > 0) && listener.imports(config)
      && config.hosts.some(host => hostsMatch(host, service.hostname)));
}

function tlsChains(port: OutboundPort, configs: readonly RouteConfig[], service: MeshService, shared: boolean): Chain[] {
  const chains: Chain[] = [];
  const seen = new Set<string>();
  for (const config of configs) {
    for (const rule of config.tls) {
      if (objectsOf(rule.spec.route).length === 0) continue;
      for (const match of objectsOf(rule.spec.match)) {
        if (!placeFits(port, match)) continue;
        const chain = { sniHosts: textsOf(match.sniHosts), subnets: textsOf(match.destinationSubnets), rule, config };
        const key = `${chain.sniHosts.join(',')}|${chain.subnets.join(',')}`;
        // Of equal conditions the first counts.
        if (!seen.has(key)) chains.push(chain);
        seen.add(key);
      }
    }
  }
  if (chains.length > 0) return chains;
  // Services that share an address are told apart by the server name.
  return [{ sniHosts: shared || !service.hasAddress ? [service.hostname] : [], subnets: [] }];
}

function tcpChains(port: OutboundPort, configs: readonly RouteConfig[]): Chain[] {
  const chains: Chain[] = [];
  for (const config of configs) {
    for (const rule of config.tcp) {
      if (objectsOf(rule.spec.route).length === 0) continue;
      const matches = objectsOf(rule.spec.match);
      const here = matches.filter(match => placeFits(port, match));
      if (matches.length === 0 || here.some(match => textsOf(match.destinationSubnets).length === 0)) {
        return [...chains, { sniHosts: [], subnets: [], rule, config }];
      }
      const subnets = here.flatMap(match => textsOf(match.destinationSubnets));
      if (subnets.length > 0) chains.push({ sniHosts: [], subnets, rule, config });
    }
  }
  return [...chains, { sniHosts: [], subnets: [] }];
}

/** Unlike for HTTP, source conditions count here beside gateways. */
function placeFits(port: OutboundPort, match: JsonObject): boolean {
  const conditions = {
    port: numberOf(match.port) || undefined,
    sourceLabels: stringMapOf(match.sourceLabels),
    sourceNamespace: textOf(match.sourceNamespace) ?? '',
  };
  const gateways = textsOf(match.gateways);
  const place = { port: port.port, gateway: 'mesh', labels: port.labels, namespace: port.namespace };
  return fits({ ...conditions, gateways: [] }, place) && (gateways.length === 0 || gateways.includes('mesh'));
}

/** The chain that a proxy picks: by destination address, then by server name, the more specific first. */
function choose(chains: readonly Chain[], query: TcpQuery): Chain | undefined {
  let best: Chain | undefined;
  let bestRank = -1;
  for (const chain of chains) {
    const subnet = subnetRank(chain.subnets, query.destinationIp);
    const name = sniRank(chain.sniHosts, query.tls ? query.sni ?? '' : '');
    if (subnet === undefined || name === undefined) continue;
    const rank = subnet * 1000 + name;
    if (rank > bestRank) {
      best = chain;
      bestRank = rank;
    }
  }
  return best;
}

function subnetRank(subnets: readonly string[], ip: Ip | undefined): number | undefined {
  if (subnets.length === 0) return 0;
  const bits = subnets.map(parseCidr).filter(cidr => cidr?.test(ip)).map(cidr => cidr!.bits + 1);
  return bits.length > 0 ? Math.max(...bits) : undefined;
}

/** How specifically server names cover one: exact, then the longest wildcard, then none at all. */
export function sniRank(hosts: readonly string[], sni: string): number | undefined {
  if (hosts.length === 0 || hosts.includes('*')) return 0;
  let rank: number | undefined;
  for (const host of hosts) {
    const covers = host.startsWith('*.') ? sni.toLowerCase().endsWith(host.slice(1).toLowerCase()) : host.toLowerCase() === sni.toLowerCase();
    if (covers) rank = Math.max(rank ?? 0, host.startsWith('*') ? host.length : 500);
  }
  return rank;
}

/** The destinations of a TCP or TLS rule. */
export function destinationsOf(port: OutboundPort, rule: RouteRule): Destination[] {
  return weighted(rule).map(item => resolveDestination({ ...contextOf(port), lookUp: host => port.cluster(host) }, item, port.port));
}

function contextOf(port: OutboundPort): Pick<OutboundPort, 'cluster' | 'labels' | 'namespace' | 'routing'> {
  return { routing: port.routing, namespace: port.namespace, labels: port.labels, cluster: host => port.cluster(host) };
}

/** The destinations that a TCP or TLS rule names. */
export function weighted(rule: RouteRule): ReturnType<typeof destinationOf>[] {
  const routes = objectsOf(rule.spec.route);
  if (routes.length === 1) return [destinationOf(objectOf(routes[0].destination), 100)];
  return routes.filter(route => (numberOf(route.weight) ?? 0) > 0).map(route => destinationOf(objectOf(route.destination), numberOf(route.weight)!));
}

function rivals(port: OutboundPort, chosen: Chain, chains: readonly Chain[]): Resource[] {
  const { config } = chosen;
  if (!config) return [];
  const others = configsFor(port, port.view.scope.service(config.hosts[0]) ?? { hostname: config.hosts[0] } as MeshService)
    .filter(other => other !== config && !orderIsKnown(other.resource, config.resource) && !chains.some(chain => chain.config === other));
  return others.length > 0 ? [config.resource, ...others.map(other => other.resource)] : [];
}
