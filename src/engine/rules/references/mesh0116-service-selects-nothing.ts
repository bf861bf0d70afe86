import { CORE } from '../../model/core';
import type { Rule } from '../rule';
import { PODS, workloadsOf } from '../support/pods';
import { deployment, INJECTED, service, SHOP } from '../support/samples';

/** Services without pods. */
export const MESH0116: Rule = {
  id: 'MESH0116',
  title: 'A Service selects no pods',
  severity: 'info',
  why: 'Requests to a Service without endpoints are answered with 503 by every mesh.',
  fix: 'Use labels of the pod template in the selector.',
  needsEverything: true,
  bad: [INJECTED + deployment('shop/web') + service('shop/api')],
  good: [SHOP],
  check(cluster, tell) {
    const pods = cluster.family(PODS);
    for (const item of cluster.family(CORE).services) {
      if (!item.selector || Object.keys(item.selector).length === 0 || workloadsOf(cluster, item).length > 0 || pods.exists(item.selector, item.namespace)) continue;
      if (!pods.knows(item.namespace) || cluster.find('', 'Service', item.namespace, item.name) !== item.resource) continue;
      tell(item.resource, ['spec', 'selector'], `no pod of namespace ${item.namespace} has the labels ${Object.entries(item.selector).map(([key, value]) => `${key}=${value}`).join(', ')}`);
    }
  },
};
