import { parseGoDuration } from '../../../private/duration';
import { ISTIO } from '../../model/istio';
import { objectOf, textOf } from '../../model/json';
import type { Rule } from '../rule';
import { networking, SHOP } from '../support/samples';

const route = (more: string): string => SHOP + networking('VirtualService', 'shop/api', `{hosts: [api], http: [{${more}, route: [{destination: {host: api}}]}]}`);

/** Tries that are cut short. */
export const MESH0220: Rule = {
  id: 'MESH0220',
  title: 'One try may take longer than all of them together',
  severity: 'warning',
  why: 'The timeout of the route ends the request, tries included. A try that may take as long leaves no time for another, so there are no retries after a timeout.',
  fix: 'Make `timeout` longer than `perTryTimeout` times the number of tries.',
  bad: [route('timeout: 2s, retries: {attempts: 3, perTryTimeout: 5s}')],
  good: [route('timeout: 10s, retries: {attempts: 3, perTryTimeout: 2s}'), route('retries: {attempts: 3, perTryTimeout: 5s}')],
  check(cluster, tell) {
    for (const { resource, http } of cluster.family(ISTIO).virtualServices) {
      http.forEach((rule, index) => {
        const all = parseGoDuration(textOf(rule.timeout) ?? '');
        const one = parseGoDuration(textOf(objectOf(rule.retries).perTryTimeout) ?? '');
        if (all && one && one >= all) tell(resource, ['spec', 'http', index, 'retries', 'perTryTimeout'], `a try of ${String(objectOf(rule.retries).perTryTimeout)} does not fit twice into the timeout of ${String(rule.timeout)}`);
      });
    }
  },
};
