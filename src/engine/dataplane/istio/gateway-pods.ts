import { CORE, workloadsSelectedBy } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { StringMap } from '../../model/json';
import { selects } from '../../model/labels';
import type { Cluster, Family } from '../../model/model';
import type { Workload } from '../../model/workload';
import { ENDPOINTS } from '../../routing/istio/endpoints';
import { ISTIO_KUBE_GATEWAYS, IstioKubeGateway } from '../../routing/istio/gateway-api-gateways';
import { portOf, REGISTRY } from '../../routing/istio/registry';
import type { Entrance, Pod } from '../data-plane';
import { podOfWorkload } from '../pods';

/** The pods that an entrance means. */
export interface EntrancePods {
  readonly pod?: Pod;
  /** What had to be taken for granted to find them. */
  readonly assumed?: string;
  /** Why there are none. */
  readonly missing?: string;
}

const NO_LABELS: StringMap = Object.freeze({});

/** Finds the pods of gateways; results are remembered. */
export interface GatewayPods {
  find(entrance: Entrance): EntrancePods;
}

/** Finder of the pods of gateways. */
export const GATEWAY_PODS: Family<GatewayPods> = {
  name: 'istio-gateway-pods',
  read(cluster: Cluster): GatewayPods {
    const known = new Map<string, EntrancePods>();
    return {
      find: entrance => {
        const key = JSON.stringify([entrance.gateway, entrance.namespace, entrance.labels]);
        let found = known.get(key);
        if (!found) known.set(key, found = find(cluster, entrance));
        return found;
      },
    };
  },
};

function find(cluster: Cluster, entrance: Entrance): EntrancePods {
  if (entrance.labels) return byLabels(cluster, entrance.labels, entrance.namespace);
  const name = entrance.gateway ?? '';
  const gateway = cluster.family(ISTIO).gateways.find(item => item.name === name);
  if (gateway) {
    const selector = gateway.selector ?? NO_LABELS;
    const owners = cluster.family(CORE).workloads.filter(item => selects(selector, item.labels)
      && (entrance.namespace === undefined || item.namespace === entrance.namespace));
    if (gateway.selector && owners.length > 0) return chosen(owners, `Gateway ${name}`);
    return byLabels(cluster, selector, entrance.namespace ?? gateway.resource.namespace);
  }
  const kube = cluster.family(ISTIO_KUBE_GATEWAYS)
    .find(item => `${item.gateway.resource.namespace}/${item.gateway.resource.name}` === name);
  return kube ? ofKubeGateway(cluster, kube) : { missing: `the manifests hold no gateway ${name}` };
}

function byLabels(cluster: Cluster, labels: StringMap, namespace: string | undefined): EntrancePods {
  const core = cluster.family(CORE);
  const owners = namespace === undefined
    ? core.workloads.filter(item => selects(labels, item.labels))
    : workloadsSelectedBy(core, namespace, labels);
  if (Object.keys(labels).length > 0 && owners.length > 0) return chosen(owners, 'the labels');
  const home = namespace ?? cluster.family(ISTIO).mesh.rootNamespace;
  const pod: Pod = { namespace: home, labels, annotations: NO_LABELS, ports: [] };
  return { pod, assumed: `the gateway's pods are not among the manifests: they are taken to live in namespace ${home}` };
}

function chosen(owners: readonly Workload[], by: string): EntrancePods {
  const [first] = owners;
  const assumed = owners.length > 1 ? `${by} means ${owners.length} workloads: ${first.namespace}/${first.name} is taken` : undefined;
  return { pod: podOfWorkload(first), assumed };
}

function ofKubeGateway(cluster: Cluster, kube: IstioKubeGateway): EntrancePods {
  const { namespace } = kube.gateway.resource;
  if (kube.managed) return { pod: managedPod(kube) };
  const registry = cluster.family(REGISTRY);
  const endpoints = cluster.family(ENDPOINTS);
  for (const gateway of kube.converted.values()) {
    for (const host of gateway.services ?? []) {
      for (const service of registry.named(host)) {
        const owner = service.ports.flatMap(port => endpoints.of(service, portOf(service, port.number)!).endpoints).find(item => item.workload)?.workload;
        if (owner) return { pod: podOfWorkload(owner) };
      }
    }
  }
  const pod: Pod = { namespace, labels: kube.podLabels, annotations: NO_LABELS, ports: [] };
  return { pod, assumed: 'the pods behind the gateway\'s address are not among the manifests' };
}

/** The pods that Istio makes for a Gateway. */
export function managedPod(kube: IstioKubeGateway): Pod {
  const { namespace } = kube.gateway.resource;
  return { namespace, labels: kube.podLabels, annotations: NO_LABELS, ports: [], serviceAccount: kube.serviceAccount };
}
