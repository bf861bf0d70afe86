import type { Rule } from '../rule';
import { DESTINATIONS, SUBSETS } from '../support/hosts';
import { networking, SHOP } from '../support/samples';

/** Routes to subsets without DestinationRule. */
export const MESH0102: Rule = {
  id: 'MESH0102',
  title: 'A route leads to a subset that no DestinationRule defines',
  severity: 'error',
  why: 'A subset is a cluster of its own in the proxy. Without a DestinationRule that defines it there is none, and requests are answered with 503.',
  fix: 'Define the subset in a DestinationRule for exactly this host, and apply it before the VirtualService.',
  upstream: ['IST0101', 'KIA1107'],
  needsEverything: true,
  bad: [
    SHOP + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, subset: v2}}]}]}'),
    SHOP + networking('DestinationRule', 'shop/api', '{host: api, subsets: [{name: v1, labels: {app: api}}]}')
      + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, subset: v2}}]}]}'),
  ],
  good: [
    SHOP + networking('DestinationRule', 'shop/api', '{host: api.shop.svc.cluster.local, subsets: [{name: v1, labels: {app: api}}]}')
      + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, subset: v1}}]}]}'),
  ],
  check(cluster, tell) {
    const subsets = cluster.family(SUBSETS);
    for (const { service, path, host, subset } of cluster.family(DESTINATIONS)) {
      if (subset !== undefined && !subsets.get(host)?.has(subset)) tell(service.resource, [...path, 'subset'], `no DestinationRule for ${host} defines subset ${subset}`);
    }
  },
};
