import { ISTIO } from '../../model/istio';
import { pushTo } from '../../model/label-index';
import type { Resource } from '../../model/resource';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { networking, object, SHOP } from '../support/samples';

const EGRESS = '{egress: [{hosts: ["./*"]}]}';

/** Two objects where only one counts. */
export const MESH0203: Rule = {
  id: 'MESH0203',
  title: 'Two Sidecars or Telemetries of one namespace select all of its pods',
  severity: 'error',
  why: 'Only the oldest one without selector counts for a namespace, so it depends on the order of creation which one does.',
  fix: 'Keep one object without selector per namespace.',
  upstream: ['IST0111', 'IST0160', 'KIA0002'],
  bad: [
    SHOP + networking('Sidecar', 'shop/one', EGRESS) + networking('Sidecar', 'shop/two', EGRESS),
    SHOP + object('telemetry.istio.io/v1', 'Telemetry', 'shop/one', 'spec: {tracing: [{randomSamplingPercentage: 1}]}') + object('telemetry.istio.io/v1', 'Telemetry', 'shop/two', 'spec: {tracing: [{randomSamplingPercentage: 5}]}'),
  ],
  good: [SHOP + networking('Sidecar', 'shop/one', EGRESS) + networking('Sidecar', 'shop/two', '{workloadSelector: {labels: {app: api}}, egress: [{hosts: ["./*"]}]}')],
  check(cluster, tell) {
    const find = (resources: readonly Resource[], isGeneral: (resource: Resource) => boolean, upstream: readonly string[]): void => {
      const general = new Map<string, Resource[]>();
      for (const resource of resources) if (isGeneral(resource)) pushTo(general, resource.namespace, resource);
      for (const list of general.values()) {
        if (list.length < 2) continue;
        for (const resource of list) tell(resource, [], `${mention(list.find((it) => it !== resource)!)} is for all pods of the namespace, too`, { upstream });
      }
    };
    find(cluster.family(ISTIO).sidecars.map((it) => it.resource), ({ spec }) => !spec.workloadSelector, ['IST0111', 'KIA0002']);
    find(cluster.kind('telemetry.istio.io', 'Telemetry'), ({ spec }) => !spec.selector && !spec.targetRef && !spec.targetRefs, ['IST0160']);
  },
};
