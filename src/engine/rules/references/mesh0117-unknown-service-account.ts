import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { textsOf } from '../../model/json';
import type { Rule } from '../rule';
import { security, SHOP } from '../support/samples';

/** Identities that nobody has. */
export const MESH0117: Rule = {
  id: 'MESH0117',
  title: 'An AuthorizationPolicy names an account that no pod and no ServiceAccount has',
  severity: 'warning',
  why: 'No caller has the identity, so the rule lets nobody in, or keeps nobody out.',
  fix: 'Correct the name of the ServiceAccount or its namespace.',
  upstream: ['KIA0106'],
  needsEverything: true,
  bad: [SHOP + security('AuthorizationPolicy', 'shop/api', '{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/wep]}}]}]}')],
  good: [SHOP + security('AuthorizationPolicy', 'shop/api', '{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/api, cluster.local/ns/elsewhere/sa/unknown]}}]}]}')],
  check(cluster, tell) {
    const core = cluster.family(CORE);
    const accounts = new Set(cluster.kind('', 'ServiceAccount').map((item) => `${item.namespace}/${item.name}`));
    const namespaces = new Set(core.workloads.map((item) => item.namespace));
    for (const workload of core.workloads) accounts.add(`${workload.namespace}/${workload.serviceAccount}`);
    for (const { resource, rules } of cluster.family(ISTIO).authorizationPolicies) {
      rules.forEach((rule, at) => rule?.from.forEach((source, n) => {
        for (const field of ['principals', 'notPrincipals']) {
          textsOf(source[field]).forEach((principal, index) => {
            const match = /^[^/*]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(principal);
            // Accounts of namespaces without pods among the manifests belong to others.
            if (!match || !namespaces.has(match[1]) || accounts.has(`${match[1]}/${match[2]}`)) return;
            if (cluster.kind('gateway.networking.k8s.io', 'Gateway').some((gateway) => gateway.namespace === match[1] && match[2].startsWith(gateway.name))) return;
            tell(resource, ['spec', 'rules', at, 'from', n, 'source', field, index], `nobody in namespace ${match[1]} has the account ${match[2]}`);
          });
        }
      }));
    }
  },
};
