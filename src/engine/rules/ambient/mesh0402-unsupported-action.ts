import { ISTIO } from '../../model/istio';
import type { Rule } from '../rule';
import { istioModeOf } from '../support/pods';
import { subjectsOf } from '../support/policies';
import { AMBIENT, security, SHOP } from '../support/samples';

const AUDIT = security('AuthorizationPolicy', 'shop/api', '{action: AUDIT, selector: {matchLabels: {app: api}}, rules: [{}]}');

/** Actions that ztunnel lacks. */
export const MESH0402: Rule = {
  id: 'MESH0402',
  title: 'A policy with action CUSTOM or AUDIT is for pods of the ambient mesh without a waypoint',
  severity: 'error',
  why: 'ztunnel knows ALLOW and DENY. Policies with another action that have no `targetRefs` are ignored: nothing is asked of the authorizer, and nothing is refused.',
  fix: 'Attach the policy to a waypoint or a Service by `targetRefs`.',
  sources: ['https://istio.io/latest/docs/ambient/usage/l4-policy/'],
  bad: [AMBIENT + AUDIT, AMBIENT + security('AuthorizationPolicy', 'shop/api', '{action: CUSTOM, provider: {name: opa}, selector: {matchLabels: {app: api}}, rules: [{}]}')],
  good: [SHOP + AUDIT],
  check(cluster, tell) {
    for (const policy of cluster.family(ISTIO).authorizationPolicies) {
      if (policy.action !== 'CUSTOM' && policy.action !== 'AUDIT') continue;
      const pod = subjectsOf(cluster, policy).find((it) => istioModeOf(cluster, it) === 'ambient');
      if (pod) tell(policy.resource, ['spec', 'action'], `${policy.action} does nothing for ${pod.kind} ${pod.name}`);
    }
  },
};
