import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { selects } from '../../model/labels';
import type { Cluster, Family } from '../../model/model';
import type { Service } from '../../model/service';
import { expandHost } from '../../routing/istio/hosts';
import { serviceHost } from '../../routing/istio/registry';
import type { Rule } from '../rule';
import { workloadsOf } from '../support/pods';
import { networking, object, SHOP } from '../support/samples';

const SERVICES: Family<ReadonlyMap<string, Service>> = {
  name: 'rules-services-by-host',
  read: (cluster: Cluster) => new Map(cluster.family(CORE).services.map((item) => [serviceHost(item.name, item.namespace, cluster.domain), item])),
};

/** Subsets without pods. */
export const MESH0112: Rule = {
  id: 'MESH0112',
  title: 'A subset of a DestinationRule selects no pods',
  severity: 'error',
  why: 'Requests to a subset without pods are answered with 503.',
  fix: 'Use labels that some pods behind the Service have.',
  upstream: ['IST0173', 'KIA0203'],
  needsEverything: true,
  bad: [SHOP + networking('DestinationRule', 'shop/api', '{host: api, subsets: [{name: v2, labels: {version: v2}}]}')],
  good: [
    SHOP + networking('DestinationRule', 'shop/api', '{host: api, subsets: [{name: all, labels: {app: api}}]}'),
    SHOP + networking('DestinationRule', 'shop/api', '{host: api, subsets: [{name: canary, labels: {app: api, rollouts-pod-template-hash: abc}}, {name: empty}]}'),
    SHOP + object('argoproj.io/v1alpha1', 'Rollout', 'shop/api', 'spec: {selector: {matchLabels: {app: api}}, template: {metadata: {labels: {app: api}}, spec: {containers: [{name: app, image: example/app}]}}, '
      + 'strategy: {canary: {trafficRouting: {istio: {virtualService: {name: api}, destinationRule: {name: api, canarySubsetName: canary, stableSubsetName: stable}}}}}}')
      + networking('DestinationRule', 'shop/api', '{host: api, subsets: [{name: canary, labels: {app: api, version: new}}, {name: stable, labels: {app: api}}]}')
      + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{name: all, route: [{destination: {host: api, subset: stable}, weight: 100}, {destination: {host: api, subset: canary}, weight: 0}]}]}'),
  ],
  check(cluster, tell) {
    const services = cluster.family(SERVICES);
    const owned = new Set(cluster.kind('argoproj.io', 'Rollout').map((rollout) => rollout.namespace));
    for (const { resource, host, subsets } of cluster.family(ISTIO).destinationRules) {
      const service = services.get(expandHost(host, resource.namespace, cluster.domain));
      const pods = service ? workloadsOf(cluster, service) : [];
      // Without any pods the Service is at fault; with a Rollout, its controller writes the labels.
      if (pods.length === 0) continue;
      subsets.forEach((subset, index) => {
        if (Object.hasOwn(subset.labels, 'rollouts-pod-template-hash') || owned.has(resource.namespace) || Object.keys(subset.labels).some((key) => key.startsWith('topology.'))) return;
        if (pods.some((pod) => selects(subset.labels, pod.labels))) return;
        tell(resource, ['spec', 'subsets', index, 'labels'], `no pod of ${host} has the labels ${Object.entries(subset.labels).map(([key, value]) => `${key}=${value}`).join(', ')}`);
      });
    }
  },
};
