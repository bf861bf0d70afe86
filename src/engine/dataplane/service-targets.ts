import type { Pod, SentDestination, Target, TransportSecurity } from './data-plane';
import { describedPod, podOfWorkload } from './pods';
import type { Cluster } from '../model/model';
import type { Service } from '../model/service';
import type { Workload } from '../model/workload';
import { KUBE_SERVICES } from '../routing/kube-services';

/** A share of traffic for a Service, before anybody looked for its pods. */
export interface ServiceShare {
  /** Name that answers give it. */
  readonly host: string;
  readonly subset?: string;
  readonly port: number;
  readonly weight: number;
  /** Absent for destinations outside of the cluster. */
  readonly service?: Service;
  readonly fault?: string;
  /** Tells the pods of a subset. */
  readonly takes?: (workload: Workload) => boolean;
}

/** Finds the pods that a share of traffic may reach. */
export function destinationOf(cluster: Cluster, share: ServiceShare, securityOf: (pod: Pod, port: number) => TransportSecurity): SentDestination {
  const { fault, host, port, service, subset, takes, weight } = share;
  const base = { host, ...(subset === undefined ? {} : { subset }), port, weight };
  if (fault !== undefined) return { ...base, healthy: false, fault, targets: [] };
  if (!service) return { ...base, targets: [] };
  const declared = service.ports.find(item => item.number === port);
  if (!declared) return { ...base, healthy: false, fault: `Service ${service.namespace}/${service.name} has no port ${port}`, targets: [] };
  const { healthy, pods } = cluster.family(KUBE_SERVICES).behind(service, declared);
  const chosen = takes ? pods.filter(item => takes(item.workload)) : pods;
  const targets = chosen.filter(item => item.ready).map((item): Target => {
    const pod = podOfWorkload(item.workload);
    return { pod, port: item.port, security: securityOf(pod, item.port) };
  });
  if (healthy === undefined && service.selector) {
    // No manifest has the pods: they are described by what their Service selects.
    const number = typeof declared.targetPort === 'number' ? declared.targetPort : port;
    const pod = describedPod(service.namespace, service.selector);
    return { ...base, targets: [{ pod, port: number, security: securityOf(pod, number) }] };
  }
  if (healthy === undefined) return { ...base, targets: [] };
  const alive = takes ? targets.length > 0 : healthy;
  return { ...base, healthy: alive, ...(alive ? {} : { fault: `no pod serves ${host}${subset === undefined ? '' : ` (${subset})`}` }), targets };
}
