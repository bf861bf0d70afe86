import { workloadsSelectedBy, CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import type { StringMap } from '../../model/json';
import { pushTo } from '../../model/label-index';
import { matchLabelsOf } from '../../model/labels';
import type { Resource } from '../../model/resource';
import type { Workload } from '../../model/workload';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { networking, SHOP } from '../support/samples';

const EGRESS = 'egress: [{hosts: ["./*"]}]';

/** Two objects that select the same pods, where only one counts. */
export const MESH0204: Rule = {
  id: 'MESH0204',
  title: 'Two Sidecars or Telemetries select the same pods',
  severity: 'error',
  why: 'Only one Sidecar, and one Telemetry, counts for a pod: the oldest that selects it. The settings of the other one are lost.',
  fix: 'Let each pod be selected once.',
  upstream: ['IST0110', 'IST0159', 'KIA0003'],
  bad: [SHOP + networking('Sidecar', 'shop/one', `{workloadSelector: {labels: {app: api}}, ${EGRESS}}`) + networking('Sidecar', 'shop/two', `{workloadSelector: {labels: {app: api}}, ${EGRESS}}`)],
  good: [SHOP + networking('Sidecar', 'shop/one', `{workloadSelector: {labels: {app: api}}, ${EGRESS}}`) + networking('Sidecar', 'shop/all', `{${EGRESS}}`)],
  check(cluster, tell) {
    const core = cluster.family(CORE);
    const find = (items: readonly (readonly [Resource, StringMap | undefined])[], upstream: readonly string[]): void => {
      const byPod = new Map<Workload, Resource[]>();
      for (const [resource, selector] of items) {
        if (!selector || Object.keys(selector).length === 0) continue;
        for (const workload of workloadsSelectedBy(core, resource.namespace, selector)) pushTo(byPod, workload, resource);
      }
      for (const [workload, list] of byPod) {
        if (list.length < 2) continue;
        for (const resource of list) tell(resource, ['spec'], `${mention(list.find((it) => it !== resource)!)} selects the pods of ${workload.kind} ${workload.name}, too`, { upstream });
      }
    };
    find(cluster.family(ISTIO).sidecars.map((it) => [it.resource, it.workloadSelector]), ['IST0110', 'KIA0003']);
    find(cluster.kind('telemetry.istio.io', 'Telemetry').map((it) => [it, matchLabelsOf(it.spec.selector)]), ['IST0159']);
  },
};
