import { ATTACHMENTS } from '../../authz/istio/attachment';
import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import type { AuthorizationRule } from '../../model/istio/policies';
import { listOf, textsOf } from '../../model/json';
import { selects } from '../../model/labels';
import type { Workload } from '../../model/workload';
import { expandGateway } from '../../routing/istio/hosts';
import type { Rule } from '../rule';
import { DESTINATIONS, HOSTS } from '../support/hosts';
import { istioModeOf, workloadsOf } from '../support/pods';
import { EDGE, networking, security, SHOP } from '../support/samples';
import { compileTextMatch } from '../support/text';

const ROUTE = networking('VirtualService', 'shop/api', '{hosts: [shop.example.com], gateways: [edge], http: [{route: [{destination: {host: api}}]}]}');

/** Gateways that may not call what they route to. */
export const MESH0313: Rule = {
  id: 'MESH0313',
  title: 'A gateway routes to pods that refuse it',
  severity: 'error',
  why: 'As soon as any ALLOW policy applies to a pod, only what one of them allows gets in. No rule lets in the identity of the gateway\'s pods, so that every request from outside is answered with 403.',
  fix: 'Allow the principal of the gateway\'s ServiceAccount.',
  sources: ['https://istio.io/latest/docs/concepts/security/#implicit-enablement'],
  bad: [
    SHOP + EDGE + ROUTE + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}}'),
    SHOP + EDGE + ROUTE + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/api]}}]}]}'),
  ],
  good: [
    SHOP + EDGE + ROUTE + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/edge]}}]}]}'),
    SHOP + EDGE + ROUTE + security('AuthorizationPolicy', 'shop/nothing', '{selector: {matchLabels: {app: api}}}') + security('AuthorizationPolicy', 'shop/api', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {namespaces: [shop]}}]}]}'),
    SHOP + security('AuthorizationPolicy', 'shop/nothing', '{}'),
  ],
  check(cluster, tell) {
    const facts = cluster.family(ISTIO);
    const attached = cluster.family(ATTACHMENTS);
    const hosts = cluster.family(HOSTS);
    const gateways = new Map(facts.gateways.map((it) => [it.name, it]));
    const { workloads } = cluster.family(CORE);
    for (const { service, host, path, isMirror } of cluster.family(DESTINATIONS)) {
      if (isMirror) continue;
      const callers = service.gateways.flatMap((name) => {
        const selector = gateways.get(expandGateway(name, service.resource.namespace))?.selector;
        return selector ? workloads.filter((pod) => selects(selector, pod.labels)) : [];
      });
      if (callers.length === 0) continue;
      const [target] = hosts.visible(host, service.resource.namespace);
      const pods = target?.service ? workloadsOf(cluster, target.service).filter((pod) => istioModeOf(cluster, pod) === 'sidecar') : [];
      if (pods.length === 0) continue;
      const refused = callers.find((caller) => pods.every((pod) => {
        const policies = attached.authorizationPolicies(pod).filter((it) => it.action === 'ALLOW' && !it.dryRun);
        return policies.length > 0 && !policies.some((it) => it.rules.some((rule) => rule && mayAllow(rule, caller, it.resource.namespace)));
      }));
      if (refused) tell(service.resource, [...path, 'host'], `no policy of ${host} lets in the gateway, which is ${facts.mesh.trustDomain}/ns/${refused.namespace}/sa/${refused.serviceAccount}`);
    }
  },
};

/** Whether some request of a caller might satisfy a rule; what it asks of the request is taken to be fulfilled. */
function mayAllow(rule: AuthorizationRule, caller: Workload, policyNamespace: string): boolean {
  const tail = `/ns/${caller.namespace}/sa/${caller.serviceAccount}`;
  return rule.from.length === 0 || rule.from.some((source) => {
    const fits = (field: string, test: (value: string) => boolean): boolean => listOf(source[field]).length === 0 || textsOf(source[field]).some(test);
    return fits('namespaces', (value) => compileTextMatch(value)(caller.namespace))
      && fits('serviceAccounts', (value) => (value.includes('/') ? value : `${policyNamespace}/${value}`) === `${caller.namespace}/${caller.serviceAccount}`)
      && fits('principals', (value) => value.startsWith('*') || compileTextMatch(value.slice(value.indexOf('/')))(tail) || !value.includes('/'))
      && !textsOf(source.notNamespaces).some((value) => compileTextMatch(value)(caller.namespace));
  });
}
