import { ISTIO } from '../../model/istio';
import { objectOf, textOf } from '../../model/json';
import { visibilityOf } from '../../routing/istio/route-config';
import type { Rule } from '../rule';
import { EDGE, networking, SHOP } from '../support/samples';

const ROOT = '{hosts: [shop.example.com], gateways: [edge], http: [{match: [{uri: {prefix: /api}}], delegate: {name: part}}]}';

/** Delegates that are not there. */
export const MESH0115: Rule = {
  id: 'MESH0115',
  title: 'A VirtualService delegates to one that it cannot use',
  severity: 'error',
  why: 'A rule whose delegate is missing, has hosts of its own or is not exported to the namespace is left out, and its requests are answered with 404.',
  fix: 'Add a VirtualService without hosts of that name, and export it to the namespace of the one that delegates.',
  needsEverything: true,
  bad: [
    SHOP + EDGE + networking('VirtualService', 'shop/root', ROOT),
    SHOP + EDGE + networking('VirtualService', 'shop/root', ROOT) + networking('VirtualService', 'shop/part', '{hosts: [api], http: [{route: [{destination: {host: api}}]}]}'),
  ],
  good: [SHOP + EDGE + networking('VirtualService', 'shop/root', ROOT) + networking('VirtualService', 'shop/part', '{http: [{route: [{destination: {host: api}}]}]}')],
  check(cluster, tell) {
    const { virtualServices, mesh } = cluster.family(ISTIO);
    const byName = new Map(virtualServices.map((item) => [`${item.resource.namespace}/${item.resource.name}`, item]));
    for (const { resource, http } of virtualServices) {
      http.forEach((rule, index) => {
        if (!rule.delegate) return;
        const reference = objectOf(rule.delegate);
        const name = `${textOf(reference.namespace) || resource.namespace}/${textOf(reference.name) ?? ''}`;
        const target = byName.get(name);
        const visible = target && visibilityOf(target.exportTo, mesh.defaultVirtualServiceExportTo, target.resource.namespace);
        const problem = !target ? 'does not exist' : target.hosts.length > 0 ? 'has hosts of its own'
          : visible!.everywhere || visible!.namespaces.has(resource.namespace) ? undefined : `is not exported to ${resource.namespace}`;
        if (problem) tell(resource, ['spec', 'http', index, 'delegate'], `VirtualService ${name} ${problem}`);
      });
    }
  },
};
