import { CORE } from '../../model/core';
import { LINKERD } from '../../model/linkerd';
import type { Rule } from '../rule';
import { portsOfServer, SERVER_PODS } from '../support/linkerd';
import { linkerd, LINKERD_SHOP } from '../support/samples';

const server = (labels: string, port: string): string => linkerd('v1beta3', 'Server', 'shop/api', `{podSelector: {matchLabels: ${labels}}, port: ${port}, accessPolicy: all-authenticated}`);

/** Servers without pods or port. */
export const MESH0607: Rule = {
  id: 'MESH0607',
  title: 'A Server selects no pods, or a port that they do not have',
  severity: 'warning',
  why: 'Nothing is served by this Server, so its policies and routes apply to nothing and the default policy holds.',
  fix: 'Use labels of the pod template, and the name or number of a port of its containers.',
  needsEverything: true,
  bad: [LINKERD_SHOP + server('{app: backend}', '8080'), LINKERD_SHOP + server('{app: api}', 'http')],
  good: [LINKERD_SHOP + server('{app: api}', '8080')],
  check(cluster, tell) {
    const known = new Set(cluster.family(CORE).workloads.map((it) => it.namespace));
    const pods = cluster.family(SERVER_PODS);
    for (const item of cluster.family(LINKERD).servers) {
      if (!item.podSelector || !known.has(item.resource.namespace)) continue;
      const selected = pods.get(item) ?? [];
      if (selected.length === 0) tell(item.resource, ['spec', 'podSelector'], `it selects no pod of namespace ${item.resource.namespace}`);
      else if (selected.every((pod) => portsOfServer(item, pod).length === 0)) tell(item.resource, ['spec', 'port'], `no container of ${selected[0].kind} ${selected[0].name} has a port called ${item.port}`);
    }
  },
};
