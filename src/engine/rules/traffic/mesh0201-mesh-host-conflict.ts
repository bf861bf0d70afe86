import { hostsMatch, isWildcard } from '../../match/host';
import { pushTo } from '../../model/label-index';
import type { Cluster, Family } from '../../model/model';
import type { RouteConfig } from '../../routing/istio/route-config';
import { virtualServiceConfigs } from '../../routing/istio/virtual-services';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { networking, SHOP } from '../support/samples';

/** VirtualServices with names written out, in the order in which istiod takes them. */
export const CONFIGS: Family<readonly RouteConfig[]> = { name: 'rules-virtual-services', read: (cluster: Cluster) => virtualServiceConfigs(cluster) };

const ROUTE = 'http: [{route: [{destination: {host: api}}]}]';

/** Two VirtualServices for one host. */
export const MESH0201: Rule = {
  id: 'MESH0201',
  title: 'Two VirtualServices of the mesh are for the same host',
  severity: 'error',
  why: 'Sidecars take the routes of a host from one VirtualService only, the oldest. The other one is ignored in silence, and which is older depends on the order in which they were created.',
  fix: 'Write all routes of a host into one VirtualService, or export each to other namespaces.',
  upstream: ['IST0109', 'KIA1106'],
  sources: ['https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services'],
  bad: [
    SHOP + networking('VirtualService', 'shop/one', `{hosts: [api], ${ROUTE}}`) + networking('VirtualService', 'shop/two', `{hosts: [api.shop.svc.cluster.local], gateways: [mesh], ${ROUTE}}`),
    SHOP + networking('VirtualService', 'shop/one', `{hosts: [api], ${ROUTE}}`) + networking('VirtualService', 'shop/two', `{hosts: ["*.shop.svc.cluster.local"], exportTo: ["."], ${ROUTE}}`),
  ],
  good: [
    SHOP + networking('VirtualService', 'shop/one', `{hosts: [api], exportTo: ["."], ${ROUTE}}`) + networking('VirtualService', 'web/two', '{hosts: [api.shop.svc.cluster.local], exportTo: ["."], http: [{route: [{destination: {host: api.shop.svc.cluster.local}}]}]}'),
    SHOP + networking('VirtualService', 'shop/one', `{hosts: [api], ${ROUTE}}`) + networking('VirtualService', 'shop/two', `{hosts: ["*.shop.svc.cluster.local"], ${ROUTE}}`),
  ],
  check(cluster, tell) {
    // Keys are a scope and a host; a scope is a namespace, or * for all.
    const exact = new Map<string, RouteConfig[]>();
    const everywhere: [string, RouteConfig][] = [];
    for (const config of cluster.family(CONFIGS)) {
      if (!config.gateways.includes('mesh') || config.visibility.namespaces.has('~')) continue;
      const scopes = config.visibility.everywhere ? ['*'] : [...config.visibility.namespaces];
      for (const scope of scopes) for (const host of config.hosts) pushTo(exact, `${scope} ${host}`, config);
      if (config.visibility.everywhere) for (const host of config.hosts) everywhere.push([host, config]);
    }
    const wildcards = everywhere.filter(([host]) => isWildcard(host));
    for (const [key, configs] of exact) {
      const [scope, host] = key.split(' ');
      const rivals = new Set(configs);
      if (scope !== '*') {
        const others = isWildcard(host) ? everywhere : [...wildcards, ...(exact.get(`* ${host}`) ?? []).map((it): [string, RouteConfig] => [host, it])];
        for (const [other, config] of others) if (hostsMatch(host, other)) rivals.add(config);
      }
      if (rivals.size < 2) continue;
      for (const config of rivals) {
        const other = [...rivals].find((it) => it !== config)!;
        tell(config.resource, ['spec', 'hosts'], `${host} has routes in ${mention(other.resource)}, too`);
      }
    }
  },
};
