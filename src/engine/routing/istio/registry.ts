import { Protocol, parseProtocol, serviceProtocol } from './protocol';
import { isWildcard } from '../../match/host';
import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import type { ServiceEntry } from '../../model/istio/traffic';
import { own, StringMap } from '../../model/json';
import { pushTo } from '../../model/label-index';
import type { Cluster, Family } from '../../model/model';
import { compareByCreation } from '../../model/order';
import type { Resource } from '../../model/resource';
import type { Service } from '../../model/service';

/** A port of a service in Istio's registry. */
export interface MeshPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/** How a proxy finds the endpoints of a service. */
export type Resolution = 'Alias' | 'DNS' | 'DynamicDNS' | 'Endpoints' | 'Passthrough';

/** A service as Istio's registry holds it: a Kubernetes Service, or a host of a ServiceEntry. */
export interface MeshService {
  readonly hostname: string;
  readonly namespace: string;
  /** Name that services are ordered by: the Service's, or the host. */
  readonly name: string;
  readonly ports: readonly MeshPort[];
  readonly resolution: Resolution;
  readonly kubernetes: boolean;
  /** Outside of the mesh, so that no mutual TLS is tried. */
  readonly external: boolean;
  /** Virtual addresses that are known. */
  readonly addresses: readonly string[];
  /** Whether clients reach it by an address of its own, known or not. */
  readonly hasAddress: boolean;
  /** Namespaces that see it: names, `*` or `.`; absent for the mesh's default. */
  readonly exportTo?: readonly string[];
  /** The host that an ExternalName Service stands for. */
  readonly aliasOf?: string;
  readonly labels: StringMap;
  readonly resource: Resource;
  readonly service?: Service;
  readonly entry?: ServiceEntry;
}

/** Istio's services, found by host, address and visibility. */
export class ServiceRegistry {
  /** In the order in which istiod takes them. */
  readonly services: readonly MeshService[];
  private readonly byHostname = new Map<string, MeshService[]>();
  private readonly byAddress = new Map<string, MeshService>();
  /** Hosts of ServiceEntries that are wildcards. */
  readonly wildcardHosts: readonly string[];
  private readonly aliases = new Map<string, string>();
  private readonly byPort = new Map<number, MeshService[]>();

  constructor(services: readonly MeshService[], private readonly defaultExportTo: readonly string[]) {
    this.services = services;
    for (const service of services) {
      pushTo(this.byHostname, service.hostname, service);
      for (const address of service.addresses) {
        if (!this.byAddress.has(address)) this.byAddress.set(address, service);
      }
      if (service.aliasOf !== undefined) this.aliases.set(service.hostname, service.aliasOf);
      for (const number of new Set(service.ports.map(port => port.number))) pushTo(this.byPort, number, service);
    }
    this.wildcardHosts = [...this.byHostname.keys()].filter(isWildcard);
  }

  /** All services of a host, oldest first. */
  named(hostname: string): readonly MeshService[] {
    return this.byHostname.get(hostname) ?? [];
  }

  /** The services with a port of this number, oldest first. */
  withPort(number: number): readonly MeshService[] {
    return this.byPort.get(number) ?? [];
  }

  /** The service that owns a virtual address. */
  atAddress(address: string): MeshService | undefined {
    return this.byAddress.get(address);
  }

  /** The host behind a chain of ExternalName Services; undefined for a host that is none, or a circle. */
  concreteHost(hostname: string): string | undefined {
    const seen = new Set<string>();
    let host = this.aliases.get(hostname);
    while (host !== undefined && this.aliases.has(host)) {
      if (seen.has(host)) return undefined;
      seen.add(host);
      host = this.aliases.get(host);
    }
    return host;
  }

  /** Whether proxies of a namespace may see a service. */
  isVisible(service: MeshService, namespace: string): boolean {
    const exportTo = service.exportTo ?? this.defaultExportTo;
    return exportTo.includes('*') || exportTo.includes(namespace) || (exportTo.includes('.') && service.namespace === namespace);
  }

  /** Whether a service is exported to a namespace by name only, so that it comes before public ones. */
  isPublic(service: MeshService): boolean {
    return (service.exportTo ?? this.defaultExportTo).includes('*');
  }
}

/** Reader of Istio's service registry. */
export const REGISTRY: Family<ServiceRegistry> = {
  name: 'istio-registry',
  read(cluster: Cluster): ServiceRegistry {
    const { mesh, serviceEntries } = cluster.family(ISTIO);
    const services = cluster.family(CORE).services.map(service => kubernetesService(service, cluster.domain));
    const entries = serviceEntries.flatMap(entryServices);
    return new ServiceRegistry([...services, ...entries].sort(compareServices), mesh.defaultServiceExportTo);
  },
};

function compareServices(a: MeshService, b: MeshService): number {
  return compareByCreation({ ...a.resource, name: a.name }, { ...b.resource, name: b.name });
}

/** The full name of a Kubernetes Service. */
export function serviceHost(name: string, namespace: string, domain: string): string {
  return `${name}.${namespace}.svc.${domain}`;
}

function kubernetesService(service: Service, domain: string): MeshService {
  const exportTo = own(service.resource.annotations, 'networking.istio.io/exportTo');
  return {
    hostname: serviceHost(service.name, service.namespace, domain),
    namespace: service.namespace,
    name: service.name,
    ports: service.ports.map(port => ({ name: port.name, number: port.number, protocol: serviceProtocol(port) })),
    resolution: service.externalName !== undefined ? 'Alias' : service.headless ? 'Passthrough' : 'Endpoints',
    kubernetes: true,
    external: service.externalName !== undefined,
    addresses: service.clusterIPs,
    hasAddress: !service.headless && service.externalName === undefined,
    exportTo: exportTo ? exportTo.split(',').map(item => item.trim()) : undefined,
    aliasOf: service.externalName,
    labels: service.resource.labels,
    resource: service.resource,
    service,
  };
}

const RESOLUTIONS: { readonly [name in ServiceEntry['resolution']]: Resolution } = {
  DNS: 'DNS', DNS_ROUND_ROBIN: 'DNS', DYNAMIC_DNS: 'DynamicDNS', NONE: 'Passthrough', STATIC: 'Endpoints',
};

function entryServices(entry: ServiceEntry): MeshService[] {
  return entry.hosts.map(host => ({
    hostname: host,
    namespace: entry.resource.namespace,
    name: host,
    ports: entry.ports.map(port => ({ name: port.name, number: port.number, protocol: parseProtocol(port.protocol) })),
    resolution: RESOLUTIONS[entry.resolution],
    kubernetes: false,
    external: entry.external,
    addresses: entry.addresses.filter(address => !address.includes('/')),
    hasAddress: entry.addresses.length > 0,
    exportTo: entry.exportTo.length > 0 ? entry.exportTo : undefined,
    labels: entry.resource.labels,
    resource: entry.resource,
    entry,
  }));
}

/** The port of a service by number. */
export function portOf(service: MeshService, number: number): MeshPort | undefined {
  return service.ports.find(port => port.number === number);
}
