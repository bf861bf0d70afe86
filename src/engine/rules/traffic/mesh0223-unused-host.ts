import { ISTIO } from '../../model/istio';
import { expandHost } from '../../routing/istio/hosts';
import type { Rule } from '../rule';
import { HOSTS } from '../support/hosts';
import { networking, namespace, SHOP, service, deployment } from '../support/samples';

/** Routes for a service of another namespace. */
export const MESH0223: Rule = {
  id: 'MESH0223',
  title: 'A short host name means no service of its own namespace',
  severity: 'warning',
  why: 'Short names are completed with the namespace of the VirtualService. Callers use the full name of the service, whose namespace is another, so that the routes are never used.',
  fix: 'Write the full name `service.namespace.svc.cluster.local`.',
  needsEverything: true,
  bad: [SHOP + namespace('routes', '{istio-injection: disabled}') + service('routes/other') + deployment('routes/other')
    + networking('VirtualService', 'routes/api', '{hosts: [api], http: [{route: [{destination: {host: api.shop.svc.cluster.local}}]}]}')],
  good: [SHOP + networking('VirtualService', 'routes/api', '{hosts: [api.shop.svc.cluster.local], http: [{route: [{destination: {host: api.shop.svc.cluster.local}}]}]}')],
  check(cluster, tell) {
    const hosts = cluster.family(HOSTS);
    for (const { resource, hosts: names, gateways } of cluster.family(ISTIO).virtualServices) {
      if (gateways.length > 0 && !gateways.includes('mesh')) continue;
      names.forEach((name, index) => {
        const host = expandHost(name, resource.namespace, cluster.domain);
        if (host === name || hosts.visible(host, resource.namespace).length > 0 || !hosts.isDecided(host)) return;
        tell(resource, ['spec', 'hosts', index], `${name} stands for ${host}, which does not exist`);
      });
    }
  },
};
