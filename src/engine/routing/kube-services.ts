import { CORE, CoreFacts, workloadsSelectedBy } from '../model/core';
import type { StringMap } from '../model/json';
import type { Cluster, Family } from '../model/model';
import { EndpointSlice, Service, ServicePort, targetPortOn } from '../model/service';
import type { Workload } from '../model/workload';

/** Pods behind a port of a Service that are alike: those of one workload. */
export interface ServedBy {
  readonly workload: Workload;
  readonly labels: StringMap;
  readonly port: number;
  readonly ready: boolean;
}

/** What stands behind a port of a Service. */
export interface ServiceBackends {
  readonly pods: readonly ServedBy[];
  /** Absent where no manifest says which pods there are. */
  readonly healthy?: boolean;
}

/** Services as clients find them without any mesh, by name or address. */
export interface KubeServices {
  /** The Service that a host means to clients of a namespace: a name, `NAME.NS`, or the full name. */
  named(host: string, clientNamespace: string): Service | undefined;
  /** What stands behind a port. */
  behind(service: Service, port: ServicePort): ServiceBackends;
  /** Name of a Service with namespace and the cluster's suffix. */
  hostOf(service: { readonly name: string; readonly namespace: string }): string;
}

/** Finder of Services and of the pods behind them. */
export const KUBE_SERVICES: Family<KubeServices> = {
  name: 'kube-services',
  read(cluster: Cluster): KubeServices {
    const core = cluster.family(CORE);
    const byAddress = new Map(core.services.flatMap(service => service.clusterIPs.map(address => [address, service] as const)));
    const known = new Map<ServicePort, ServiceBackends>();
    return {
      named: (host, clientNamespace) => {
        const plain = host.toLowerCase().replace(/\.$/, '');
        const address = byAddress.get(plain);
        if (address) return address;
        const [name, namespace = clientNamespace, ...suffix] = plain.split('.');
        const rest = suffix.join('.');
        return rest === '' || rest === 'svc' || rest === `svc.${cluster.domain}` ? core.servicesByName.get(`${namespace}/${name}`) : undefined;
      },
      behind: (service, port) => {
        let found = known.get(port);
        if (!found) known.set(port, found = behind(core, service, port));
        return found;
      },
      hostOf: ({ name, namespace }) => `${name}.${namespace}.svc.${cluster.domain}`,
    };
  },
};

function behind(core: CoreFacts, service: Service, port: ServicePort): ServiceBackends {
  const slices = core.endpointSlices.get(`${service.namespace}/${service.name}`);
  const pods = slices ? listed(core, slices, port) : selected(core, service, port);
  // Addresses that no pod of the manifests has may serve, too.
  const foreign = slices?.some(slice => slice.endpoints.some(item => item.ready && !item.addresses.some(address => core.podsByAddress.has(address))));
  if (foreign) return { pods, healthy: true };
  const unknown = pods.length === 0 && (slices === undefined && core.workloads.length === 0);
  return { pods, healthy: unknown ? undefined : pods.some(item => item.ready) };
}

function selected(core: CoreFacts, service: Service, port: ServicePort): ServedBy[] {
  const { namespace, selector } = service;
  if (!selector || Object.keys(selector).length === 0) return [];
  return workloadsSelectedBy(core, namespace, selector).flatMap(workload => {
    const number = targetPortOn(port, workload.ports);
    if (number === undefined || workload.instances.length === 0) return [];
    return [{ workload, labels: workload.labels, port: number, ready: workload.instances.some(item => item.ready) }];
  });
}

function listed(core: CoreFacts, slices: readonly EndpointSlice[], port: ServicePort): ServedBy[] {
  const found = new Map<string, ServedBy>();
  for (const slice of slices) {
    const number = slice.ports.find(item => item.name === port.name)?.number;
    if (number === undefined) continue;
    for (const { addresses, ready } of slice.endpoints) {
      const place = addresses.map(address => core.podsByAddress.get(address)).find(item => item !== undefined);
      if (!place) continue;
      const { instance, workload } = place;
      const key = `${workload.namespace} ${workload.kind} ${workload.name} ${number}`;
      found.set(key, { workload, labels: instance.labels, port: number, ready: ready || found.get(key)?.ready === true });
    }
  }
  return [...found.values()];
}
