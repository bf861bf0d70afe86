import { ISTIO_MEMBERSHIPS, IstioMode } from '../../dataplane/istio/membership';
import { podOfWorkload } from '../../dataplane/pods';
import { CORE, workloadsSelectedBy } from '../../model/core';
import { ISTIO } from '../../model/istio';
import type { StringMap } from '../../model/json';
import { LabelIndex } from '../../model/label-index';
import { selects } from '../../model/labels';
import type { Cluster, Family } from '../../model/model';
import type { Service } from '../../model/service';
import { targetPortOn } from '../../model/service';
import type { Workload } from '../../model/workload';
import { ISTIO_KUBE_GATEWAYS } from '../../routing/istio/gateway-api-gateways';

/** Whether any pod, machine or managed gateway has the labels of a selector. */
export interface PodFinder {
  /** In one namespace, or in all of them. */
  exists(selector: StringMap, namespace?: string): boolean;
  /** Whether the manifests hold any pods of a namespace, or any at all. */
  knows(namespace?: string): boolean;
}

/** Reader of everything that selectors may select. */
export const PODS: Family<PodFinder> = {
  name: 'rules-pods',
  read(cluster: Cluster): PodFinder {
    const byNamespace = new Map<string, LabelIndex<true>>();
    const everywhere = new LabelIndex<true>();
    const add = (namespace: string, labels: StringMap): void => {
      let index = byNamespace.get(namespace);
      if (!index) byNamespace.set(namespace, index = new LabelIndex());
      index.add(labels, true);
      everywhere.add(labels, true);
    };
    for (const workload of cluster.family(CORE).workloads) add(workload.namespace, workload.labels);
    for (const entry of cluster.family(ISTIO).workloadEntries) add(entry.resource.namespace, entry.endpoint.labels);
    for (const group of cluster.kind('networking.istio.io', 'WorkloadGroup')) add(group.namespace, labelsOfGroup(group.spec));
    for (const gateway of cluster.family(ISTIO_KUBE_GATEWAYS)) add(gateway.gateway.resource.namespace, gateway.podLabels);
    return {
      exists: (selector, namespace) => (namespace === undefined ? everywhere : byNamespace.get(namespace))?.find(selector).length !== 0
        && (namespace === undefined || byNamespace.has(namespace)),
      knows: (namespace) => (namespace === undefined ? byNamespace.size > 0 : byNamespace.has(namespace)),
    };
  },
};

function labelsOfGroup(spec: { readonly [name: string]: unknown }): StringMap {
  const metadata = spec.metadata as { readonly labels?: StringMap } | undefined;
  return metadata?.labels ?? {};
}

/** How the pods of a workload take part in Istio. */
export function istioModeOf(cluster: Cluster, workload: Workload): IstioMode {
  return cluster.family(ISTIO_MEMBERSHIPS).of(podOfWorkload(workload)).mode;
}

/** The workloads behind a Service. */
export function workloadsOf(cluster: Cluster, service: Service): readonly Workload[] {
  if (!service.selector || Object.keys(service.selector).length === 0) return [];
  return workloadsSelectedBy(cluster.family(CORE), service.namespace, service.selector);
}

/** The Services in front of each workload. */
export const SERVICES_OF_WORKLOADS: Family<ReadonlyMap<Workload, readonly Service[]>> = {
  name: 'rules-services-of-workloads',
  read(cluster: Cluster): ReadonlyMap<Workload, readonly Service[]> {
    const result = new Map<Workload, Service[]>();
    for (const service of cluster.family(CORE).services) {
      for (const workload of workloadsOf(cluster, service)) {
        const list = result.get(workload);
        if (list) list.push(service);
        else result.set(workload, [service]);
      }
    }
    return result;
  },
};

/** Numbers of the ports of Services in front of workloads, and of the pods' ports that they lead to. */
export function portsOf(cluster: Cluster, workloads: readonly Workload[]): { readonly services: ReadonlyMap<number, number>; readonly pods: ReadonlySet<number> } {
  const services = new Map<number, number>();
  const pods = new Set<number>();
  const byWorkload = cluster.family(SERVICES_OF_WORKLOADS);
  for (const workload of workloads) {
    for (const port of workload.ports) pods.add(port.number);
    for (const service of byWorkload.get(workload) ?? []) {
      for (const port of service.ports) {
        const target = targetPortOn(port, workload.ports);
        if (target === undefined) continue;
        pods.add(target);
        services.set(port.number, target);
      }
    }
  }
  return { services, pods };
}

/** The workloads that a policy's selector selects: in its namespace, or in all of them from the root namespace. */
export function selectedWorkloads(cluster: Cluster, namespace: string, selector: StringMap | undefined): readonly Workload[] {
  const core = cluster.family(CORE);
  if (namespace === cluster.family(ISTIO).mesh.rootNamespace) return core.workloads.filter((workload) => selects(selector ?? {}, workload.labels));
  return workloadsSelectedBy(core, namespace, selector ?? {});
}
