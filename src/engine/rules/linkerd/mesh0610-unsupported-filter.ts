import { isLinkerdUsed } from '../../dataplane/linkerd/membership';
import { objectsOf, textOf } from '../../model/json';
import { LINKERD } from '../../model/linkerd';
import type { Rule } from '../rule';
import { gatewayApi, LINKERD_SHOP } from '../support/samples';

const KNOWN = new Set(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect']);
const route = (filter: string): string => gatewayApi('HTTPRoute', 'shop/api', `{parentRefs: [{group: "", kind: Service, name: api, port: 80}], rules: [{filters: [${filter}], backendRefs: [{name: api, port: 80}]}]}`);

/** Filters that spoil a route. */
export const MESH0610: Rule = {
  id: 'MESH0610',
  title: 'A route of Linkerd has a filter that Linkerd does not know',
  severity: 'error',
  why: 'Linkerd drops the whole route, not only the filter: requests then go to the Service as if there was no route.',
  fix: 'Use RequestHeaderModifier, ResponseHeaderModifier or RequestRedirect only.',
  bad: [LINKERD_SHOP + route('{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /}}}')],
  good: [LINKERD_SHOP + route('{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: z}]}}')],
  check(cluster, tell) {
    if (!isLinkerdUsed(cluster)) return;
    for (const { resource, parents } of cluster.family(LINKERD).routes) {
      if (!parents.some((it) => it.kind === 'Service' || it.kind === 'EgressNetwork' || it.kind === 'Server')) continue;
      objectsOf(resource.spec.rules).forEach((rule, at) => objectsOf(rule.filters).forEach((filter, index) => {
        if (!KNOWN.has(textOf(filter.type) ?? '')) tell(resource, ['spec', 'rules', at, 'filters', index], `Linkerd knows no filter ${String(filter.type)}`);
      }));
    }
  },
};
