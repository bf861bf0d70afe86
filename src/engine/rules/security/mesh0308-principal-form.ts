import { ISTIO } from '../../model/istio';
import { objectOf, textOf, textsOf } from '../../model/json';
import type { Rule } from '../rule';
import { security, SHOP } from '../support/samples';
import { compileTextMatch } from '../support/text';

const policy = (principal: string, more = ''): string => SHOP + more + security('AuthorizationPolicy', 'shop/api', `{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: ["${principal}"]}}]}]}`);
const CONFIG = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    trustDomain: example.org\n    trustDomainAliases: [old.org]\n';

/** Names of identities that no certificate has. */
export const MESH0308: Rule = {
  id: 'MESH0308',
  title: 'A principal is not of the form of the mesh\'s identities',
  severity: 'error',
  why: 'Principals are written `trust-domain/ns/NAMESPACE/sa/ACCOUNT`, without `spiffe://`. In another form, or with a trust domain that the mesh does not have, they never match.',
  fix: 'Write the principal without scheme and with the trust domain of the mesh, which is `cluster.local` unless the mesh config says otherwise.',
  bad: [policy('spiffe://cluster.local/ns/shop/sa/api'), policy('shop/api'), policy('example.com/ns/shop/sa/api', CONFIG)],
  good: [policy('cluster.local/ns/shop/sa/api'), policy('*/ns/shop/sa/api'), policy('*'), policy('old.org/ns/shop/sa/api', CONFIG), policy('partner.example/ns/shop/sa/api'), policy('cluster.local/ns/shop/*')],
  check(cluster, tell) {
    const { authorizationPolicies, mesh } = cluster.family(ISTIO);
    const domains = [mesh.trustDomain, ...mesh.trustDomainAliases, 'cluster.local'];
    for (const { resource, rules } of authorizationPolicies) {
      rules.forEach((rule, at) => rule?.from.forEach((source, n) => {
        for (const field of ['principals', 'notPrincipals']) {
          textsOf(source[field]).forEach((principal, index) => {
            const path = ['spec', 'rules', at, 'from', n, 'source', field, index];
            if (principal.startsWith('spiffe://')) {tell(resource, path, `${principal} has a scheme`);} else if (!principal.includes('*') && !/^[^/]+\/ns\/[^/]+\/sa\/[^/]+$/.test(principal)) {tell(resource, path, `${principal} names no account`);} else if (mesh.found && textOf(objectOf(mesh.raw).trustDomain) !== undefined && !principal.startsWith('*')) {
              const domain = principal.slice(0, principal.indexOf('/'));
              if (principal.includes('/') && !domains.some((it) => compileTextMatch(domain)(it) || compileTextMatch(it)(domain))) tell(resource, path, `the mesh has no trust domain ${domain}, but ${domains.slice(0, -1).join(', ')}`, { severity: 'warning' });
            }
          });
        }
      }));
    }
  },
};
