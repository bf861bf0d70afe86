import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { selects } from '../../model/labels';
import type { Rule } from '../rule';
import { portsOf, SERVICES_OF_WORKLOADS } from '../support/pods';
import { EDGE, INJECTED, networking } from '../support/samples';

/** Gateway ports that nobody can reach. */
export const MESH0207: Rule = {
  id: 'MESH0207',
  title: 'A Gateway\'s port is not a port of the Service in front of its pods',
  severity: 'warning',
  why: 'Clients reach the gateway by its Service. A server on a port that the Service does not lead to gets no requests.',
  fix: 'Add the port to the Service, or use a port that the Service has.',
  upstream: ['IST0162'],
  needsEverything: true,
  bad: [INJECTED + EDGE + networking('Gateway', 'shop/more', '{selector: {app: edge}, servers: [{port: {number: 9000, name: http, protocol: HTTP}, hosts: [a.example.com]}]}')],
  good: [INJECTED + EDGE, INJECTED + EDGE + networking('Gateway', 'shop/more', '{selector: {app: edge}, servers: [{port: {number: 8443, name: tls, protocol: TLS}, hosts: [a.example.com], tls: {mode: PASSTHROUGH}}]}')],
  check(cluster, tell) {
    const { workloads } = cluster.family(CORE);
    const services = cluster.family(SERVICES_OF_WORKLOADS);
    for (const { resource, selector, servers } of cluster.family(ISTIO).gateways) {
      const pods = selector ? workloads.filter((workload) => selects(selector, workload.labels) && services.has(workload)) : [];
      if (pods.length === 0) continue;
      const ports = portsOf(cluster, pods);
      servers.forEach((server, index) => {
        if (ports.services.has(server.port) || [...ports.services.values()].includes(server.port)) return;
        tell(resource, ['spec', 'servers', index, 'port', 'number'], `no Service in front of the gateway's pods leads to port ${server.port}, only to ${[...ports.services.keys()].join(', ')}`);
      });
    }
  },
};
