import { CORE } from '../../model/core';
import { ISTIO, usesIstio } from '../../model/istio';
import { own, StringMap } from '../../model/json';
import type { Cluster, Family } from '../../model/model';
import type { Workload } from '../../model/workload';
import { ISTIO_KUBE_GATEWAYS } from '../../routing/istio/gateway-api-gateways';
import type { Pod } from '../data-plane';

/** How a pod takes part in Istio. */
export type IstioMode = 'ambient' | 'none' | 'sidecar';

/** How a pod takes part, and whether the manifests say so. */
export interface Membership {
  readonly mode: IstioMode;
  /** Why the mode was taken for granted. */
  readonly assumed?: string;
}

/** Says how pods take part in Istio; results are remembered. */
export interface Memberships {
  of(pod: Pick<Pod, 'annotations' | 'labels' | 'namespace' | 'workload'>): Membership;
}

const INJECT = 'sidecar.istio.io/inject';
const REVISION = 'istio.io/rev';
const INJECTION = 'istio-injection';
const MODE = 'istio.io/dataplane-mode';

/** Labels and annotations by which manifests say that pods are in the mesh or out of it. */
const DECLARING = [INJECT, REVISION, INJECTION, MODE, 'security.istio.io/tlsMode'];

/** Whether the manifests use Istio. */
export function isIstioUsed(cluster: Cluster): boolean {
  const { mesh } = cluster.options;
  if (mesh !== undefined) return mesh === 'istio' || mesh === 'istio-ambient';
  if (usesIstio(cluster) || cluster.family(ISTIO).mesh.found || cluster.family(ISTIO_KUBE_GATEWAYS).length > 0) return true;
  return declares(cluster);
}

/** Reader of how pods take part in Istio. */
export const ISTIO_MEMBERSHIPS: Family<Memberships> = {
  name: 'istio-memberships',
  read(cluster: Cluster): Memberships {
    const { namespaceLabels } = cluster.family(CORE);
    const declared = declares(cluster);
    const fallback: IstioMode = cluster.options.mesh === 'istio-ambient' ? 'ambient' : 'sidecar';
    const known = new Map<Workload, Membership>();
    const decide = (pod: Parameters<Memberships['of']>[0]): Membership => {
      const byPod = podMode(pod.labels, pod.annotations, pod.workload?.containers ?? [], pod.workload?.hostNetwork === true);
      if (byPod) return { mode: byPod };
      const namespace = namespaceLabels.get(pod.namespace);
      if (namespace && declared) return { mode: namespaceMode(namespace, pod.labels) };
      const reason = declared ? `the manifests do not hold namespace ${pod.namespace}` : 'no manifest says which pods have a proxy';
      return { mode: fallback, assumed: `${reason}: its pods are taken to be in the mesh (${fallback})` };
    };
    return {
      of: pod => {
        if (!pod.workload) return decide(pod);
        let found = known.get(pod.workload);
        if (!found) known.set(pod.workload, found = decide(pod));
        return found;
      },
    };
  },
};

/** Whether any manifest says of any pod that it is in the mesh or out of it. */
function declares(cluster: Cluster): boolean {
  const core = cluster.family(CORE);
  const named = (labels: StringMap): boolean => DECLARING.some(label => own(labels, label) !== undefined);
  return [...core.namespaceLabels.values()].some(named)
    || core.workloads.some(item => named(item.labels) || named(item.annotations) || item.containers.includes('istio-proxy'));
}

/** What a pod itself says. */
function podMode(labels: StringMap, annotations: StringMap, containers: readonly string[], hostNetwork: boolean): IstioMode | undefined {
  if (containers.includes('istio-proxy') || own(labels, 'security.istio.io/tlsMode') === 'istio') return 'sidecar';
  if (hostNetwork) return 'none';
  const inject = own(labels, INJECT) ?? own(annotations, INJECT);
  if (inject === 'true') return 'sidecar';
  const mode = own(labels, MODE);
  if (mode === 'ambient') return 'ambient';
  if (mode === 'none') return 'none';
  return inject === 'false' ? 'none' : undefined;
}

/** What a namespace says of its pods; a sidecar wins over ambient. */
function namespaceMode(labels: StringMap, podLabels: StringMap): IstioMode {
  const injection = own(labels, INJECTION);
  const revision = own(labels, REVISION) ?? (injection === undefined ? own(podLabels, REVISION) : undefined);
  if (injection === 'enabled' || (injection === undefined && revision !== undefined)) return 'sidecar';
  return own(labels, MODE) === 'ambient' ? 'ambient' : 'none';
}
