import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { textsOf } from '../../model/json';
import type { Rule } from '../rule';
import { namespace, security, SHOP } from '../support/samples';
import { compileTextMatch } from '../support/text';

/** Policies that speak of namespaces that are not there. */
export const MESH0108: Rule = {
  id: 'MESH0108',
  title: 'An AuthorizationPolicy names a namespace that the manifests do not hold',
  severity: 'info',
  why: 'No caller can come from a namespace that does not exist, so a source that names only such ones never matches.',
  fix: 'Correct the name, or add the namespace to what is analysed.',
  upstream: ['IST0101', 'KIA0101'],
  needsEverything: true,
  bad: [SHOP + security('AuthorizationPolicy', 'shop/api', '{rules: [{from: [{source: {namespaces: [webb]}}]}]}')],
  good: [SHOP + namespace('web', '{}') + security('AuthorizationPolicy', 'shop/api', '{rules: [{from: [{source: {namespaces: [web, "sh*"]}}]}]}')],
  check(cluster, tell) {
    const { namespaces } = cluster.family(CORE);
    for (const { resource, rules } of cluster.family(ISTIO).authorizationPolicies) {
      rules.forEach((rule, at) => rule?.from.forEach((source, n) => {
        for (const field of ['namespaces', 'notNamespaces']) {
          textsOf(source[field]).forEach((name, index) => {
            const test = compileTextMatch(name.toLowerCase());
            if (!namespaces.some((known) => test(known))) tell(resource, ['spec', 'rules', at, 'from', n, 'source', field, index], `there is no namespace ${name}`);
          });
        }
      }));
    }
  },
};
