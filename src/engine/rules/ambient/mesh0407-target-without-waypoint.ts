import { waypointFor } from '../../dataplane/istio/waypoints';
import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import type { Rule } from '../rule';
import { istioModeOf, workloadsOf } from '../support/pods';
import { AMBIENT, deployment, gatewayApi, INJECTED, namespace, security, service } from '../support/samples';

const POLICY = security('AuthorizationPolicy', 'shop/api', '{targetRefs: [{group: "", kind: Service, name: api}], rules: [{to: [{operation: {methods: [GET]}}]}]}');

/** Policies that wait for a waypoint. */
export const MESH0407: Rule = {
  id: 'MESH0407',
  title: 'A policy is attached to a Service that has no waypoint',
  severity: 'error',
  why: 'Policies for a Service are enforced by its waypoint. Without one nobody enforces them: everything is let in.',
  fix: 'Deploy a waypoint and label the Service or its namespace with `istio.io/use-waypoint`.',
  sources: ['https://istio.io/latest/docs/ambient/usage/l7-features/'],
  needsEverything: true,
  bad: [AMBIENT + POLICY, INJECTED + service('shop/api') + deployment('shop/api') + POLICY],
  good: [namespace('shop', '{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}') + service('shop/api') + deployment('shop/api') + POLICY
    + gatewayApi('Gateway', 'shop/waypoint', '{gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}')],
  check(cluster, tell) {
    const { servicesByName } = cluster.family(CORE);
    const facts = cluster.family(ISTIO);
    for (const { resource, targetRefs } of [...facts.authorizationPolicies, ...facts.requestAuthentications]) {
      targetRefs.forEach((target, index) => {
        const item = target.kind === 'Service' ? servicesByName.get(`${resource.namespace}/${target.name}`) : undefined;
        const choice = item && waypointFor(cluster, item.resource.labels, item.namespace, 'service');
        if (!item || !choice || choice.waypoint || choice.missing) return;
        if (workloadsOf(cluster, item).every((pod) => istioModeOf(cluster, pod) === 'none')) return;
        tell(resource, resource.spec.targetRef ? ['spec', 'targetRef'] : ['spec', 'targetRefs', index], `Service ${target.name} has no waypoint`);
      });
    }
  },
};
