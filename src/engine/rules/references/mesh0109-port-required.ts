import type { Rule } from '../rule';
import { DESTINATIONS, HOSTS } from '../support/hosts';
import { deployment, INJECTED, networking, service } from '../support/samples';

const TWO_PORTS = INJECTED + service('shop/api', '[{name: http, port: 80, targetPort: 8080}, {name: http-admin, port: 81, targetPort: 8081}]')
  + deployment('shop/api', 'ports: [{containerPort: 8080}, {containerPort: 8081}]');

/** Routes to services with several ports that name none. */
export const MESH0109: Rule = {
  id: 'MESH0109',
  title: 'A route to a service with several ports names no port',
  severity: 'error',
  why: 'Without a port the proxy takes the one that the request came in by, which a gateway\'s clients do not choose and which may not exist on the service.',
  fix: 'Add `port: {number: …}` to the destination.',
  upstream: ['IST0112'],
  bad: [TWO_PORTS + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api}}]}]}')],
  good: [TWO_PORTS + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, port: {number: 81}}}]}]}')],
  check(cluster, tell) {
    const hosts = cluster.family(HOSTS);
    for (const { service: route, path, host, port } of cluster.family(DESTINATIONS)) {
      if (port !== undefined) continue;
      const [found] = hosts.visible(host, route.resource.namespace);
      if (found && found.ports.length > 1) tell(route.resource, path, `${host} has the ports ${found.ports.map((it) => it.number).join(', ')}, and the route names none`);
    }
  },
};
