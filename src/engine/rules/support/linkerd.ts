import type { LinkerdPod } from '../../authz/linkerd/inbound-policy';
import { LINKERD_MEMBERS } from '../../dataplane/linkerd/membership';
import { podOfWorkload } from '../../dataplane/pods';
import { CORE } from '../../model/core';
import { pushTo } from '../../model/label-index';
import { labelSelector } from '../../model/labels';
import { LINKERD } from '../../model/linkerd';
import type { LinkerdServer } from '../../model/linkerd/policies';
import type { Cluster, Family } from '../../model/model';
import type { Workload } from '../../model/workload';

/** The workloads of each Server, by the labels of their pods. */
export const SERVER_PODS: Family<ReadonlyMap<LinkerdServer, readonly Workload[]>> = {
  name: 'rules-linkerd-server-pods',
  read(cluster: Cluster): ReadonlyMap<LinkerdServer, readonly Workload[]> {
    const byNamespace = new Map<string, Workload[]>();
    for (const workload of cluster.family(CORE).workloads) pushTo(byNamespace, workload.namespace, workload);
    return new Map(cluster.family(LINKERD).servers.map((server) => {
      const test = server.podSelector ? labelSelector(server.podSelector) : () => false;
      return [server, (byNamespace.get(server.resource.namespace) ?? []).filter((workload) => test(workload.labels))];
    }));
  },
};

/** Numbers that a Server's port has on a workload. */
export function portsOfServer(server: LinkerdServer, workload: Workload): number[] {
  const { port } = server;
  return typeof port === 'number' ? [port] : workload.ports.filter((it) => it.name === port).map((it) => it.number);
}

/** A workload with the configuration that its namespace passes on. */
export function linkerdPod(cluster: Cluster, workload: Workload): LinkerdPod {
  return cluster.family(LINKERD_MEMBERS).configured(podOfWorkload(workload));
}
