import { isHttp, parseProtocol, Protocol } from './protocol';
import { ServiceTarget } from './service-targets';
import type { Gateway, GatewayServer } from '../../model/istio/traffic';
import { own } from '../../model/json';

/** A server of a gateway as a proxy listens for it. */
export interface ListeningServer {
  readonly gateway: Gateway;
  readonly server: GatewayServer;
  /** `host` or `NS/host`: the short forms `./host` and `*`/host are written out. */
  readonly hosts: readonly string[];
  readonly protocol: Protocol;
}

/** Servers of one port, protocol and address. */
export interface ServerGroup {
  readonly protocol: Protocol;
  readonly bind: string;
  readonly servers: readonly ListeningServer[];
  /** For plain HTTP: the servers whose hosts share one table of routes. */
  readonly shared: readonly ListeningServer[];
}

/** A server that a proxy does not listen for, and why. */
export interface DroppedServer {
  readonly gateway: Gateway;
  readonly server: GatewayServer;
  readonly reason: string;
}

/** What all gateways that select a proxy make of it. */
export interface MergedServers {
  /** Groups by the port that the proxy listens on, each port's in the order of merging. */
  readonly byPort: ReadonlyMap<number, readonly ServerGroup[]>;
  readonly dropped: readonly DroppedServer[];
}

/** A gateway with the services through which its port numbers are read. */
export interface GatewayInstance {
  readonly gateway: Gateway;
  /** Services that lead to the proxy. */
  readonly targets: readonly ServiceTarget[];
}

/** The label of Services that keep Istio from translating gateway ports to target ports. */
const NO_TRANSLATION_LABEL = 'experimental.istio.io/disable-gateway-port-translation';

interface MutableGroup {
  readonly protocol: Protocol;
  readonly bind: string;
  readonly servers: ListeningServer[];
  route: string;
}

/** Whether a server passes TLS on without ending it. */
export function isPassthrough(server: GatewayServer): boolean {
  return server.tls !== undefined && (server.tls.mode === 'PASSTHROUGH' || server.tls.mode === 'AUTO_PASSTHROUGH');
}

/** Whether a server ends TLS and speaks HTTP inside. */
export function isHttpsTerminated(server: GatewayServer): boolean {
  return server.tls !== undefined && parseProtocol(server.protocol) === 'HTTPS' && !isPassthrough(server);
}

/**
 * Merges the servers of all gateways of a proxy as istiod does: plain HTTP servers of a port become one, TLS servers are told
 * apart by server name, and what conflicts with an earlier server is dropped.
 *
 * @param instances gateways, oldest first
 */
export function mergeServers(instances: readonly GatewayInstance[]): MergedServers {
  const merger = new Merger();
  for (const instance of instances) {
    for (const server of instance.gateway.servers) {
      for (const port of resolvePorts(server.port, instance)) merger.add(listening(instance.gateway, server), port);
    }
  }
  return merger.result();
}

/** The ports that a proxy listens on for a port of a gateway: the target port of the first Service that has the port, else the port itself. */
export function resolvePorts(port: number, { gateway, targets }: GatewayInstance): number[] {
  const fitting = targets.filter(target => target.port.number === port);
  if (gateway.services) {
    // The Service that a control plane makes leads each port to the same port of the pods; manifests do not hold it.
    const made = gateway.managed && targets.length === 0;
    return made ? [port] : [...new Set(fitting.map(target => target.targetPort))];
  }
  const first = fitting.find(target => own(target.service.labels, NO_TRANSLATION_LABEL) === undefined);
  return [first ? first.targetPort : port];
}

function listening(gateway: Gateway, server: GatewayServer): ListeningServer {
  const hosts = server.hosts.map(host => {
    const slash = host.indexOf('/');
    if (slash < 0) return host;
    const owner = host.slice(0, slash);
    const name = host.slice(slash + 1);
    return owner === '.' ? `${gateway.resource.namespace}/${name}` : owner === '*' ? name : host;
  });
  return { gateway, server, hosts: server.hosts.includes('*/*') ? ['*'] : hosts, protocol: parseProtocol(server.protocol) };
}

class Merger {
  private readonly ports = new Map<number, MutableGroup[]>();
  private readonly plain = new Map<number, MutableGroup>();
  private readonly byRoute = new Map<string, ListeningServer[]>();
  private readonly tlsHosts = new Map<number, Map<string, string>>();
  private readonly dropped: DroppedServer[] = [];

  add(item: ListeningServer, port: number): void {
    const { server, gateway } = item;
    const drop = (reason: string): void => void this.dropped.push({ gateway, server, reason });
    if (server.tls) {
      const duplicates = this.duplicateHosts(item, port);
      if (duplicates.length > 0) return drop(`an earlier server of port ${port} has the host ${duplicates.join(', ')}`);
    }
    const route = routeName(item, port);
    const groups = this.ports.get(port);
    if (!groups) return this.begin(item, port, route);
    const plain = this.plain.get(port);
    if (plain) {
      const conflict = this.addToPlain(item, port, plain, route);
      return conflict === undefined ? undefined : drop(conflict);
    }
    if (!server.tls || isHttp(item.protocol)) return this.begin(item, port, route);
    if (isHttpsTerminated(server)) {
      if (this.byRoute.has(route)) return drop(`another HTTPS server of the gateway has the port name ${server.portName}`);
      this.byRoute.set(route, [item]);
    }
    const group = groups.find(other => other.protocol === item.protocol && other.bind === server.bind);
    if (group) group.servers.push(item);
    else groups.push({ protocol: item.protocol, bind: server.bind, servers: [item], route: '' });
  }

  result(): MergedServers {
    const byPort = new Map<number, ServerGroup[]>();
    for (const [port, groups] of this.ports) {
      byPort.set(port, groups.map(({ protocol, bind, servers, route }) => ({ protocol, bind, servers, shared: this.byRoute.get(route) ?? servers })));
    }
    return { byPort, dropped: this.dropped };
  }

  private begin(item: ListeningServer, port: number, route: string): void {
    const { server, protocol } = item;
    const group: MutableGroup = { protocol, bind: server.bind, servers: [item], route };
    if (!server.tls || isHttp(protocol)) this.plain.set(port, group);
    if (isHttp(protocol) || isHttpsTerminated(server)) this.byRoute.set(route, [item]);
    const groups = this.ports.get(port);
    if (groups) groups.push(group);
    else this.ports.set(port, [group]);
  }

  /** Adds a server to a port that has a plain one; returns why it cannot be. */
  private addToPlain(item: ListeningServer, port: number, plain: MutableGroup, route: string): string | undefined {
    const { server, protocol } = item;
    const sameBind = plain.bind === server.bind;
    if (sameBind && !((isHttp(protocol) || protocol === plain.protocol) && isHttp(plain.protocol))) {
      return `port ${port} is taken by an earlier ${plain.protocol} server`;
    }
    if (sameBind && route === '') return `port ${port} is taken by an earlier server`;
    if (sameBind) {
      plain.servers.push(item);
      this.shareRoute(route, item);
      return undefined;
    }
    const group = this.ports.get(port)!.find(other => other.protocol === protocol && other.bind === server.bind);
    if (!group) {
      this.begin(item, port, route);
      return undefined;
    }
    group.servers.push(item);
    group.route = route;
    this.shareRoute(route, item);
    return undefined;
  }

  private shareRoute(route: string, item: ListeningServer): void {
    const servers = this.byRoute.get(route);
    if (servers) servers.push(item);
    else this.byRoute.set(route, [item]);
  }

  private duplicateHosts({ hosts, server }: ListeningServer, port: number): string[] {
    let known = this.tlsHosts.get(port);
    if (!known) this.tlsHosts.set(port, known = new Map());
    const duplicates = hosts.filter(host => known.get(host) === server.bind);
    if (duplicates.length === 0) for (const host of hosts) known.set(host, server.bind);
    return duplicates;
  }
}

/** The table of routes that a server uses; servers with the same name share it. */
function routeName({ gateway, server, protocol }: ListeningServer, port: number): string {
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (isHttp(protocol)) return `http.${port}${bind}`;
  return protocol === 'HTTPS' && !isPassthrough(server) ? `https.${server.port}.${server.portName}.${gateway.name}${bind}` : '';
}
