import type { Rule } from '../rule';
import { DESTINATIONS, HOSTS } from '../support/hosts';
import { networking, SHOP } from '../support/samples';

/** Routes to hosts that nobody knows. */
export const MESH0101: Rule = {
  id: 'MESH0101',
  title: 'A route leads to a host that no Service or ServiceEntry has',
  severity: 'error',
  why: 'The proxy has no cluster for the host, so every request that takes the route is answered with 503. Short names are looked up in the namespace of the VirtualService, not in that of the caller.',
  fix: 'Write the full name `service.namespace.svc.cluster.local`, or add the Service or ServiceEntry.',
  upstream: ['IST0101', 'KIA1101'],
  needsEverything: true,
  bad: [
    SHOP + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: apii}}]}]}'),
    SHOP + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api}}], mirror: {host: copy.shop.svc.cluster.local}}]}'),
    SHOP + networking('VirtualService', 'shop/api', '{hosts: [api], tcp: [{route: [{destination: {host: outside.example.com, port: {number: 5432}}}]}]}'),
  ],
  good: [
    SHOP + networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api}}]}]}'),
    SHOP + networking('ServiceEntry', 'shop/outside', '{hosts: ["*.example.com"], ports: [{number: 443, name: tls, protocol: TLS}], resolution: NONE}')
      + networking('VirtualService', 'shop/outside', '{hosts: [a.example.com], tls: [{match: [{sniHosts: [a.example.com]}], route: [{destination: {host: a.example.com}}]}]}'),
  ],
  check(cluster, tell) {
    const hosts = cluster.family(HOSTS);
    for (const { service, path, host, written } of cluster.family(DESTINATIONS)) {
      const { resource } = service;
      if (host === '*' || hosts.visible(host, resource.namespace).length > 0) continue;
      if (hosts.isDecided(host)) tell(resource, [...path, 'host'], `there is no host ${host}${written === host ? '' : `, which ${written} stands for here`}`);
      else tell(resource, [...path, 'host'], `host ${host} is in a namespace that the manifests do not show`, { severity: 'info' });
    }
  },
};
