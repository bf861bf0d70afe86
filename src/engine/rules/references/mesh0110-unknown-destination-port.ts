import type { Rule } from '../rule';
import { DESTINATIONS, HOSTS } from '../support/hosts';
import { networking, SHOP } from '../support/samples';

/** Routes to ports that services do not have. */
export const MESH0110: Rule = {
  id: 'MESH0110',
  title: 'A route leads to a port that the service does not have',
  severity: 'error',
  why: 'Destinations name ports of the Service, not of its pods. For a port that the Service lacks the proxy has no cluster, and answers with 503.',
  fix: 'Use a `port` of the Service; its `targetPort` does not count here.',
  upstream: ['IST0101'],
  bad: [SHOP + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, port: {number: 8080}}}]}]}')],
  good: [SHOP + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, port: {number: 80}}}]}]}')],
  check(cluster, tell) {
    const hosts = cluster.family(HOSTS);
    for (const { service, path, host, port } of cluster.family(DESTINATIONS)) {
      const found = port === undefined ? [] : hosts.visible(host, service.resource.namespace);
      if (found.length === 0 || found.some((item) => item.ports.some((it) => it.number === port))) continue;
      tell(service.resource, [...path, 'port', 'number'], `${host} has no port ${port}, but ${found[0].ports.map((it) => it.number).join(', ') || 'none at all'}`);
    }
  },
};
