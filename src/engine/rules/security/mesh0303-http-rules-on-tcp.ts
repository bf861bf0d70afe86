import { ISTIO } from '../../model/istio';
import { textsOf } from '../../model/json';
import { targetPortOn } from '../../model/service';
import { mayBeHttp, serviceProtocol } from '../../routing/istio/protocol';
import type { Rule } from '../rule';
import { istioModeOf, SERVICES_OF_WORKLOADS } from '../support/pods';
import { httpFieldsOf, subjectsOf } from '../support/policies';
import { deployment, INJECTED, security, service, SHOP } from '../support/samples';

const TCP = INJECTED + service('shop/api', '[{name: tcp, port: 80, targetPort: 8080}]') + deployment('shop/api');

/** Requests where there are only bytes. */
export const MESH0303: Rule = {
  id: 'MESH0303',
  title: 'An AuthorizationPolicy asks for HTTP on ports that are TCP',
  severity: 'error',
  why: 'On a TCP port the proxy sees no requests. An ALLOW rule that asks for a method, path, host or token never matches there, so that everybody is refused; a DENY rule loses that part, and refuses everybody too.',
  fix: 'Declare the port as HTTP, or limit the rule by `ports` to those that are.',
  sources: ['https://istio.io/latest/docs/tasks/security/authorization/authz-tcp/'],
  bad: [
    TCP + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{to: [{operation: {methods: [GET]}}]}]}'),
    TCP + security('AuthorizationPolicy', 'shop/api', '{action: DENY, selector: {matchLabels: {app: api}}, rules: [{to: [{operation: {paths: ["/admin*"]}}]}]}'),
  ],
  good: [
    SHOP + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{to: [{operation: {methods: [GET]}}]}]}'),
    TCP + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{to: [{operation: {ports: ["8080"]}}]}]}'),
  ],
  check(cluster, tell) {
    const services = cluster.family(SERVICES_OF_WORKLOADS);
    for (const policy of cluster.family(ISTIO).authorizationPolicies) {
      if (!policy.rules.some((rule) => rule && httpFieldsOf(rule).length > 0)) continue;
      const pods = subjectsOf(cluster, policy).filter((pod) => istioModeOf(cluster, pod) === 'sidecar');
      const known = pods.flatMap((pod) => (services.get(pod) ?? []).flatMap((item) => item.ports)
        .map((port) => ({ target: targetPortOn(port, pod.ports), protocol: serviceProtocol(port) })));
      if (known.length === 0) continue;
      policy.rules.forEach((rule, at) => {
        const fields = rule ? httpFieldsOf(rule) : [];
        if (!rule || fields.length === 0) return;
        const listed = new Set(rule.to.flatMap((it) => textsOf(it.ports).map(Number)));
        const reached = known.filter((it) => listed.size === 0 || listed.has(it.target ?? 0));
        if (reached.length === 0 || reached.some((it) => mayBeHttp(it.protocol))) return;
        tell(policy.resource, ['spec', 'rules', at], `${fields.join(', ')} on ports that are ${[...new Set(reached.map((it) => it.protocol))].join(' and ')}: ${policy.action === 'ALLOW' ? 'nothing is allowed' : 'everything is meant'}`);
      });
    }
  },
};
