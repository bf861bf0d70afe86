import { ATTACHMENTS } from '../../authz/istio/attachment';
import { ISTIO } from '../../model/istio';
import type { RequestAuthentication } from '../../model/istio/policies';
import { listOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import type { Rule } from '../rule';
import { DESTINATIONS } from '../support/hosts';
import { istioModeOf, selectedWorkloads } from '../support/pods';
import { networking, EDGE, security, SHOP } from '../support/samples';

const TOKENS = security('RequestAuthentication', 'shop/api', '{selector: {matchLabels: {app: api}}, jwtRules: [{issuer: "https://id.example.com", jwksUri: "https://id.example.com/keys"}]}');

/** Tokens that may be left out. */
export const MESH0304: Rule = {
  id: 'MESH0304',
  title: 'Tokens are checked, and nothing requires one',
  severity: 'warning',
  why: 'A RequestAuthentication refuses bad tokens. Requests without any token pass, unless an AuthorizationPolicy asks for `requestPrincipals` or claims.',
  fix: 'Add an AuthorizationPolicy that allows requests with `requestPrincipals`, or denies those with `notRequestPrincipals: ["*"]`.',
  sources: ['https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#require-a-valid-token'],
  needsEverything: true,
  bad: [SHOP + TOKENS],
  good: [
    SHOP + TOKENS + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}]}]}'),
    SHOP + TOKENS + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{when: [{key: "request.auth.claims[role]", values: [admin]}]}]}'),
  ],
  check(cluster, tell) {
    for (const policy of cluster.family(ISTIO).requestAuthentications) {
      if (policy.jwtRules.length === 0 || !isUnenforced(cluster, policy)) continue;
      tell(policy.resource, ['spec', 'jwtRules'], 'requests without a token pass');
    }
  },
};

/** Whether some pods check tokens and none of their policies asks for any. */
function isUnenforced(cluster: Cluster, policy: RequestAuthentication): boolean {
  const asks = (rules: readonly unknown[]): boolean => /"(not)?[rR]equestPrincipals"|"request\.auth\.|"key":"request\.headers\[authorization\]"/.test(JSON.stringify(rules));
  const { authorizationPolicies } = cluster.family(ISTIO);
  if (usesClaimsInRoutes(cluster)) return false;
  if (policy.targetRefs.length > 0) {
    const mine = JSON.stringify(policy.targetRefs);
    return !authorizationPolicies.some((it) => asks(it.rules) && it.targetRefs.some((target) => mine.includes(JSON.stringify(target))));
  }
  const pods = selectedWorkloads(cluster, policy.resource.namespace, policy.selector).filter((pod) => istioModeOf(cluster, pod) === 'sidecar');
  if (pods.length === 0) return false;
  const attached = cluster.family(ATTACHMENTS);
  return pods.some((pod) => !attached.authorizationPolicies(pod).some((it) => it.action === 'CUSTOM' || asks(it.rules)));
}

/** Routes by claims need the check, and require tokens by themselves. */
function usesClaimsInRoutes(cluster: Cluster): boolean {
  return cluster.family(DESTINATIONS).some(({ service, rule, section }) => section === 'http' && JSON.stringify(listOf(service.http[rule]?.match)).includes('@request.auth.claims'));
}

/** The samples of routes by claims. */
export const CLAIM_ROUTES = (name: string): string => SHOP + EDGE + networking('VirtualService', name,
  '{hosts: [shop.example.com], gateways: [edge], http: [{match: [{headers: {"@request.auth.claims.role": {exact: admin}}}], route: [{destination: {host: api}}]}]}');
