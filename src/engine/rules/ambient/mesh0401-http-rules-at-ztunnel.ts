import { WorkloadMtls } from '../../authz/istio/peer-authentication';
import { compileL4 } from '../../authz/istio/ztunnel';
import { ISTIO } from '../../model/istio';
import type { Rule } from '../rule';
import { istioModeOf } from '../support/pods';
import { httpFieldsOf, subjectsOf } from '../support/policies';
import { AMBIENT, security, SHOP } from '../support/samples';

const policy = (more: string): string => security('AuthorizationPolicy', 'shop/api', `{selector: {matchLabels: {app: api}}, ${more}}`);

/** Requests where only connections are seen. */
export const MESH0401: Rule = {
  id: 'MESH0401',
  title: 'A policy for pods of the ambient mesh asks for HTTP without a waypoint',
  severity: 'error',
  why: 'Policies without `targetRefs` are enforced by ztunnel, which sees connections only. An ALLOW rule that asks for a method, path, host or token is left out there, so that everybody is refused; a DENY rule with nothing else in it keeps nobody out.',
  fix: 'Deploy a waypoint and attach the policy to the Service by `targetRefs`.',
  sources: ['https://istio.io/latest/docs/ambient/usage/l4-policy/', 'https://github.com/istio/istio/issues/61126'],
  bad: [
    AMBIENT + policy('rules: [{to: [{operation: {methods: [GET]}}]}]'),
    AMBIENT + policy('action: DENY, rules: [{to: [{operation: {paths: ["/admin*"]}}]}]'),
  ],
  good: [
    SHOP + policy('rules: [{to: [{operation: {methods: [GET]}}]}]'),
    AMBIENT + policy('rules: [{from: [{source: {namespaces: [shop]}}]}]'),
    AMBIENT + policy('action: DENY, rules: [{to: [{operation: {ports: ["9090"]}}]}]'),
  ],
  check(cluster, tell) {
    const { authorizationPolicies, mesh } = cluster.family(ISTIO);
    for (const item of authorizationPolicies) {
      if (item.action !== 'ALLOW' && item.action !== 'DENY') continue;
      if (!item.rules.some((rule) => rule && httpFieldsOf(rule).length > 0)) continue;
      if (!subjectsOf(cluster, item).some((pod) => istioModeOf(cluster, pod) === 'ambient')) continue;
      const compiled = compileL4([item], new WorkloadMtls(mesh.rootNamespace, []));
      item.rules.forEach((rule, at) => {
        const fields = rule ? httpFieldsOf(rule) : [];
        if (fields.length === 0) return;
        const kept = [...compiled.allow, ...compiled.deny].find((it) => it.policy === item && it.index === at);
        const effect = item.action === 'ALLOW' ? 'ztunnel leaves the rule out, so it allows nothing'
          : !kept || kept.noEffect ? 'ztunnel cannot see that, and denies nothing' : 'ztunnel cannot see that, and denies more than is written';
        tell(item.resource, ['spec', 'rules', at], `${fields.join(', ')}: ${effect}`);
      });
    }
  },
};

