import type { Pod } from './data-plane';
import type { JsonObject } from '../model/json';

/** A pod in answers. */
export function explainPod(pod: Pod): JsonObject {
  return {
    namespace: pod.namespace,
    ...(pod.workload ? { workload: { kind: pod.workload.kind, name: pod.workload.name } } : {}),
    ...(pod.serviceAccount === undefined ? {} : { serviceAccount: pod.serviceAccount }),
    labels: pod.labels,
  };
}
