import { ATTACHMENTS } from '../../authz/istio/attachment';
import { WorkloadMtls } from '../../authz/istio/peer-authentication';
import { compileL4, l4RuleMatches } from '../../authz/istio/ztunnel';
import { waypointFor } from '../../dataplane/istio/waypoints';
import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { targetPortOn } from '../../model/service';
import type { Rule } from '../rule';
import { istioModeOf, workloadsOf } from '../support/pods';
import { deployment, gatewayApi, namespace, security, service } from '../support/samples';

const SHOP_WITH_WAYPOINT = namespace('shop', '{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}') + service('shop/api') + deployment('shop/api')
  + gatewayApi('Gateway', 'shop/waypoint', '{gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}');
const policy = (account: string): string => security('AuthorizationPolicy', 'shop/api', `{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/${account}]}}]}]}`);

/** Waypoints that pods refuse. */
export const MESH0406: Rule = {
  id: 'MESH0406',
  title: 'Pods of the ambient mesh refuse their own waypoint',
  severity: 'error',
  why: 'With a waypoint, connections reach the pod with the identity of the waypoint, not of the caller. Policies that select the pod must allow that identity, or all traffic of the service is refused.',
  fix: 'Allow the principal of the waypoint in policies that select pods, and write policies about callers with `targetRefs`.',
  sources: ['https://istio.io/latest/docs/ambient/usage/l7-features/'],
  bad: [SHOP_WITH_WAYPOINT + policy('api')],
  good: [SHOP_WITH_WAYPOINT + policy('waypoint')],
  check(cluster, tell) {
    const { mesh } = cluster.family(ISTIO);
    for (const item of cluster.family(CORE).services) {
      const { waypoint } = waypointFor(cluster, item.resource.labels, item.namespace, 'service');
      if (!waypoint) continue;
      const principal = `spiffe://${mesh.trustDomain}/ns/${waypoint.gateway.resource.namespace}/sa/${waypoint.serviceAccount}`;
      for (const pod of workloadsOf(cluster, item)) {
        if (istioModeOf(cluster, pod) !== 'ambient') continue;
        const policies = cluster.family(ATTACHMENTS).authorizationPolicies(pod).filter((it) => it.targetRefs.length === 0 && it.action === 'ALLOW' && !it.dryRun);
        const set = compileL4(policies, new WorkloadMtls(mesh.rootNamespace, []));
        if (policies.length === 0 || !set.allowApplies) continue;
        const isLetIn = item.ports.some((port) => set.allow.some((rule) => l4RuleMatches(rule, { principal, destinationPort: targetPortOn(port, pod.ports) ?? port.number })));
        if (!isLetIn) tell(policies[0].resource, ['spec'], `the waypoint of ${item.name}, which is ${principal.slice('spiffe://'.length)}, may not connect to its pods`);
      }
    }
  },
};
