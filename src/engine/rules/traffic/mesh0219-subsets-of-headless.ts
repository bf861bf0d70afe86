import { isHttp } from '../../routing/istio/protocol';
import type { Rule } from '../rule';
import { HOSTS, DESTINATIONS } from '../support/hosts';
import { deployment, INJECTED, networking, service } from '../support/samples';

const HEADLESS = INJECTED + service('shop/api', '[{name: tcp, port: 9000}]', ', clusterIP: None') + deployment('shop/api', 'ports: [{containerPort: 9000}]')
  + networking('DestinationRule', 'shop/api', '{host: api, subsets: [{name: v1, labels: {app: api}}]}');

/** Choosing among pods that callers choose themselves. */
export const MESH0219: Rule = {
  id: 'MESH0219',
  title: 'A TCP route leads to subsets of a headless Service',
  severity: 'warning',
  why: 'Callers of a headless Service connect to the pod that DNS gave them, and the proxy passes the connection on to just that pod. Subsets and weights are ignored.',
  fix: 'Give the Service an address, or call the pods by their own names.',
  bad: [HEADLESS + networking('VirtualService', 'shop/api', '{hosts: [api], tcp: [{route: [{destination: {host: api, subset: v1}}]}]}')],
  good: [HEADLESS + networking('VirtualService', 'shop/api', '{hosts: [api], tcp: [{route: [{destination: {host: api}}]}]}')],
  check(cluster, tell) {
    const hosts = cluster.family(HOSTS);
    for (const { service: route, section, path, host, subset } of cluster.family(DESTINATIONS)) {
      if (section !== 'tcp' || subset === undefined) continue;
      const [found] = hosts.visible(host, route.resource.namespace);
      if (found?.service?.headless && !found.ports.some((port) => isHttp(port.protocol))) tell(route.resource, [...path, 'subset'], `${host} is headless: its callers choose the pod`);
    }
  },
};
