import { hostsMatch } from '../../match/host';
import { ISTIO } from '../../model/istio';
import { REGISTRY } from '../../routing/istio/registry';
import type { Rule } from '../rule';
import { networking, SHOP } from '../support/samples';

const sidecar = (host: string): string => SHOP + networking('Sidecar', 'shop/default', `{egress: [{hosts: ["${host}"]}]}`);

/** Sidecars that let out nothing. */
export const MESH0221: Rule = {
  id: 'MESH0221',
  title: 'A Sidecar names a host that no service has',
  severity: 'warning',
  why: 'The proxies know the services that some egress host covers, and no others. A host that covers none does nothing, and the service that was meant cannot be reached.',
  fix: 'Write `namespace/full.host.name`, `./*` or `*/*`; host names are full names.',
  upstream: ['KIA1004'],
  needsEverything: true,
  bad: [sidecar('./apis.shop.svc.cluster.local'), sidecar('shop/web.shop.svc.cluster.local')],
  good: [sidecar('./api.shop.svc.cluster.local'), sidecar('istio-system/*'), sidecar('~/*'), sidecar('*/api.shop.svc.cluster.local')],
  check(cluster, tell) {
    const registry = cluster.family(REGISTRY);
    const namespaces = new Set(registry.services.map((service) => service.namespace));
    for (const { resource, egress } of cluster.family(ISTIO).sidecars) {
      egress.forEach((listener, at) => listener.hosts.forEach((entry, index) => {
        const slash = entry.indexOf('/');
        const host = entry.slice(slash + 1);
        const place = entry.slice(0, slash) === '.' ? resource.namespace : entry.slice(0, slash);
        if (slash < 0 || host === '*' || place.startsWith('~') || (place !== '*' && !namespaces.has(place))) return;
        const found = registry.named(host).some((it) => place === '*' || it.namespace === place)
          || registry.services.some((it) => (place === '*' || it.namespace === place) && hostsMatch(it.hostname, host));
        if (!found) tell(resource, ['spec', 'egress', at, 'hosts', index], `no service of ${place === '*' ? 'any namespace' : `namespace ${place}`} is called ${host}`);
      }));
    }
  },
};
