import { ISTIO } from '../../model/istio';
import { textsOf } from '../../model/json';
import type { Rule } from '../rule';
import { security, SHOP } from '../support/samples';

const policy = (hosts: string): string => SHOP + security('AuthorizationPolicy', 'shop/api', `{action: DENY, selector: {matchLabels: {app: api}}, rules: [{to: [{operation: {hosts: [${hosts}]}}]}]}`);

/** Hosts that callers write in two ways. */
export const MESH0310: Rule = {
  id: 'MESH0310',
  title: 'A DENY rule names a host without its form with a port',
  severity: 'warning',
  why: 'Hosts are compared with the whole Host header. A caller that sends `host:80` is let in, although requests for the host are to be refused.',
  fix: 'List `host:*` beside `host`.',
  sources: ['https://istio.io/latest/docs/ops/best-practices/security/#writing-host-match-policies'],
  bad: [policy('admin.example.com')],
  good: [policy('admin.example.com, "admin.example.com:*"'), policy('"*"')],
  check(cluster, tell) {
    for (const { resource, rules, action } of cluster.family(ISTIO).authorizationPolicies) {
      if (action !== 'DENY') continue;
      rules.forEach((rule, at) => rule?.to.forEach((operation, n) => {
        const hosts = textsOf(operation.hosts);
        hosts.forEach((host, index) => {
          if (host.endsWith('*') || /:\d+$/.test(host) || hosts.some((it) => it.startsWith(`${host}:`))) return;
          tell(resource, ['spec', 'rules', at, 'to', n, 'operation', 'hosts', index], `requests for ${host}:80 are not denied`);
        });
      }));
    }
  },
};
