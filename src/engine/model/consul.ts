import { ConsulSettings, readConsulSettings } from './consul/settings';
import { objectOf, objectsOf, textOf } from './json';
import { pushTo } from './label-index';
import type { Cluster, Family } from './model';
import { compareByCreation } from './order';
import type { Resource } from './resource';

/** The group of Consul's API on Kubernetes. */
export const CONSUL_GROUP = 'consul.hashicorp.com';

/** What the objects of Consul's API say; names are those of services, as Consul has no namespaces in its open source edition. */
export interface ConsulFacts {
  readonly settings: ConsulSettings;
  readonly defaults: ReadonlyMap<string, Resource>;
  readonly routers: ReadonlyMap<string, Resource>;
  readonly splitters: ReadonlyMap<string, Resource>;
  readonly resolvers: ReadonlyMap<string, Resource>;
  /** By name of the destination; `*` for all. */
  readonly intentions: ReadonlyMap<string, readonly Resource[]>;
  readonly jwtProviders: ReadonlyMap<string, Resource>;
  /** Names of clusters that are peers. */
  readonly peers: ReadonlySet<string>;
  readonly ingressGateways: readonly Resource[];
  /** Terminating gateways by the services that they lead to; `*` for all. */
  readonly terminating: ReadonlyMap<string, Resource>;
  /** Services that are somewhere outside of the mesh, by their addresses with port. */
  readonly external: ReadonlyMap<string, string>;
}

/** Reader of Consul's API. */
export const CONSUL: Family<ConsulFacts> = { name: 'consul', read: readConsul };

function readConsul(cluster: Cluster): ConsulFacts {
  const sorted = (kind: string): Resource[] => [...cluster.kind(CONSUL_GROUP, kind)].sort(compareByCreation);
  // Of two entries of one name the first is kept: the second is refused.
  const named = (kind: string): Map<string, Resource> => new Map(sorted(kind).reverse().map(item => [item.name, item]));
  const defaults = named('ServiceDefaults');
  const intentions = new Map<string, Resource[]>();
  for (const item of sorted('ServiceIntentions')) pushTo(intentions, textOf(objectOf(item.spec.destination).name) ?? item.name, item);
  const terminating = new Map<string, Resource>();
  for (const item of sorted('TerminatingGateway')) {
    for (const service of objectsOf(item.spec.services)) if (!terminating.has(textOf(service.name) ?? '')) terminating.set(textOf(service.name) ?? '', item);
  }
  const external = new Map<string, string>();
  for (const item of defaults.values()) {
    const destination = objectOf(item.spec.destination);
    for (const address of Array.isArray(destination.addresses) ? destination.addresses : []) external.set(`${String(address).toLowerCase()}:${String(destination.port)}`, item.name);
  }
  return {
    settings: readConsulSettings(cluster),
    defaults,
    routers: named('ServiceRouter'),
    splitters: named('ServiceSplitter'),
    resolvers: named('ServiceResolver'),
    intentions,
    jwtProviders: named('JWTProvider'),
    peers: new Set([...sorted('PeeringAcceptor'), ...sorted('PeeringDialer')].map(item => item.name)),
    ingressGateways: sorted('IngressGateway'),
    terminating,
    external,
  };
}

/** Whether the manifests hold any object of Consul's own API. */
export function usesConsul(cluster: Cluster): boolean {
  return cluster.usesGroup(group => group === CONSUL_GROUP);
}

/** What a service speaks: its own defaults, else those of all proxies, else bytes. */
export function protocolOf(facts: ConsulFacts, service: string): string {
  return textOf(facts.defaults.get(service)?.spec.protocol)?.toLowerCase() || facts.settings.defaultProtocol;
}

/** Whether a protocol carries requests. */
export function carriesRequests(protocol: string): boolean {
  return protocol === 'http' || protocol === 'http2' || protocol === 'grpc';
}
