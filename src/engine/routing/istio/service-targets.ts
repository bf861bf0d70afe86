import { MeshPort, MeshService, REGISTRY } from './registry';
import { StringMap } from '../../model/json';
import { SelectorIndex } from '../../model/label-index';
import type { Cluster, Family } from '../../model/model';
import { targetPortOn } from '../../model/service';
import type { ContainerPort } from '../../model/workload';

/** A service's port that leads to a pod. */
export interface ServiceTarget {
  readonly service: MeshService;
  readonly port: MeshPort;
  /** Port of the pod. */
  readonly targetPort: number;
}

/** A pod as Services select it. */
export interface TargetPod {
  readonly namespace: string;
  readonly labels: StringMap;
  /** Ports that its containers declare, for Services that name a target port. */
  readonly ports: readonly ContainerPort[];
}

/** Finds the services that lead to a pod, oldest first. */
export interface ServiceTargets {
  of(pod: TargetPod): ServiceTarget[];
}

/** Finder of the services of pods. */
export const SERVICE_TARGETS: Family<ServiceTargets> = {
  name: 'istio-service-targets',
  read(cluster: Cluster): ServiceTargets {
    const byNamespace = new Map<string, SelectorIndex<MeshService>>();
    for (const service of cluster.family(REGISTRY).services) {
      const selector = service.service ? service.service.selector : service.entry?.workloadSelector;
      if (!selector || Object.keys(selector).length === 0 || service.resolution === 'Alias') continue;
      let index = byNamespace.get(service.namespace);
      if (!index) byNamespace.set(service.namespace, index = new SelectorIndex());
      index.add(selector, service);
    }
    return { of: pod => (byNamespace.get(pod.namespace)?.find(pod.labels) ?? []).flatMap(service => targetsOf(service, pod)) };
  },
};

function targetsOf(service: MeshService, pod: TargetPod): ServiceTarget[] {
  return service.ports.flatMap(port => {
    const targetPort = targetPortOf(service, port, pod);
    return targetPort === undefined ? [] : [{ service, port, targetPort }];
  });
}

function targetPortOf(service: MeshService, port: MeshPort, pod: TargetPod): number | undefined {
  if (!service.service) return service.entry?.ports.find(item => item.number === port.number)?.targetPort ?? port.number;
  const found = service.service.ports.find(item => item.number === port.number && item.name === port.name);
  return found && targetPortOn(found, pod.ports);
}
