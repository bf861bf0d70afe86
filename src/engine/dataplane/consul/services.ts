import { FilteredInstance, instanceFilter } from '../../match/instance-filter';
import { hasPort } from '../../match/port-list';
import { CONSUL, ConsulFacts, usesConsul } from '../../model/consul';
import { CORE } from '../../model/core';
import { own, StringMap } from '../../model/json';
import { LabelIndex, pushTo, SelectorIndex } from '../../model/label-index';
import type { Cluster, Family } from '../../model/model';
import type { Service } from '../../model/service';
import type { Workload } from '../../model/workload';
import { KUBE_SERVICES } from '../../routing/kube-services';
import type { Pod } from '../data-plane';

const PREFIX = 'consul.hashicorp.com/';
const INJECT = `${PREFIX}connect-inject`;

/** Which pods are in Consul's mesh, and as which services. */
export interface ConsulServices {
  /** Why membership was taken for granted. */
  readonly assumed?: string;
  has(pod: Pod): boolean;
  /** Name of the service that a pod is registered as, at a port where it is registered as several. */
  nameOf(pod: Pod, port?: number): string | undefined;
  /** Name of the service behind a Service of Kubernetes; undefined where its pods are not in the mesh. */
  nameBehind(service: Service): string | undefined;
  /** The Services of Kubernetes whose pods are registered under a name. */
  behind(name: string): readonly Service[];
  /** Tells the workloads of a subset; undefined where its filter cannot be read. */
  subset(facts: ConsulFacts, name: string, subset: string): ((workload: Workload) => boolean) | undefined;
  /** Whether a port is kept from the proxy. */
  excludes(pod: Pod, direction: 'inbound' | 'outbound', port: number): boolean;
}

/** Whether the manifests use Consul. */
export function isConsulUsed(cluster: Cluster): boolean {
  const { mesh } = cluster.options;
  return mesh !== undefined ? mesh === 'consul' : usesConsul(cluster) || declares(cluster);
}

/** Reader of the services of Consul's mesh. */
export const CONSUL_SERVICES: Family<ConsulServices> = { name: 'consul-services', read: readServices };

function readServices(cluster: Cluster): ConsulServices {
  const core = cluster.family(CORE);
  const declared = declares(cluster);
  const selectors = new Map<string, SelectorIndex<Service>>();
  for (const service of [...core.services].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!service.selector || Object.keys(service.selector).length === 0 || own(service.resource.labels, `${PREFIX}service-ignore`) === 'true') continue;
    let index = selectors.get(service.namespace);
    if (!index) selectors.set(service.namespace, index = new SelectorIndex());
    index.add(service.selector, service);
  }
  const has = (pod: Pick<Pod, 'annotations' | 'workload'>): boolean => {
    if (pod.workload?.hostNetwork) return false;
    if (pod.workload?.containers.includes('consul-dataplane')) return true;
    const word = own(pod.annotations, INJECT);
    return word === undefined ? !declared || !pod.workload : word === 'true';
  };
  const nameOf = (pod: Pick<Pod, 'annotations' | 'labels' | 'namespace' | 'serviceAccount'>, port?: number): string | undefined => {
    const names = own(pod.annotations, `${PREFIX}connect-service`)?.split(',').map(item => item.trim());
    if (names && names.length > 0) {
      const ports = own(pod.annotations, `${PREFIX}connect-service-port`)?.split(',').map(item => item.trim()) ?? [];
      return names[Math.max(0, ports.indexOf(String(port)))];
    }
    const found = selectors.get(pod.namespace)?.find(pod.labels) ?? [];
    const wanted = own(pod.annotations, `${PREFIX}kubernetes-service`);
    const fitting = wanted === undefined ? found : found.filter(item => item.name === wanted);
    const atPort = fitting.find(item => item.ports.some(other => other.targetPort === port));
    return (atPort ?? fitting[0])?.name ?? pod.serviceAccount;
  };
  const byName = new Map<string, Service[]>();
  const nameBehind = (service: Service): string | undefined => {
    const pods = podsOf(core.workloadsByNamespace.get(service.namespace), service);
    if (pods.length === 0) return core.workloads.length === 0 || cluster.family(CONSUL).defaults.has(service.name) ? service.name : undefined;
    const member = pods.find(workload => has({ annotations: workload.annotations, workload }));
    return member && nameOf(member, numeric(service));
  };
  for (const service of core.services) {
    const name = nameBehind(service);
    if (name !== undefined) pushTo(byName, name, service);
  }
  return {
    assumed: declared ? undefined : 'no manifest says which pods have a proxy: all are taken to be in the mesh (consul)',
    has,
    nameOf,
    nameBehind,
    behind: name => byName.get(name) ?? [],
    subset: (facts, name, subset) => {
      const written = own((facts.resolvers.get(name)?.spec.subsets ?? {}) as { [name: string]: { filter?: unknown } }, subset)?.filter;
      if (typeof written !== 'string' || written.trim() === '') return () => true;
      const test = instanceFilter(written);
      return test && (workload => test(instanceOf(workload)));
    },
    excludes: (pod, direction, port) => hasPort(own(pod.annotations, `${PREFIX}transparent-proxy-exclude-${direction}-ports`) ?? '', port),
  };
}

function podsOf(index: LabelIndex<Workload> | undefined, { selector }: Service): readonly Workload[] {
  return index && selector && Object.keys(selector).length > 0 ? index.find(selector) : [];
}

function numeric({ ports }: Service): number | undefined {
  const target = ports[0]?.targetPort;
  return typeof target === 'number' ? target : undefined;
}

/** What Consul knows of the pods of a workload: the metadata and tags that their annotations give. */
function instanceOf({ annotations, namespace }: Workload): FilteredInstance {
  const meta: { [name: string]: string } = { 'k8s-namespace': namespace };
  for (const [name, value] of Object.entries<string>(annotations as StringMap)) {
    if (name.startsWith(`${PREFIX}service-meta-`)) meta[name.slice(`${PREFIX}service-meta-`.length)] = value;
  }
  return { meta, tags: (own(annotations, `${PREFIX}service-tags`) ?? '').split(',').filter(tag => tag !== '') };
}

function declares(cluster: Cluster): boolean {
  return cluster.family(CORE).workloads.some(item => own(item.annotations, INJECT) !== undefined || item.containers.includes('consul-dataplane'));
}

/** The port of a Service that traffic for a service comes in by: the one that was called, else the first. */
export function portOf(service: Service, called: number): number {
  return service.ports.some(item => item.number === called) ? called : service.ports[0]?.number ?? called;
}

/** Name of a Service in the cluster's DNS. */
export function hostOf(cluster: Cluster, service: Service): string {
  return cluster.family(KUBE_SERVICES).hostOf(service);
}
