import { ISTIO } from '../../model/istio';
import { matchLabelsOf, selects } from '../../model/labels';
import { ISTIO_KUBE_GATEWAYS } from '../../routing/istio/gateway-api-gateways';
import type { Rule } from '../rule';
import { gatewayApi, security, SHOP } from '../support/samples';

const GATEWAY = gatewayApi('Gateway', 'shop/edge', '{gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}');
const KINDS: readonly (readonly [string, string])[] = [
  ['security.istio.io', 'AuthorizationPolicy'], ['security.istio.io', 'RequestAuthentication'], ['telemetry.istio.io', 'Telemetry'], ['extensions.istio.io', 'WasmPlugin'],
];

/** Policies for gateways that Istio makes itself. */
export const MESH0315: Rule = {
  id: 'MESH0315',
  title: 'A policy selects the pods of a Gateway of Gateway API by their labels',
  severity: 'warning',
  why: 'Pods of such gateways take policies by `targetRefs`. Selectors are ignored by waypoints, and by all such gateways where the control plane is set so.',
  fix: 'Write `targetRefs` with the Gateway instead of `selector`.',
  upstream: ['IST0166'],
  bad: [SHOP + GATEWAY + security('AuthorizationPolicy', 'shop/edge', '{selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: edge}}, rules: [{}]}')],
  good: [SHOP + GATEWAY + security('AuthorizationPolicy', 'shop/edge', '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}], rules: [{}]}')],
  check(cluster, tell) {
    const gateways = cluster.family(ISTIO_KUBE_GATEWAYS).filter((it) => it.managed);
    const root = cluster.family(ISTIO).mesh.rootNamespace;
    for (const [group, kind] of KINDS) {
      for (const resource of cluster.kind(group, kind)) {
        const selector = matchLabelsOf(resource.spec.selector);
        if (!selector || Object.keys(selector).length === 0) continue;
        const hit = gateways.find((it) => (resource.namespace === root || it.gateway.resource.namespace === resource.namespace) && selects(selector, it.podLabels));
        if (hit) tell(resource, ['spec', 'selector'], `the pods of Gateway ${hit.gateway.resource.name} are selected by labels`);
      }
    }
  },
};
