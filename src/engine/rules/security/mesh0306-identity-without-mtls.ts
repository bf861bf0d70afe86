import { ISTIO } from '../../model/istio';
import type { Rule } from '../rule';
import { portsOf, istioModeOf } from '../support/pods';
import { identityFieldsOf, mtlsOf, subjectsOf } from '../support/policies';
import { security, SHOP } from '../support/samples';

const BY_IDENTITY = security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/api]}}]}]}');

/** Identities that nobody shows. */
export const MESH0306: Rule = {
  id: 'MESH0306',
  title: 'A policy asks who calls, where mutual TLS is off',
  severity: 'error',
  why: 'The identity of a caller comes from its certificate. Where a PeerAuthentication disables mutual TLS nobody shows one, so ALLOW rules by principal or namespace let nobody in, and DENY rules keep nobody out.',
  fix: 'Use mode STRICT or PERMISSIVE for the pods that the policy selects.',
  upstream: ['KIA0105'],
  bad: [SHOP + BY_IDENTITY + security('PeerAuthentication', 'shop/default', '{mtls: {mode: DISABLE}}')],
  good: [SHOP + BY_IDENTITY + security('PeerAuthentication', 'shop/default', '{mtls: {mode: STRICT}}'), SHOP + BY_IDENTITY],
  check(cluster, tell) {
    for (const policy of cluster.family(ISTIO).authorizationPolicies) {
      const asking = policy.rules.flatMap((rule, at) => (rule && identityFieldsOf(rule).length > 0 ? [{ at, fields: identityFieldsOf(rule) }] : []));
      if (asking.length === 0) continue;
      const off = subjectsOf(cluster, policy).find((pod) => {
        if (istioModeOf(cluster, pod) !== 'sidecar') return false;
        const ports = [...portsOf(cluster, [pod]).pods];
        const mtls = mtlsOf(cluster, pod);
        return ports.length > 0 && ports.every((port) => mtls.forPort(port).mode === 'DISABLE');
      });
      if (off) asking.forEach(({ at, fields }) => tell(policy.resource, ['spec', 'rules', at], `${fields.join(', ')} is not known of callers of ${off.kind} ${off.name}, whose mutual TLS is off`));
    }
  },
};
