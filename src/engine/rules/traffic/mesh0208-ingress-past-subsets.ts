import { ISTIO } from '../../model/istio';
import { objectOf, objectsOf } from '../../model/json';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { DESTINATIONS } from '../support/hosts';
import { EDGE, networking, SHOP } from '../support/samples';

const SUBSETS = networking('DestinationRule', 'shop/api', '{host: api, subsets: [{name: v1, labels: {app: api}}]}');
const INSIDE = networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, subset: v1}}]}]}');

/** Routes of a gateway that go past those of the mesh. */
export const MESH0208: Rule = {
  id: 'MESH0208',
  title: 'A gateway sends requests past the subsets that the mesh uses for the host',
  severity: 'info',
  why: 'The proxy of the gateway uses the routes of its own VirtualService only. Subsets, weights and matches that another VirtualService has for the service do not count for requests from outside.',
  fix: 'Name the subsets in the VirtualService of the gateway, too, or bind one VirtualService to both the gateway and `mesh`.',
  upstream: ['IST0140'],
  bad: [SHOP + EDGE + SUBSETS + INSIDE + networking('VirtualService', 'shop/outside', '{hosts: [shop.example.com], gateways: [edge], http: [{route: [{destination: {host: api}}]}]}')],
  good: [SHOP + EDGE + SUBSETS + INSIDE + networking('VirtualService', 'shop/outside', '{hosts: [shop.example.com], gateways: [edge], http: [{route: [{destination: {host: api, subset: v1}}]}]}')],
  check(cluster, tell) {
    const inside = new Map<string, (typeof destinations)[number]>();
    const destinations = cluster.family(DESTINATIONS);
    for (const item of destinations) if (item.subset !== undefined && item.section === 'http' && !inside.has(item.host)) inside.set(item.host, item);
    const outside = new Set(cluster.family(ISTIO).virtualServices.filter((it) => it.gateways.some((name) => name !== 'mesh')));
    for (const item of destinations) {
      const other = inside.get(item.host);
      if (!outside.has(item.service) || item.subset !== undefined || item.section !== 'http' || item.isMirror || !other || other.service === item.service) continue;
      if (objectsOf(objectOf(item.service.http[item.rule]).route).length > 1) continue;
      tell(item.service.resource, item.path, `the routes to subsets of ${item.host} in ${mention(other.service.resource)} do not count for requests of the gateway`);
    }
  },
};
