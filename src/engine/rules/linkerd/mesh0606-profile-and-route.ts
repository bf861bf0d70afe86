import { LINKERD } from '../../model/linkerd';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { gatewayApi, LINKERD_SHOP, object } from '../support/samples';

const PROFILE = object('linkerd.io/v1alpha2', 'ServiceProfile', 'shop/api.shop.svc.cluster.local', 'spec: {routes: [{name: all, condition: {pathRegex: "/.*"}, isRetryable: true}]}');

/** Two ways to route one service. */
export const MESH0606: Rule = {
  id: 'MESH0606',
  title: 'A service of Linkerd has a ServiceProfile and routes of Gateway API',
  severity: 'error',
  why: 'With a ServiceProfile, Linkerd\'s proxies ignore HTTPRoutes and GRPCRoutes of the service, and its failure accrual.',
  fix: 'Keep one of them; the annotations `retry.linkerd.io/…` and `timeout.linkerd.io/…` replace what profiles do.',
  sources: ['https://linkerd.io/2/features/service-profiles/', 'https://github.com/linkerd/linkerd2/issues/14274'],
  bad: [LINKERD_SHOP + PROFILE + gatewayApi('HTTPRoute', 'shop/api', '{parentRefs: [{group: "", kind: Service, name: api, port: 80}], rules: [{backendRefs: [{name: api, port: 80}]}]}')],
  good: [LINKERD_SHOP + PROFILE],
  check(cluster, tell) {
    const { routes, serviceProfiles } = cluster.family(LINKERD);
    if (serviceProfiles.size === 0) return;
    const byHost = new Map([...serviceProfiles.values()].map((it) => [it.name, it]));
    for (const route of routes) {
      route.parents.forEach((parent, index) => {
        if (parent.kind !== 'Service') return;
        const profile = byHost.get(`${parent.name}.${parent.namespace}.svc.${cluster.domain}`);
        if (profile && hasRoutes(profile.spec)) tell(route.resource, ['spec', 'parentRefs', index], `${mention(profile)} is for the same service`);
      });
    }
  },
};

function hasRoutes(spec: { readonly [name: string]: unknown }): boolean {
  return (Array.isArray(spec.routes) && spec.routes.length > 0) || (Array.isArray(spec.dstOverrides) && spec.dstOverrides.length > 0);
}
