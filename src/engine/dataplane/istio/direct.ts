import type { Cluster, Family } from '../../model/model';
import { clusterOf, Destination } from '../../routing/istio/destinations';
import { fullServiceName } from '../../routing/istio/hosts';
import { MeshService, portOf, REGISTRY, ServiceRegistry } from '../../routing/istio/registry';
import { ISTIO_ROUTING } from '../../routing/istio/routing';
import type { Address, SentDestination, Target, TransportSecurity } from '../data-plane';
import { podOfEndpoint } from '../pods';

/** The Kubernetes Service that a name or address means to a client, without any proxy. */
export function serviceOf(cluster: Cluster, address: Address, clientNamespace: string): MeshService | undefined {
  const registry = cluster.family(REGISTRY);
  const host = (address.host ?? '').toLowerCase().replace(/\.$/, '');
  const full = fullServiceName(host, clientNamespace, cluster.domain);
  const found = kubernetes(registry, host) ?? (full === undefined ? undefined : kubernetes(registry, full)) ?? registry.atAddress(host);
  const concrete = found && registry.concreteHost(found.hostname);
  return concrete === undefined ? found : kubernetes(registry, concrete) ?? found;
}

function kubernetes(registry: ServiceRegistry, host: string): MeshService | undefined {
  return registry.named(host).find(service => service.kubernetes);
}

/** The endpoints of Services as clients reach them without the mesh's routing. */
export interface DirectDestinations {
  of(service: MeshService, port: number, security: TransportSecurity): SentDestination;
}

/** Finder of the endpoints of Services. */
export const DIRECT: Family<DirectDestinations> = {
  name: 'istio-direct',
  read(cluster: Cluster): DirectDestinations {
    const known = new Map<MeshService, Map<string, SentDestination>>();
    return {
      of: (service, port, security) => {
        let ports = known.get(service);
        if (!ports) known.set(service, ports = new Map());
        const key = `${port} ${security}`;
        let found = ports.get(key);
        if (!found) ports.set(key, found = destination(cluster, service, port, security));
        return found;
      },
    };
  },
};

function destination(cluster: Cluster, service: MeshService, port: number, security: TransportSecurity): SentDestination {
  const routing = cluster.family(ISTIO_ROUTING);
  const context = { routing, namespace: service.namespace, labels: {}, lookUp: () => service, cluster: () => service };
  const item: Destination = clusterOf(context, service.hostname, port, undefined, 100);
  const targets: Target[] = item.endpoints.filter(endpoint => endpoint.healthy && endpoint.workload)
    .map(endpoint => ({ pod: podOfEndpoint(endpoint), port: endpoint.port, security }));
  const alike = new Map(targets.map(target => [`${target.pod.workload!.owner.name} ${target.port} ${JSON.stringify(target.pod.labels)}`, target]));
  if (alike.size === 0 && item.exists && item.healthy === undefined && service.service?.selector) {
    const port0 = service.service.ports.find(other => other.number === port)?.targetPort;
    const number = typeof port0 === 'number' ? port0 : portOf(service, port)!.number;
    const pod = podOfEndpoint({ port: number, labels: service.service.selector, namespace: service.namespace, healthy: true });
    alike.set('', { pod, port: number, security });
  }
  return { host: item.host, port, weight: 100, healthy: item.healthy, fault: item.fault, targets: [...alike.values()] };
}
