import { MeshPort, MeshService } from './registry';
import { CORE, CoreFacts, workloadsSelectedBy } from '../../model/core';
import { ISTIO } from '../../model/istio';
import type { EntryEndpoint, ServiceEntry, WorkloadEntry } from '../../model/istio/traffic';
import { StringMap } from '../../model/json';
import { selects } from '../../model/labels';
import type { Cluster, Family } from '../../model/model';
import { EndpointSlice, Service, ServicePort, targetPortOn } from '../../model/service';
import type { PodInstance, Workload } from '../../model/workload';

/** One endpoint of a service's port. */
export interface Endpoint {
  /** Absent for pods that were inferred. */
  readonly address?: string;
  readonly port: number;
  readonly labels: StringMap;
  readonly namespace: string;
  readonly healthy: boolean;
  /** The workload behind it, where it is one of the manifests'. */
  readonly workload?: Workload;
  /** For endpoints that are no pods: the account whose identity they have. */
  readonly serviceAccount?: string;
}

/** The endpoints of a service's port, as far as the manifests tell. */
export interface EndpointSet {
  readonly endpoints: readonly Endpoint[];
  /** False where no manifest says which pods there are. */
  readonly known: boolean;
}

/** Finds endpoints; results are remembered. */
export interface EndpointFinder {
  of(service: MeshService, port: MeshPort): EndpointSet;
}

/** Finder of the endpoints of Istio's services. */
export const ENDPOINTS: Family<EndpointFinder> = {
  name: 'istio-endpoints',
  read(cluster: Cluster): EndpointFinder {
    const cache = new Map<MeshService, Map<number, EndpointSet>>();
    return {
      of: (service, port) => {
        let ports = cache.get(service);
        if (!ports) cache.set(service, ports = new Map());
        let found = ports.get(port.number);
        if (!found) ports.set(port.number, found = findEndpoints(cluster, service, port));
        return found;
      },
    };
  },
};

function findEndpoints(cluster: Cluster, service: MeshService, port: MeshPort): EndpointSet {
  const core = cluster.family(CORE);
  const { workloadEntries } = cluster.family(ISTIO);
  if (service.service) return kubernetesEndpoints(core, workloadEntries, service.service, port);
  return service.entry ? entryEndpoints(core, workloadEntries, service.entry, service.hostname, port) : { endpoints: [], known: false };
}

function kubernetesEndpoints(core: CoreFacts, entries: readonly WorkloadEntry[], service: Service, port: MeshPort): EndpointSet {
  const servicePort = service.ports.find(item => item.number === port.number);
  if (!servicePort) return { endpoints: [], known: true };
  const slices = core.endpointSlices.get(`${service.namespace}/${service.name}`);
  const { selector } = service;
  const selected = selector ? selectedEntries(entries, service.namespace, selector)
    .map(entry => entryEndpoint(entry.endpoint, service.namespace, servicePort.name, numericTarget(servicePort))) : [];
  if (slices) return { endpoints: [...sliceEndpoints(core, service, slices, servicePort), ...selected], known: true };
  if (!selector || Object.keys(selector).length === 0) return { endpoints: selected, known: true };
  const pods = workloadsSelectedBy(core, service.namespace, selector).flatMap(workload => {
    const number = targetPortOn(servicePort, workload.ports);
    return number === undefined ? [] : workload.instances.map(instance => podEndpoint(workload, instance, number));
  });
  return { endpoints: [...pods, ...selected], known: core.workloads.length > 0 };
}

function sliceEndpoints(core: CoreFacts, service: Service, slices: readonly EndpointSlice[], port: ServicePort): Endpoint[] {
  return slices.flatMap(slice => {
    const number = slice.ports.find(item => item.name === port.name)?.number;
    if (number === undefined) return [];
    return slice.endpoints.map(item => {
      const place = item.addresses.map(address => core.podsByAddress.get(address)).find(found => found !== undefined);
      return {
        address: item.addresses[0],
        port: number,
        labels: place?.instance.labels ?? {},
        namespace: service.namespace,
        healthy: item.ready,
        workload: place?.workload,
      };
    });
  });
}

function entryEndpoints(
  core: CoreFacts, entries: readonly WorkloadEntry[], entry: ServiceEntry, host: string, port: MeshPort,
): EndpointSet {
  const { namespace } = entry.resource;
  const target = entry.ports.find(item => item.number === port.number)?.targetPort ?? port.number;
  if (entry.workloadSelector) {
    const selector = entry.workloadSelector;
    const pods = workloadsSelectedBy(core, namespace, selector)
      .flatMap(workload => workload.instances.map(instance => podEndpoint(workload, instance, target)));
    const machines = selectedEntries(entries, namespace, selector).map(item => entryEndpoint(item.endpoint, namespace, port.name, target));
    return { endpoints: [...pods, ...machines], known: true };
  }
  if (entry.endpoints.length > 0) {
    return { endpoints: entry.endpoints.map(item => entryEndpoint(item, namespace, port.name, target)), known: true };
  }
  const named = entry.resolution !== 'STATIC';
  return { endpoints: named ? [{ address: host, port: target, labels: {}, namespace, healthy: true }] : [], known: true };
}

function selectedEntries(entries: readonly WorkloadEntry[], namespace: string, selector: StringMap): WorkloadEntry[] {
  if (Object.keys(selector).length === 0) return [];
  return entries.filter(entry => entry.resource.namespace === namespace && selects(selector, entry.endpoint.labels));
}

function entryEndpoint(entry: EntryEndpoint, namespace: string, portName: string, target: number): Endpoint {
  return {
    address: entry.address,
    port: entry.ports.get(portName) ?? target,
    labels: entry.labels,
    namespace,
    healthy: true,
    serviceAccount: entry.serviceAccount,
  };
}

function podEndpoint(workload: Workload, instance: PodInstance, port: number): Endpoint {
  return { address: instance.addresses[0], port, labels: instance.labels, namespace: workload.namespace, healthy: instance.ready, workload };
}

function numericTarget(port: ServicePort): number {
  return typeof port.targetPort === 'number' ? port.targetPort : port.number;
}
