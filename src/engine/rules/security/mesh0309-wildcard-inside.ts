import { ISTIO } from '../../model/istio';
import { textsOf } from '../../model/json';
import type { Rule } from '../rule';
import { security, SHOP } from '../support/samples';

const policy = (field: string, value: string): string => SHOP + security('AuthorizationPolicy', 'shop/api', `{selector: {matchLabels: {app: api}}, rules: [{to: [{operation: {${field}: ["${value}"]}}]}]}`);

/** Wildcards that are letters. */
export const MESH0309: Rule = {
  id: 'MESH0309',
  title: 'A wildcard stands in the middle of a path or host of an AuthorizationPolicy',
  severity: 'error',
  why: 'A `*` counts at the beginning or at the end only. Elsewhere it is a letter like any other, which requests hardly ever have, so the value never matches.',
  fix: 'Use `{*}` for one segment of a path and `{**}` for many, or several values.',
  sources: ['https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation'],
  bad: [policy('paths', '/users/*/orders'), policy('hosts', 'api.*.example.com'), policy('paths', '*/admin/*')],
  good: [policy('paths', '/users/*'), policy('paths', '*/orders'), policy('paths', '/users/{*}/orders'), policy('hosts', '*.example.com'), policy('paths', '*')],
  check(cluster, tell) {
    for (const { resource, rules } of cluster.family(ISTIO).authorizationPolicies) {
      rules.forEach((rule, at) => rule?.to.forEach((operation, n) => {
        for (const field of ['paths', 'notPaths', 'hosts', 'notHosts']) {
          textsOf(operation[field]).forEach((value, index) => {
            const plain = value.replace(/\{\*\*?\}/g, '');
            const inside = plain.startsWith('*') ? plain.slice(1) : plain.endsWith('*') ? plain.slice(0, -1) : plain;
            if (inside.includes('*')) tell(resource, ['spec', 'rules', at, 'to', n, 'operation', field, index], `the ${plain === value ? '' : 'plain '}* inside of ${value} is taken literally`);
          });
        }
      }));
    }
  },
};
