import type { LinkerdPod } from '../../authz/linkerd/inbound-policy';
import { hasPort } from '../../match/port-list';
import { CORE } from '../../model/core';
import { own, StringMap } from '../../model/json';
import { LINKERD, usesLinkerd } from '../../model/linkerd';
import type { Cluster, Family } from '../../model/model';
import type { Pod } from '../data-plane';

const INJECT = 'linkerd.io/inject';
const CONFIG = 'config.linkerd.io/';

/** Says which pods have a Linkerd proxy, and what their namespaces pass on to them. */
export interface LinkerdMembers {
  /** Why membership was taken for granted. */
  readonly assumed?: string;
  has(pod: Pod): boolean;
  /** A pod with the configuration of its namespace. */
  configured(pod: Pod): LinkerdPod;
  /** Whether a port is kept from the proxy, on the way in or out. */
  skips(pod: Pod, direction: 'inbound' | 'outbound', port: number): boolean;
}

/** Whether the manifests use Linkerd. */
export function isLinkerdUsed(cluster: Cluster): boolean {
  const { mesh } = cluster.options;
  if (mesh !== undefined) return mesh === 'linkerd';
  return usesLinkerd(cluster) || declares(cluster);
}

/** Reader of how pods take part in Linkerd. */
export const LINKERD_MEMBERS: Family<LinkerdMembers> = {
  name: 'linkerd-members',
  read(cluster: Cluster): LinkerdMembers {
    const declared = declares(cluster);
    const namespaceOf = (name: string): StringMap => cluster.find('', 'Namespace', '', name)?.annotations ?? {};
    const configured = (pod: Pod): LinkerdPod => {
      const inherited = Object.entries(namespaceOf(pod.namespace)).filter(([name]) => name.startsWith(CONFIG));
      const annotations = inherited.length > 0 ? { ...Object.fromEntries(inherited), ...pod.annotations } : pod.annotations;
      return { namespace: pod.namespace, labels: pod.labels, annotations, ports: pod.ports, workload: pod.workload };
    };
    return {
      assumed: declared ? undefined : 'no manifest says which pods have a proxy: all are taken to be in the mesh (linkerd)',
      configured,
      has: pod => {
        if (pod.workload?.containers.includes('linkerd-proxy')) return true;
        if (pod.workload?.hostNetwork) return false;
        if (!declared || !pod.workload) return true;
        const word = own(pod.annotations, INJECT) ?? own(namespaceOf(pod.namespace), INJECT);
        return word === 'enabled' || word === 'ingress';
      },
      skips: (pod, direction, port) => hasPort(own(configured(pod).annotations, `${CONFIG}skip-${direction}-ports`) ?? '', port),
    };
  },
};

function declares(cluster: Cluster): boolean {
  const core = cluster.family(CORE);
  return cluster.kind('', 'Namespace').some(item => own(item.annotations, INJECT) !== undefined)
    || core.workloads.some(item => own(item.annotations, INJECT) !== undefined || item.containers.includes('linkerd-proxy'));
}

/** The trust domain of a cluster's identities. */
export function trustDomainOf(cluster: Cluster): string {
  return cluster.family(LINKERD).settings.trustDomain;
}
