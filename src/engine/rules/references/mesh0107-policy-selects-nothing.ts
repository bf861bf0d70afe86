import { ISTIO } from '../../model/istio';
import type { Rule } from '../rule';
import { istioModeOf, PODS, selectedWorkloads } from '../support/pods';
import { deployment, namespace, security, service, SHOP } from '../support/samples';

/** AuthorizationPolicies that protect nothing. */
export const MESH0107: Rule = {
  id: 'MESH0107',
  title: 'An AuthorizationPolicy applies to no pod of the mesh',
  severity: 'warning',
  why: 'Policies are enforced by the proxies of the pods that they select. Where no pod has the labels, or none that has them is in the mesh, nothing is protected.',
  fix: 'Use labels of the pod template, and let the pods join the mesh.',
  upstream: ['IST0127', 'KIA0004'],
  needsEverything: true,
  bad: [
    SHOP + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: backend}}, rules: [{}]}'),
    SHOP + namespace('plain', '{istio-injection: disabled}') + service('plain/old') + deployment('plain/old') + security('AuthorizationPolicy', 'plain/old', '{selector: {matchLabels: {app: old}}, rules: [{}]}'),
  ],
  good: [
    SHOP + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{}]}'),
    SHOP + security('AuthorizationPolicy', 'istio-system/all', '{rules: [{}]}'),
  ],
  check(cluster, tell) {
    const pods = cluster.family(PODS);
    const facts = cluster.family(ISTIO);
    for (const { resource, selector, targetRefs } of facts.authorizationPolicies) {
      const root = resource.namespace === facts.mesh.rootNamespace;
      if (targetRefs.length > 0 || (root && !selector)) continue;
      const place = root ? undefined : resource.namespace;
      const known = pods.knows(place);
      const found = selectedWorkloads(cluster, resource.namespace, selector);
      if (found.some((workload) => istioModeOf(cluster, workload) !== 'none')) continue;
      if (found.length === 0 && (selector ? pods.exists(selector, place) : known)) continue;
      const why = found.length > 0 ? 'none of the pods that it selects is in the mesh' : 'it selects no pods';
      tell(resource, selector ? ['spec', 'selector'] : [], why, known ? {} : { severity: 'info' });
    }
  },
};
