import { fullServiceName } from './hosts';
import { CompiledRoute } from './http-routes';
import { isHttp, mayBeHttp } from './protocol';
import { MeshService, portOf } from './registry';
import { RouteConfig } from './route-config';
import type { IstioRouting, ProxyView } from './routing';
import type { EgressListener } from './scope';
import { HostIndex, hostsMatch, isWildcard } from '../../match/host';
import { orderIsKnown } from '../../model/order';

/** Where a sidecar looks for the route of a request. */
export interface VirtualHost {
  /** The host that was recognised: a service's, or one that only routes name. */
  readonly domain: string;
  readonly service?: MeshService;
  /** Absent for a service without routes of its own: everything goes to the service. */
  readonly config?: RouteConfig;
  readonly routes: readonly CompiledRoute[];
  /** All configurations for the host, in the order in which they were considered. */
  readonly candidates: readonly RouteConfig[];
  /** Configurations that would win instead if they were created first, which is not known. */
  readonly rivals: readonly RouteConfig[];
}

/** The virtual hosts of a sidecar's port, made as requests ask for them. */
export class VirtualHosts {
  private readonly found = new Map<string, VirtualHost | undefined>();
  private wildcardConfigs?: HostIndex<readonly RouteConfig[]>;
  private wildcardDomains?: HostIndex<() => VirtualHost>;
  private http?: boolean;

  constructor(
    private readonly routing: IstioRouting, private readonly view: ProxyView, private readonly listener: EgressListener,
    private readonly port: number,
  ) {}

  /** The virtual host of a request's host: exact names, short names, addresses, then the longest wildcard. */
  find(host: string): VirtualHost | undefined {
    if (!this.found.has(host)) this.found.set(host, this.resolve(host));
    return this.found.get(host);
  }

  /** Whether the port is one on which the proxy serves HTTP, because some service it knows declares it. */
  get servesHttp(): boolean {
    this.http ??= this.services().some(service => service.resolution !== 'Alias' && this.sharesListener(service));
    return this.http;
  }

  /** The services that this port's configuration holds, oldest first. */
  services(): MeshService[] {
    const names = new Set(this.routing.registry.withPort(this.port).map(service => service.hostname));
    return [...names].flatMap(name => this.serviceHere(name) ?? []);
  }

  /** The service that this port's configuration holds for a host. */
  serviceHere(hostname: string): MeshService | undefined {
    const service = this.listener.service(hostname);
    return service && portOf(service, this.port) ? service : undefined;
  }

  /** HTTP services share one listener for the port; sniffed ones only where they have no address of their own. */
  private sharesListener(service: MeshService): boolean {
    const protocol = portOf(service, this.port)?.protocol;
    return protocol !== undefined && (isHttp(protocol) || (protocol === 'Unsupported' && !service.hasAddress));
  }

  private resolve(host: string): VirtualHost | undefined {
    const plain = host.endsWith('.') ? host.slice(0, -1) : host;
    return this.exact(plain) ?? this.byAddress(plain) ?? this.wildcard(plain);
  }

  private exact(host: string): VirtualHost | undefined {
    const named = this.named(host);
    if (named) return named;
    const own = this.serviceHere(host) ? undefined : this.configHost(host, this.configsOf(host));
    const full = fullServiceName(host, this.view.namespace, this.routing.cluster.domain);
    const short = full === undefined ? undefined : this.named(full);
    // A service's short name and a host of routes may be the same: the first configuration has it, and a service without any comes last.
    if (!own?.config || !short?.config) return own ?? short;
    return this.routing.configs.isBefore(short.config, own.config, this.view.namespace) ? short : own;
  }

  /** The virtual host of a service's full name; an alias has one of its own only where routes name it. */
  private named(hostname: string): VirtualHost | undefined {
    const alias = this.serviceHere(hostname);
    if (alias?.resolution === 'Alias') {
      const own = this.serviceHost(alias);
      if (own.config) return own;
    }
    const service = this.httpService(hostname);
    return service && this.serviceHost(service);
  }

  private configsOf(host: string): readonly RouteConfig[] {
    return this.routing.configs.exact(host, this.view.namespace);
  }

  private byAddress(host: string): VirtualHost | undefined {
    const service = this.routing.registry.atAddress(host);
    const here = service && this.httpService(service.hostname);
    return here && this.serviceHost(here);
  }

  /** A service that gets a virtual host on the port; an alias leads to the service that it stands for. */
  private httpService(hostname: string): MeshService | undefined {
    const concrete = this.routing.registry.concreteHost(hostname);
    if (concrete !== undefined) return this.httpService(concrete);
    const service = this.serviceHere(hostname);
    return service && mayBeHttp(portOf(service, this.port)!.protocol) ? service : undefined;
  }

  /** The virtual host of a service: the first configuration with its host that has a route here, else everything to the service. */
  serviceHost(service: MeshService): VirtualHost {
    const wild = isWildcard(service.hostname);
    const exact = wild ? [] : this.taken(this.configsOf(service.hostname.toLowerCase()));
    const candidates = exact.length > 0 ? exact : this.mostSpecificWildcard(service.hostname);
    const usable = candidates.filter(config => this.appliesTo(config, service) && this.routesOf(config).length > 0
      && (exact.length > 0 || !config.gatewayApi));
    // Of wildcard configurations, only the very first counts: if it has no route here, no other steps in.
    const winner = exact.length > 0 ? usable[0] : usable[0] === candidates[0] ? usable[0] : undefined;
    if (!winner) return { domain: service.hostname, service, routes: [], candidates, rivals: [] };
    return {
      domain: service.hostname,
      service,
      config: winner,
      routes: this.routesOf(winner),
      candidates,
      rivals: this.rivals(winner, exact.length > 0 ? usable : candidates),
    };
  }

  private mostSpecificWildcard(hostname: string): readonly RouteConfig[] {
    this.wildcardConfigs ??= this.routing.configs.wildcards(this.view.namespace, config => this.listener.imports(config));
    return this.wildcardConfigs.find(hostname) ?? [];
  }

  /** A virtual host for a host that is no service on this port. */
  private configHost(host: string, configs: readonly RouteConfig[]): VirtualHost | undefined {
    const usable = this.taken(configs).filter(config => this.routesOf(config).length > 0 && this.reachesPort(config));
    if (usable.length === 0) return undefined;
    return { domain: host, config: usable[0], routes: this.routesOf(usable[0]), candidates: configs, rivals: this.rivals(usable[0], usable) };
  }

  /** Hosts that are no services exist on port 80, and on the ports of services that the same configuration names. */
  private reachesPort(config: RouteConfig): boolean {
    if (this.port === 80 && !config.gatewayApi) return true;
    return this.matchingServices(config).some(service => mayBeHttp(portOf(service, this.port)!.protocol));
  }

  private matchingServices(config: RouteConfig): MeshService[] {
    return config.hosts.flatMap(host => {
      if (!isWildcard(host)) {
        const service = this.serviceHere(host.toLowerCase());
        return service ? [service] : [];
      }
      if (config.gatewayApi) return [];
      return this.services().filter(service => hostsMatch(service.hostname, host) && this.serviceHost(service).config === config);
    });
  }

  /** Gateway API routes of other namespaces than the service's apply to clients of their own namespace only. */
  private appliesTo(config: RouteConfig, service: MeshService): boolean {
    return !config.gatewayApi || service.namespace === config.namespace || this.view.namespace === config.namespace;
  }

  private wildcard(host: string): VirtualHost | undefined {
    this.wildcardDomains ??= this.collectWildcards();
    const named = this.wildcardDomains.findWildcard(host);
    const stateful = this.headless(host);
    if (!stateful) return named?.();
    const other = named?.();
    return other && other.domain.length - 1 > host.length - stateful.prefix.length ? other : stateful.host;
  }

  /** A pod's name below a headless Service. */
  private headless(host: string): { host: VirtualHost; prefix: string } | undefined {
    for (let dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
      const found = this.exact(host.slice(dot + 1));
      if (found?.service?.kubernetes && found.service.resolution === 'Passthrough') return { host: found, prefix: host.slice(0, dot) };
    }
    return undefined;
  }

  private collectWildcards(): HostIndex<() => VirtualHost> {
    const index = new HostIndex<() => VirtualHost>();
    for (const host of this.routing.registry.wildcardHosts) {
      const service = this.httpService(host);
      if (service) index.set(host.toLowerCase(), () => this.serviceHost(service));
    }
    this.wildcardConfigs ??= this.routing.configs.wildcards(this.view.namespace, config => this.listener.imports(config));
    for (const [host, configs] of this.wildcardConfigs.entries()) {
      if (index.get(host)) continue;
      // A wildcard that covers some service of the port is spent on its services and catches nothing else.
      const covers = this.services().some(service => hostsMatch(service.hostname, host));
      if (covers && !configs.every(config => config.gatewayApi)) continue;
      const virtual = this.configHost(host, configs);
      if (virtual) index.set(host, () => virtual);
    }
    return index;
  }

  private taken(configs: readonly RouteConfig[]): readonly RouteConfig[] {
    return configs.every(config => this.listener.imports(config)) ? configs : configs.filter(config => this.listener.imports(config));
  }

  private routesOf(config: RouteConfig): readonly CompiledRoute[] {
    const { namespace, labels } = this.view;
    return this.routing.routesAt(config, { port: this.port, gateway: 'mesh', labels, namespace });
  }

  private rivals(winner: RouteConfig, usable: readonly RouteConfig[]): RouteConfig[] {
    return usable.filter(config => config !== winner && this.routing.configs.sameRank(winner, config, this.view.namespace)
      && !orderIsKnown(winner.resource, config.resource));
  }
}
