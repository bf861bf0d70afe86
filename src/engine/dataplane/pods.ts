import type { Address, Pod } from './data-plane';
import { CORE } from '../model/core';
import type { StringMap } from '../model/json';
import type { Cluster } from '../model/model';
import type { Workload } from '../model/workload';
import type { Endpoint } from '../routing/istio/endpoints';

const NOTHING: StringMap = Object.freeze({});

const ofWorkload = new WeakMap<Workload, Pod>();
const ofEndpoint = new WeakMap<Endpoint, Pod>();

/** The pods of a workload. */
export function podOfWorkload(workload: Workload): Pod {
  let pod = ofWorkload.get(workload);
  if (!pod) ofWorkload.set(workload, pod = { ...fieldsOf(workload), labels: workload.labels });
  return pod;
}

/** The pod behind an endpoint, or the machine that it stands for. */
export function podOfEndpoint(endpoint: Endpoint): Pod {
  let pod = ofEndpoint.get(endpoint);
  if (!pod) {
    const { address, labels, namespace, serviceAccount, workload } = endpoint;
    pod = workload
      ? { ...fieldsOf(workload), labels, address }
      : { namespace, labels, annotations: NOTHING, ports: [], serviceAccount, address };
    ofEndpoint.set(endpoint, pod);
  }
  return pod;
}

/** The pod that an address of its own means. */
export function podAt(cluster: Cluster, { host }: Address): Pod | undefined {
  const place = host === undefined ? undefined : cluster.family(CORE).podsByAddress.get(host);
  return place && { ...podOfWorkload(place.workload), address: host };
}

/** A pod of which only a request tells. */
export function describedPod(namespace: string, labels: StringMap): Pod {
  return { namespace, labels, annotations: NOTHING, ports: [] };
}

function fieldsOf(workload: Workload): Omit<Pod, 'address' | 'labels'> {
  const { annotations, namespace, ports, serviceAccount } = workload;
  return { namespace, annotations, ports, serviceAccount, workload };
}
