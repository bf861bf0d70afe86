import { objectOf, textOf } from '../../model/json';
import { LINKERD } from '../../model/linkerd';
import { localTargetOf } from '../../model/linkerd/policies';
import type { Rule } from '../rule';
import { linkerd, LINKERD_SHOP } from '../support/samples';

/** Policies of Linkerd for targets that are not there. */
export const MESH0605: Rule = {
  id: 'MESH0605',
  title: 'A policy of Linkerd is for a Server or route that does not exist',
  severity: 'warning',
  why: 'The policy is attached to nothing, so it allows or limits nothing. Targets live in the namespace of the policy.',
  fix: 'Correct the name, or move the policy into the namespace of its target.',
  needsEverything: true,
  bad: [LINKERD_SHOP + linkerd('v1alpha1', 'AuthorizationPolicy', 'shop/api', '{targetRef: {group: policy.linkerd.io, kind: Server, name: apii}, requiredAuthenticationRefs: [{kind: ServiceAccount, name: api}]}')],
  good: [LINKERD_SHOP + linkerd('v1alpha1', 'AuthorizationPolicy', 'shop/api', '{targetRef: {kind: Namespace, name: shop}, requiredAuthenticationRefs: [{kind: ServiceAccount, name: api}]}')],
  check(cluster, tell) {
    const facts = cluster.family(LINKERD);
    const look = (resource: (typeof facts.rateLimits)[number], kind: string, group: string, name: string, path: (string | number)[]): void => {
      const groups = kind === 'Server' ? ['policy.linkerd.io'] : [group];
      if (kind !== 'Server' && kind !== 'HTTPRoute' && kind !== 'GRPCRoute') return;
      if (!groups.some((it) => cluster.find(it, kind, resource.namespace, name))) tell(resource, path, `there is no ${kind} ${resource.namespace}/${name}`);
    };
    for (const { resource, target } of facts.authorizationPolicies) look(resource, target.kind, target.group, target.name, ['spec', 'targetRef']);
    for (const resource of facts.rateLimits) {
      const target = localTargetOf(resource.spec.targetRef);
      look(resource, target.kind, target.group, target.name, ['spec', 'targetRef']);
    }
    for (const resource of facts.serverAuthorizations) {
      const name = textOf(objectOf(resource.spec.server).name);
      if (name) look(resource, 'Server', 'policy.linkerd.io', name, ['spec', 'server', 'name']);
    }
  },
};
