import { ISTIO } from '../../model/istio';
import { listOf } from '../../model/json';
import type { Rule } from '../rule';
import { istioModeOf } from '../support/pods';
import { subjectsOf } from '../support/policies';
import { AMBIENT, security, SHOP } from '../support/samples';

const BY_DOMAIN = security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {trustDomains: [partner.example]}}]}]}');

/** Sources that ztunnel drops. */
export const MESH0409: Rule = {
  id: 'MESH0409',
  title: 'A policy for pods of the ambient mesh asks for trust domains alone',
  severity: 'error',
  why: 'ztunnel drops `trustDomains` in silence. A source with nothing else never matches there.',
  fix: 'Write `principals` such as `partner.example/*`.',
  bad: [AMBIENT + BY_DOMAIN],
  good: [SHOP + BY_DOMAIN, AMBIENT + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: ["partner.example/*"]}}]}]}')],
  check(cluster, tell) {
    for (const policy of cluster.family(ISTIO).authorizationPolicies) {
      if (!policy.rules.some((rule) => rule?.from.some((source) => source.trustDomains ?? source.notTrustDomains))) continue;
      if (!subjectsOf(cluster, policy).some((pod) => istioModeOf(cluster, pod) === 'ambient')) continue;
      policy.rules.forEach((rule, at) => rule?.from.forEach((source, n) => {
        if (listOf(source.trustDomains).length + listOf(source.notTrustDomains).length > 0) tell(policy.resource, ['spec', 'rules', at, 'from', n, 'source'], 'ztunnel does not look at trust domains');
      }));
    }
  },
};
