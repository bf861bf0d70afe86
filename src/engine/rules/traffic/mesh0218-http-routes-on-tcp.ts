import { ISTIO } from '../../model/istio';
import { expandHost } from '../../routing/istio/hosts';
import { mayBeHttp } from '../../routing/istio/protocol';
import type { Rule } from '../rule';
import { HOSTS } from '../support/hosts';
import { deployment, INJECTED, networking, service, SHOP } from '../support/samples';

/** HTTP routes that no connection is looked at for. */
export const MESH0218: Rule = {
  id: 'MESH0218',
  title: 'A VirtualService has HTTP routes for a host whose ports are all TCP',
  severity: 'error',
  why: 'Istio only looks into connections to ports that carry HTTP. For TCP ports the `http` part of a VirtualService is ignored: no matches, no retries, no weights.',
  fix: 'Set `appProtocol: http` on the port of the Service, or write `tcp` routes.',
  sources: ['https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/'],
  bad: [INJECTED + service('shop/api', '[{name: tcp, port: 80, targetPort: 8080}]') + deployment('shop/api') + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api}}]}]}')],
  good: [
    SHOP + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api}}]}]}'),
    INJECTED + service('shop/api', '[{name: tcp, port: 80, targetPort: 8080}]') + deployment('shop/api') + networking('VirtualService', 'shop/api', '{hosts: [api], tcp: [{route: [{destination: {host: api}}]}]}'),
  ],
  check(cluster, tell) {
    const hosts = cluster.family(HOSTS);
    for (const { resource, hosts: names, gateways, http } of cluster.family(ISTIO).virtualServices) {
      if (http.length === 0 || (gateways.length > 0 && !gateways.includes('mesh'))) continue;
      names.forEach((name, index) => {
        const host = expandHost(name, resource.namespace, cluster.domain);
        const found = host.startsWith('*') ? [] : hosts.visible(host, resource.namespace).filter((it) => it.aliasOf === undefined);
        const ports = found.flatMap((it) => it.ports);
        if (ports.length > 0 && !ports.some((port) => mayBeHttp(port.protocol))) tell(resource, ['spec', 'hosts', index], `${host} has no HTTP port: ${ports.map((it) => `${it.number} is ${it.protocol}`).join(', ')}`);
      });
    }
  },
};
