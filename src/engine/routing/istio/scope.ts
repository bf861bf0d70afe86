import { ConfigIndex } from './config-index';
import { EgressHosts } from './egress-hosts';
import { parseProtocol } from './protocol';
import { MeshService, portOf, ServiceRegistry } from './registry';
import { RouteConfig } from './route-config';
import type { Sidecar } from '../../model/istio/traffic';
import { objectOf, objectsOf, textOf } from '../../model/json';

/** The part of a proxy's outgoing configuration that one listener of a Sidecar (or the lack of one) makes. */
export class EgressListener {
  private readonly found = new Map<string, MeshService | undefined>();
  private readonly hosts: EgressHosts;

  constructor(
    private readonly registry: ServiceRegistry, private readonly namespace: string, hosts: readonly string[],
    /** The listener's own port; absent for the listener of all other ports. */
    readonly port?: number,
    /** Whether only services with the listener's port are imported. */
    private readonly matchPort = false,
  ) {
    this.hosts = new EgressHosts(hosts, namespace);
  }

  /** The service of a host that the listener knows. */
  service(hostname: string): MeshService | undefined {
    if (!this.found.has(hostname)) this.found.set(hostname, this.choose(hostname));
    return this.found.get(hostname);
  }

  /** Whether the listener takes a route configuration. */
  imports(config: RouteConfig): boolean {
    return this.hosts.importsConfig(config);
  }

  /** Several services of one host: the client's own namespace first, then Kubernetes Services, then the oldest. */
  private choose(hostname: string): MeshService | undefined {
    const visible = this.registry.named(hostname).filter(service => this.registry.isVisible(service, this.namespace)
      && this.hosts.importsService(service) && (!this.matchPort || portOf(service, this.port ?? 0)));
    if (visible.length <= 1) return visible[0];
    const ordered = [...visible.filter(item => !this.registry.isPublic(item)), ...visible.filter(item => this.registry.isPublic(item))];
    let chosen = ordered[0];
    for (const service of ordered.slice(1)) {
      if (service.namespace === this.namespace) chosen = service;
      else if (!chosen.kubernetes && service.kubernetes && chosen.namespace !== this.namespace) chosen = service;
    }
    return mergeSame(ordered.filter(service => service.namespace === chosen.namespace));
  }
}

/** What a client's proxy knows of the mesh. */
export class ClientScope {
  readonly listeners: readonly EgressListener[];
  /** Whether traffic to unknown hosts is passed on. */
  readonly allowAny: boolean;
  private destinations?: ReadonlySet<string>;

  constructor(
    private readonly registry: ServiceRegistry, private readonly configs: ConfigIndex, readonly namespace: string,
    readonly sidecar: Sidecar | undefined, meshAllowAny: boolean,
  ) {
    const egress = sidecar && sidecar.egress.length > 0 ? sidecar.egress : undefined;
    this.listeners = egress
      ? egress.map(item => {
        const port = item.port?.number;
        const matchPort = port !== undefined && port !== 0 && parseProtocol(item.port?.protocol ?? '') !== 'HTTP_PROXY';
        return new EgressListener(registry, namespace, item.hosts, port, matchPort);
      })
      : [new EgressListener(registry, namespace, ['*/*'])];
    this.allowAny = sidecar?.outboundAllowAny ?? meshAllowAny;
  }

  /** The listener that serves a port; undefined where the Sidecar leaves the port out. */
  listenerFor(port: number): EgressListener | undefined {
    return this.listeners.find(listener => listener.port === undefined || listener.port === port);
  }

  /** The service of a host to which the proxy can send: imported, or a destination of an imported route. */
  service(hostname: string): MeshService | undefined {
    for (const listener of this.listeners) {
      const service = listener.service(hostname);
      if (service) return service;
    }
    if (!this.sidecar || !this.routeDestinations().has(hostname)) return undefined;
    const named = this.registry.named(hostname);
    const visible = named.filter(service => this.registry.isVisible(service, this.namespace));
    return named.find(service => service.namespace === this.namespace) ?? visible.find(service => service.kubernetes) ?? visible[0];
  }

  private routeDestinations(): ReadonlySet<string> {
    if (!this.destinations) {
      const hosts = new Set<string>();
      for (const config of this.configs.bound('mesh', this.namespace)) {
        if (!this.listeners.some(listener => listener.imports(config))) continue;
        for (const rule of [...config.http, ...config.tls, ...config.tcp]) {
          for (const route of objectsOf(rule.spec.route)) hosts.add(textOf(objectOf(route.destination).host) ?? '');
          hosts.add(textOf(objectOf(rule.spec.mirror).host) ?? '');
          for (const mirror of objectsOf(rule.spec.mirrors)) hosts.add(textOf(objectOf(mirror.destination).host) ?? '');
        }
      }
      this.destinations = hosts;
    }
    return this.destinations;
  }
}

/** What a gateway's proxy knows of the mesh: everything visible to its namespace; Kubernetes Services before others, then the oldest. */
export class GatewayScope {
  private readonly found = new Map<string, MeshService | undefined>();

  constructor(private readonly registry: ServiceRegistry, readonly namespace: string) {}

  /** The service of a host. */
  service(hostname: string): MeshService | undefined {
    if (!this.found.has(hostname)) this.found.set(hostname, this.choose(hostname));
    return this.found.get(hostname);
  }

  /** The service that a route of a namespace means: its own namespace's, if the gateway sees it. */
  serviceFor(hostname: string, routeNamespace: string): MeshService | undefined {
    const own = this.registry.named(hostname).find(service => service.namespace === routeNamespace);
    return own && this.registry.isVisible(own, this.namespace) ? own : this.service(hostname);
  }

  private choose(hostname: string): MeshService | undefined {
    const visible = this.registry.named(hostname).filter(service => this.registry.isVisible(service, this.namespace));
    if (visible.length <= 1) return visible[0];
    const ordered = [...visible.filter(item => !this.registry.isPublic(item)), ...visible.filter(item => this.registry.isPublic(item))];
    const first = ordered.find(service => service.kubernetes) ?? ordered[0];
    return mergeSame(ordered.filter(service => service.namespace === first.namespace));
  }
}

/** Services of one host and namespace are one: a Kubernetes Service if there is one, else the ports of equal ServiceEntries together. */
function mergeSame(services: readonly MeshService[]): MeshService {
  const first = services.find(service => service.kubernetes) ?? services[0];
  if (first.kubernetes) return first;
  const alike = services.filter(service => service.resolution === first.resolution && String(service.exportTo) === String(first.exportTo)
    && JSON.stringify(service.labels) === JSON.stringify(first.labels));
  const extra = alike.flatMap(service => service.ports).filter((port, index, all) => all.findIndex(other => other.number === port.number) === index);
  return extra.length === first.ports.length ? first : { ...first, ports: extra };
}
