import { flaggerObjects } from './flagger';
import { objectOf, objectsOf, own, StringMap, textOf } from './json';
import { LabelIndex, pushTo } from './label-index';
import type { Cluster, Family } from './model';
import { Resource, resourceOf } from './resource';
import { EndpointSlice, endpointSliceOf, endpointsOf, Service, serviceOf } from './service';
import { isWorkloadKind, podInstance, PodInstance, podTemplateOf, Workload, workloadOf } from './workload';

/** What the core kinds of a cluster say. */
export interface CoreFacts {
  readonly services: readonly Service[];
  /** By `NS/NAME`. */
  readonly servicesByName: ReadonlyMap<string, Service>;
  readonly workloads: readonly Workload[];
  /** Workloads of a namespace by the labels of their pods. */
  readonly workloadsByNamespace: ReadonlyMap<string, LabelIndex<Workload>>;
  /** By `NS/NAME` of the Service. */
  readonly endpointSlices: ReadonlyMap<string, readonly EndpointSlice[]>;
  /** The workload and pod of each known pod address. */
  readonly podsByAddress: ReadonlyMap<string, PodPlace>;
  /** Labels of declared namespaces. */
  readonly namespaceLabels: ReadonlyMap<string, StringMap>;
  /** Every namespace that is declared or that some object lives in. */
  readonly namespaces: readonly string[];
}

/** A pod within its workload. */
export interface PodPlace {
  readonly workload: Workload;
  readonly instance: PodInstance;
}

/** Reader of namespaces, workloads, Services and endpoints. */
export const CORE: Family<CoreFacts> = { name: 'core', read: readCore };

/** The label that Kubernetes puts on every namespace. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

function readCore(cluster: Cluster): CoreFacts {
  const made = flaggerObjects(cluster).map(resourceOf).filter(item => item !== undefined);
  const services = withInferred(cluster.kind('', 'Service'), made.filter(item => item.kind === 'Service')).map(serviceOf);
  const workloads = readWorkloads(cluster, made.filter(item => item.kind !== 'Service'));
  const endpointSlices = new Map<string, EndpointSlice[]>();
  const slices = [
    ...cluster.kind('discovery.k8s.io', 'EndpointSlice').map(endpointSliceOf).filter(item => item !== undefined),
    ...cluster.kind('', 'Endpoints').flatMap(endpointsOf),
  ];
  for (const slice of slices) pushTo(endpointSlices, `${slice.namespace}/${slice.service}`, slice);
  const podsByAddress = new Map<string, PodPlace>();
  const workloadsByNamespace = new Map<string, LabelIndex<Workload>>();
  for (const workload of workloads) {
    let index = workloadsByNamespace.get(workload.namespace);
    if (!index) workloadsByNamespace.set(workload.namespace, index = new LabelIndex());
    index.add(workload.labels, workload);
    for (const instance of workload.instances) {
      for (const address of instance.addresses) podsByAddress.set(address, { workload, instance });
    }
  }
  const declared = cluster.kind('', 'Namespace');
  return {
    services,
    servicesByName: new Map(services.map(service => [`${service.namespace}/${service.name}`, service])),
    workloads,
    workloadsByNamespace,
    endpointSlices,
    podsByAddress,
    namespaceLabels: new Map(declared.map(item => [item.name, { [NAMESPACE_NAME_LABEL]: item.name, ...item.labels }])),
    namespaces: [...new Set([...declared.map(item => item.name), ...cluster.namespacesInUse()])].sort(),
  };
}

/** The manifests' objects, then those inferred objects that the manifests do not hold themselves. */
function withInferred(written: readonly Resource[], inferred: readonly Resource[]): Resource[] {
  const names = new Set(written.map(item => `${item.namespace}/${item.name}`));
  return [...written, ...inferred.filter(item => !names.has(`${item.namespace}/${item.name}`))];
}

function readWorkloads(cluster: Cluster, inferred: readonly Resource[]): Workload[] {
  const owners: Resource[] = [];
  const pods: Resource[] = [];
  for (const resource of cluster.all()) {
    if (isWorkloadKind(resource.group, resource.kind)) (resource.kind === 'Pod' ? pods : owners).push(resource);
  }
  owners.push(...inferred);
  const byName = new Map(owners.map(item => [`${item.namespace}/${item.kind}/${item.name}`, item]));
  const podsOfOwner = new Map<Resource, Resource[]>();
  const loose: Resource[] = [];
  for (const pod of pods) {
    const owner = topOwner(pod, byName);
    if (owner) pushTo(podsOfOwner, owner, pod);
    else loose.push(pod);
  }
  const referenced = new Set<Resource>();
  const result: Workload[] = [];
  for (const owner of owners) {
    if (owner.kind !== 'Rollout') continue;
    const target = rolloutTarget(owner, byName);
    if (target) referenced.add(target);
  }
  for (const owner of owners) {
    // A ReplicaSet of a Deployment, or a Job of a CronJob, repeats its owner's template.
    if (topOwner(owner, byName) || referenced.has(owner)) continue;
    const target = owner.kind === 'Rollout' ? rolloutTarget(owner, byName) : undefined;
    const workload = workloadOf(owner, target ? podTemplateOf(target) : undefined);
    const members = podsOfOwner.get(owner);
    result.push(members ? { ...workload, instances: members.map(podInstance) } : workload);
  }
  result.push(...loose.map(pod => workloadOf(pod)));
  return result;
}

function topOwner(resource: Resource, byName: ReadonlyMap<string, Resource>): Resource | undefined {
  let found: Resource | undefined;
  let current: Resource | undefined = resource;
  for (let depth = 0; current && depth < 4; depth++) {
    const at: Resource = current;
    current = objectsOf(objectOf(at.object.metadata).ownerReferences)
      .map(reference => byName.get(`${at.namespace}/${textOf(reference.kind) ?? ''}/${textOf(reference.name) ?? ''}`))
      .find(owner => owner !== undefined && owner !== at);
    found = current ?? found;
  }
  return found;
}

/** The Deployment whose template a Rollout uses. */
function rolloutTarget(rollout: Resource, byName: ReadonlyMap<string, Resource>): Resource | undefined {
  const reference = objectOf(rollout.spec.workloadRef);
  return byName.get(`${rollout.namespace}/${textOf(reference.kind) ?? ''}/${textOf(reference.name) ?? ''}`);
}

/** Labels of a namespace, its name label included; also for namespaces that no manifest declares. */
export function labelsOfNamespace(facts: CoreFacts, namespace: string): StringMap {
  return facts.namespaceLabels.get(namespace) ?? { [NAMESPACE_NAME_LABEL]: namespace };
}

/** The workloads of a namespace that a selector selects by the labels of their pods. */
export function workloadsSelectedBy(facts: CoreFacts, namespace: string, selector: StringMap): Workload[] {
  return facts.workloadsByNamespace.get(namespace)?.find(selector) ?? [];
}

/** The annotation of a namespace or workload by name. */
export function annotationOf(annotations: StringMap, key: string): string | undefined {
  return own(annotations, key);
}
