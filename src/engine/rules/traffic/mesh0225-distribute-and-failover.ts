import { ISTIO } from '../../model/istio';
import { listOf, objectOf } from '../../model/json';
import type { Rule } from '../rule';
import { networking, SHOP } from '../support/samples';

/** Shares of localities that hinder failover. */
export const MESH0225: Rule = {
  id: 'MESH0225',
  title: 'Shares of localities and an order of failover in one policy',
  severity: 'warning',
  why: 'Where `distribute` gives shares to localities, those are all that proxies use: `failoverPriority` does nothing.',
  fix: 'Keep one of the two.',
  bad: [SHOP + networking('DestinationRule', 'shop/api', '{host: api, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}, '
    + 'loadBalancer: {localityLbSetting: {distribute: [{from: "eu/*", to: {"eu/*": 100}}], failoverPriority: [topology.kubernetes.io/region]}}}}')],
  good: [SHOP + networking('DestinationRule', 'shop/api', '{host: api, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}, loadBalancer: {localityLbSetting: {failoverPriority: [topology.kubernetes.io/region]}}}}')],
  check(cluster, tell) {
    for (const { resource, trafficPolicy } of cluster.family(ISTIO).destinationRules) {
      const setting = objectOf(objectOf(trafficPolicy?.loadBalancer).localityLbSetting);
      const both = listOf(setting.distribute).length > 0 && (listOf(setting.failoverPriority).length > 0 || listOf(setting.failover).length > 0);
      if (both) tell(resource, ['spec', 'trafficPolicy', 'loadBalancer', 'localityLbSetting'], 'distribute leaves nothing to fail over');
    }
  },
};
