import { textOf, objectOf, objectsOf } from '../../model/json';
import type { Rule } from '../rule';
import { gatewayApi, security, SHOP } from '../support/samples';

const POLICIES: readonly (readonly [string, string])[] = [
  ['security.istio.io', 'AuthorizationPolicy'], ['security.istio.io', 'RequestAuthentication'], ['telemetry.istio.io', 'Telemetry'],
  ['extensions.istio.io', 'WasmPlugin'], ['extensions.istio.io', 'TrafficExtension'], ['networking.istio.io', 'EnvoyFilter'],
];
const GROUPS: Readonly<Record<string, string>> = { Service: '', ServiceEntry: 'networking.istio.io', Gateway: 'gateway.networking.k8s.io' };

/** Policies for targets that are not there. */
export const MESH0118: Rule = {
  id: 'MESH0118',
  title: 'A policy targets an object that does not exist',
  severity: 'warning',
  why: 'The policy is attached to nothing, so it is not enforced anywhere. Targets live in the namespace of the policy.',
  fix: 'Correct the name, or move the policy into the namespace of its target.',
  needsEverything: true,
  bad: [SHOP + security('AuthorizationPolicy', 'shop/edge', '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}], rules: [{}]}')],
  good: [SHOP + gatewayApi('Gateway', 'shop/edge', '{gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}')
    + security('AuthorizationPolicy', 'shop/edge', '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}], rules: [{}]}')],
  check(cluster, tell) {
    for (const [group, kind] of POLICIES) {
      for (const resource of cluster.kind(group, kind)) {
        const { targetRef, targetRefs } = resource.spec;
        const targets = targetRef ? [{ target: objectOf(targetRef), path: ['spec', 'targetRef'] as (string | number)[] }]
          : objectsOf(targetRefs).map((target, index) => ({ target, path: ['spec', 'targetRefs', index] as (string | number)[] }));
        for (const { target, path } of targets) {
          const name = textOf(target.name) ?? '';
          const expected = GROUPS[textOf(target.kind) ?? ''];
          if (expected === undefined || cluster.find(expected, textOf(target.kind)!, resource.namespace, name)) continue;
          tell(resource, path, `there is no ${String(target.kind)} ${resource.namespace}/${name}`);
        }
      }
    }
  },
};
