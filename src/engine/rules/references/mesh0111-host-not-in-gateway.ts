import { hostsMatch } from '../../match/host';
import { ISTIO } from '../../model/istio';
import { expandGateway } from '../../routing/istio/hosts';
import type { Rule } from '../rule';
import { EDGE, networking, SHOP } from '../support/samples';

/** VirtualServices for hosts that their gateway does not serve. */
export const MESH0111: Rule = {
  id: 'MESH0111',
  title: 'None of a VirtualService\'s hosts is served by its Gateway',
  severity: 'warning',
  why: 'A gateway only takes routes for hosts that one of its servers lists for the namespace of the VirtualService. All others are dropped in silence, and requests are answered with 404.',
  fix: 'List the host in `servers[].hosts` of the Gateway, with `namespace/` or without.',
  upstream: ['IST0132'],
  bad: [
    SHOP + EDGE + networking('VirtualService', 'shop/api', '{hosts: [api.example.com], gateways: [edge], http: [{route: [{destination: {host: api}}]}]}'),
    SHOP + EDGE + networking('Gateway', 'shop/other', '{selector: {app: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["istio-system/api.example.com"]}]}')
      + networking('VirtualService', 'shop/api', '{hosts: [api.example.com], gateways: [other], http: [{route: [{destination: {host: api}}]}]}'),
  ],
  good: [SHOP + EDGE + networking('VirtualService', 'shop/api', '{hosts: ["*.example.com"], gateways: [edge], http: [{route: [{destination: {host: api}}]}]}')],
  check(cluster, tell) {
    const facts = cluster.family(ISTIO);
    const byName = new Map(facts.gateways.map((gateway) => [gateway.name, gateway]));
    for (const { resource, gateways, hosts } of facts.virtualServices) {
      gateways.forEach((name, index) => {
        const gateway = byName.get(expandGateway(name, resource.namespace));
        if (!gateway || hosts.length === 0) return;
        const served = gateway.servers.flatMap((server) => server.hosts.flatMap((host) => visibleHost(host, gateway.resource.namespace, resource.namespace)));
        if (!hosts.some((host) => served.some((other) => hostsMatch(host, other)))) {
          tell(resource, ['spec', 'gateways', index], `Gateway ${gateway.name} serves none of ${hosts.join(', ')} for namespace ${resource.namespace}`);
        }
      });
    }
  },
};

/** The host of a server without its namespace, where that is the VirtualService's. */
function visibleHost(host: string, gatewayNamespace: string, namespace: string): string[] {
  const slash = host.indexOf('/');
  if (slash < 0) return [host];
  const place = host.slice(0, slash);
  const own = place === '.' ? gatewayNamespace : place;
  return own === '*' || own === namespace ? [host.slice(slash + 1)] : [];
}
