import { LINKERD } from '../../model/linkerd';
import type { Rule } from '../rule';
import { linkerd, LINKERD_SHOP } from '../support/samples';

const SERVER = linkerd('v1beta3', 'Server', 'shop/api', '{podSelector: {matchLabels: {app: api}}, port: 8080}');
const policy = (reference: string): string => linkerd('v1alpha1', 'AuthorizationPolicy', 'shop/api', `{targetRef: {group: policy.linkerd.io, kind: Server, name: api}, requiredAuthenticationRefs: [${reference}]}`);

/** Authentications that are not there. */
export const MESH0604: Rule = {
  id: 'MESH0604',
  title: 'An AuthorizationPolicy of Linkerd requires an authentication that does not exist',
  severity: 'error',
  why: 'A policy with such a reference is ignored completely: what it should have allowed is refused.',
  fix: 'Correct the name or namespace of the MeshTLSAuthentication or NetworkAuthentication.',
  needsEverything: true,
  bad: [LINKERD_SHOP + SERVER + policy('{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: clients}')],
  good: [LINKERD_SHOP + SERVER + policy('{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: clients}') + linkerd('v1alpha1', 'MeshTLSAuthentication', 'shop/clients', '{identities: ["*"]}')],
  check(cluster, tell) {
    for (const { resource, authentications } of cluster.family(LINKERD).authorizationPolicies) {
      authentications.forEach((reference, index) => {
        if (reference.kind !== 'MeshTLSAuthentication' && reference.kind !== 'NetworkAuthentication') return;
        if (cluster.find('policy.linkerd.io', reference.kind, reference.namespace, reference.name)) return;
        tell(resource, ['spec', 'requiredAuthenticationRefs', index], `there is no ${reference.kind} ${reference.namespace}/${reference.name}`);
      });
    }
  },
};
