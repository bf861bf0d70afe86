import { JsonObject, numberOf, objectOf, objectsOf, own, StringMap, stringMapOf, textOf } from './json';
import { Resource } from './resource';

/** A port that a container declares. */
export interface ContainerPort {
  readonly name?: string;
  readonly number: number;
  readonly protocol: string;
}

/** A pod, known from the manifests or inferred from a template. */
export interface PodInstance {
  readonly labels: StringMap;
  /** Pod addresses; empty for inferred pods. */
  readonly addresses: readonly string[];
  /** False for pods that finished, failed or are not ready. */
  readonly ready: boolean;
  /** Name of the Pod object; absent for inferred pods. */
  readonly name?: string;
  readonly nodeName?: string;
}

/** Pods that share a template. */
export interface Workload {
  /** The object that the manifests hold, such as a Deployment. */
  readonly owner: Resource;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pods. */
  readonly labels: StringMap;
  /** Annotations of the pods. */
  readonly annotations: StringMap;
  readonly serviceAccount: string;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  /** Names of all containers, init containers included. */
  readonly containers: readonly string[];
  /** At least one, unless scaled to zero. */
  readonly instances: readonly PodInstance[];
  /** The pod specification, for facts that only some readers need. */
  readonly podSpec: JsonObject;
}

const TEMPLATE_KINDS: { readonly [groupKind: string]: true } = {
  'apps/Deployment': true,
  'apps/StatefulSet': true,
  'apps/DaemonSet': true,
  'apps/ReplicaSet': true,
  '/ReplicationController': true,
  'batch/Job': true,
  'batch/CronJob': true,
  '/Pod': true,
  'argoproj.io/Rollout': true,
};

/** Whether a kind makes pods. */
export function isWorkloadKind(group: string, kind: string): boolean {
  return TEMPLATE_KINDS[`${group}/${kind}`] === true;
}

/** The pod template of an object that makes pods: its metadata and pod specification. */
export function podTemplateOf(resource: Resource): JsonObject {
  switch (resource.kind) {
    case 'Pod': return resource.object;
    case 'CronJob': return objectOf(objectOf(objectOf(resource.spec.jobTemplate).spec).template);
    default: return objectOf(resource.spec.template);
  }
}

/**
 * Reads the pods of one object.
 *
 * @param template where it differs from the object's own (a Rollout that refers to a Deployment)
 */
export function workloadOf(resource: Resource, template: JsonObject = podTemplateOf(resource)): Workload {
  const podSpec = objectOf(template.spec);
  const metadata = objectOf(template.metadata);
  const containers = objectsOf(podSpec.containers);
  const initContainers = objectsOf(podSpec.initContainers);
  const labels = stringMapOf(metadata.labels);
  return {
    owner: resource,
    kind: resource.kind,
    name: resource.name,
    namespace: resource.namespace,
    labels,
    annotations: stringMapOf(metadata.annotations),
    serviceAccount: textOf(podSpec.serviceAccountName) || textOf(podSpec.serviceAccount) || 'default',
    ports: [...containers, ...initContainers].flatMap(container => objectsOf(container.ports).map(containerPort)),
    hostNetwork: podSpec.hostNetwork === true,
    containers: [...containers, ...initContainers].map(container => textOf(container.name) ?? ''),
    instances: resource.kind === 'Pod' ? [podInstance(resource)] : inferredInstances(resource, labels),
    podSpec,
  };
}

/** The pod that a Pod object is. */
export function podInstance(pod: Resource): PodInstance {
  const status = objectOf(pod.object.status);
  const addresses = objectsOf(status.podIPs).map(item => textOf(item.ip)).filter(ip => ip !== undefined);
  const single = textOf(status.podIP);
  const phase = textOf(status.phase);
  const notReady = objectsOf(status.conditions).some(item => item.type === 'Ready' && item.status === 'False');
  return {
    labels: pod.labels,
    addresses: addresses.length > 0 || !single ? addresses : [single],
    ready: phase !== 'Failed' && phase !== 'Succeeded' && !notReady,
    name: pod.name,
    nodeName: textOf(pod.spec.nodeName),
  };
}

function inferredInstances(resource: Resource, labels: StringMap): PodInstance[] {
  return numberOf(resource.spec.replicas) === 0 ? [] : [{ labels, addresses: [], ready: true }];
}

function containerPort(port: JsonObject): ContainerPort {
  return { name: textOf(port.name), number: numberOf(port.containerPort) ?? 0, protocol: textOf(port.protocol) ?? 'TCP' };
}

/** The label of a pod by name. */
export function labelOf(workload: Pick<Workload, 'labels'>, key: string): string | undefined {
  return own(workload.labels, key);
}
