import { serverGrants } from '../../authz/linkerd/authorization';
import { objectsOf } from '../../model/json';
import { LINKERD } from '../../model/linkerd';
import type { Rule } from '../rule';
import { SERVER_PODS } from '../support/linkerd';
import { linkerd, LINKERD_SHOP } from '../support/samples';

const server = (more: string): string => linkerd('v1beta3', 'Server', 'shop/api', `{podSelector: {matchLabels: {app: api}}, port: 8080${more}}`);

/** Ports that let nobody in. */
export const MESH0603: Rule = {
  id: 'MESH0603',
  title: 'A Server lets nobody in',
  severity: 'info',
  why: 'A port with a Server denies everything that no authorization allows. This one has none, and neither has any of its routes: all connections are refused. That is right for a service that nobody calls.',
  fix: 'Add an AuthorizationPolicy for the Server, or set `accessPolicy` where everybody may come.',
  sources: ['https://linkerd.io/2/reference/authorization-policy/#server'],
  needsEverything: true,
  bad: [LINKERD_SHOP + server('')],
  good: [LINKERD_SHOP + server(', accessPolicy: all-authenticated'), LINKERD_SHOP + server('') + linkerd('v1alpha1', 'AuthorizationPolicy', 'shop/api', '{targetRef: {kind: Namespace, name: shop}, requiredAuthenticationRefs: [{kind: ServiceAccount, name: api}]}')],
  check(cluster, tell) {
    const facts = cluster.family(LINKERD);
    const pods = cluster.family(SERVER_PODS);
    const routed = new Set<string>();
    for (const route of facts.routes) {
      for (const parent of objectsOf(route.resource.spec.parentRefs)) if (parent.kind === 'Server') routed.add(`${route.resource.namespace}/${String(parent.name)}`);
    }
    for (const item of facts.servers) {
      // What routes allow is looked at where they are.
      if ((pods.get(item)?.length ?? 0) === 0 || routed.has(`${item.resource.namespace}/${item.resource.name}`)) continue;
      const referring = facts.authorizationPolicies.some((it) => it.resource.namespace === item.resource.namespace && it.target.name === item.resource.name);
      if (!referring && serverGrants(cluster, facts, item).authorizations.length === 0) tell(item.resource, ['spec'], 'no authorization is for this Server');
    }
  },
};
