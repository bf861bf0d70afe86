import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { objectOf, stringMapOf, StringMap } from '../../model/json';
import { matchLabelsOf } from '../../model/labels';
import type { Resource } from '../../model/resource';
import type { Rule } from '../rule';
import { istioModeOf, selectedWorkloads } from '../support/pods';
import { AMBIENT, networking, object, security, SHOP } from '../support/samples';

/** Settings of proxies that are not there. */
export const MESH0403: Rule = {
  id: 'MESH0403',
  title: 'An object that only sidecars use is for pods of the ambient mesh',
  severity: 'warning',
  why: 'Pods of the ambient mesh have no sidecar. A Sidecar does nothing there, and neither do EnvoyFilters, RequestAuthentications, WasmPlugins and Telemetries that select pods: the waypoint takes those that name it in `targetRefs`.',
  fix: 'Remove the object, or attach it to the waypoint or the Service by `targetRefs`.',
  upstream: ['IST0167'],
  bad: [
    AMBIENT + networking('Sidecar', 'shop/default', '{egress: [{hosts: ["./*"]}]}'),
    AMBIENT + security('RequestAuthentication', 'shop/api', '{selector: {matchLabels: {app: api}}, jwtRules: [{issuer: "https://id.example.com", jwksUri: "https://id.example.com/keys"}]}'),
    AMBIENT + object('extensions.istio.io/v1alpha1', 'WasmPlugin', 'shop/api', 'spec: {selector: {matchLabels: {app: api}}, url: "oci://example.com/plugin:1"}'),
  ],
  good: [SHOP + networking('Sidecar', 'shop/default', '{egress: [{hosts: ["./*"]}]}')],
  check(cluster, tell) {
    const look = (resource: Resource, selector: StringMap | undefined, upstream: readonly string[]): void => {
      if (resource.spec.targetRef || resource.spec.targetRefs || resource.namespace === cluster.family(ISTIO).mesh.rootNamespace) return;
      const pods = selectedWorkloads(cluster, resource.namespace, selector);
      if (pods.length > 0 && pods.every((pod) => istioModeOf(cluster, pod) === 'ambient')) tell(resource, [], `all pods that it is for are in the ambient mesh, such as those of ${pods[0].kind} ${pods[0].name}`, { upstream });
    };
    if (!cluster.family(CORE).workloads.some((pod) => istioModeOf(cluster, pod) === 'ambient')) return;
    for (const { resource, workloadSelector } of cluster.family(ISTIO).sidecars) look(resource, workloadSelector, ['IST0167']);
    for (const resource of cluster.kind('networking.istio.io', 'EnvoyFilter')) {
      look(resource, resource.spec.workloadSelector ? stringMapOf(objectOf(resource.spec.workloadSelector).labels) : undefined, []);
    }
    for (const [group, kind] of [['security.istio.io', 'RequestAuthentication'], ['extensions.istio.io', 'WasmPlugin']]) {
      for (const resource of cluster.kind(group, kind)) look(resource, matchLabelsOf(resource.spec.selector), []);
    }
  },
};
