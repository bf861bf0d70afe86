import { ISTIO } from '../../model/istio';
import { expandHost } from '../../routing/istio/hosts';
import type { Rule } from '../rule';
import { HOSTS } from '../support/hosts';
import { networking, SHOP } from '../support/samples';

/** DestinationRules for nothing. */
export const MESH0113: Rule = {
  id: 'MESH0113',
  title: 'A DestinationRule is for a host that no Service or ServiceEntry has',
  severity: 'warning',
  why: 'The settings are used for connections to the host, which nobody can make. Short names are looked up in the namespace of the DestinationRule.',
  fix: 'Write the full name `service.namespace.svc.cluster.local` of an existing Service, or a host of a ServiceEntry.',
  upstream: ['IST0174', 'KIA0202'],
  needsEverything: true,
  bad: [SHOP + networking('DestinationRule', 'shop/api', '{host: apii, trafficPolicy: {loadBalancer: {simple: RANDOM}}}')],
  good: [
    SHOP + networking('DestinationRule', 'shop/api', '{host: api, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'),
    SHOP + networking('DestinationRule', 'shop/all', '{host: "*.local", trafficPolicy: {loadBalancer: {simple: RANDOM}}}'),
  ],
  check(cluster, tell) {
    const hosts = cluster.family(HOSTS);
    for (const { resource, host } of cluster.family(ISTIO).destinationRules) {
      const full = expandHost(host, resource.namespace, cluster.domain);
      if (full.startsWith('*') || hosts.visible(full, resource.namespace).length > 0) continue;
      tell(resource, ['spec', 'host'], `there is no host ${full}`, hosts.isDecided(full) ? {} : { severity: 'info' });
    }
  },
};
