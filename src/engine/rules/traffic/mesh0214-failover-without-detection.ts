import { ISTIO } from '../../model/istio';
import { JsonObject, listOf, objectOf } from '../../model/json';
import type { FieldSteps, Rule } from '../rule';
import { networking, SHOP } from '../support/samples';

const rule = (policy: string): string => SHOP + networking('DestinationRule', 'shop/api', `{host: api, trafficPolicy: ${policy}}`);

/** Failover that never happens. */
export const MESH0214: Rule = {
  id: 'MESH0214',
  title: 'Failover between localities without outlier detection',
  severity: 'error',
  why: 'Proxies prefer near endpoints only where outlier detection tells them which ones are healthy. Without it `failover` and `failoverPriority` do nothing: requests go to all localities alike.',
  fix: 'Add `outlierDetection` to the same traffic policy.',
  sources: ['https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/'],
  bad: [
    rule('{loadBalancer: {localityLbSetting: {failover: [{from: eu-west, to: eu-north}]}}}'),
    rule('{loadBalancer: {localityLbSetting: {failoverPriority: [topology.kubernetes.io/region]}}}'),
  ],
  good: [
    rule('{outlierDetection: {consecutive5xxErrors: 5}, loadBalancer: {localityLbSetting: {failover: [{from: eu-west, to: eu-north}]}}}'),
    rule('{loadBalancer: {localityLbSetting: {distribute: [{from: "eu/*", to: {"eu/*": 100}}]}}}'),
  ],
  check(cluster, tell) {
    for (const { resource, trafficPolicy, subsets } of cluster.family(ISTIO).destinationRules) {
      const look = (policy: JsonObject | undefined, base: JsonObject | undefined, path: FieldSteps): void => {
        const setting = objectOf(objectOf(policy?.loadBalancer).localityLbSetting);
        if (setting.enabled === false || (listOf(setting.failover).length === 0 && listOf(setting.failoverPriority).length === 0)) return;
        if (!policy?.outlierDetection && !base?.outlierDetection) tell(resource, [...path, 'loadBalancer', 'localityLbSetting'], 'failover needs outlier detection, and this policy has none');
      };
      look(trafficPolicy, undefined, ['spec', 'trafficPolicy']);
      subsets.forEach((subset, index) => look(subset.trafficPolicy, trafficPolicy, ['spec', 'subsets', index, 'trafficPolicy']));
    }
  },
};
