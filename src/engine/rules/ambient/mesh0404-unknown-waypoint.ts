import { waypointFor, WaypointTraffic } from '../../dataplane/istio/waypoints';
import { CORE } from '../../model/core';
import { own, StringMap } from '../../model/json';
import type { Resource } from '../../model/resource';
import type { Rule } from '../rule';
import { deployment, gatewayApi, namespace, service } from '../support/samples';

const USE = 'istio.io/use-waypoint';
const shop = (label: string): string => namespace('shop', `{istio.io/dataplane-mode: ambient, ${USE}: ${label}}`) + service('shop/api') + deployment('shop/api');
const waypoint = (labels = ''): string => `---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: waypoint, namespace: shop${labels}}\nspec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}\n`;

/** Waypoints that are not used. */
export const MESH0404: Rule = {
  id: 'MESH0404',
  title: 'A waypoint is asked for that cannot be used',
  severity: 'error',
  why: 'Traffic goes past a waypoint that does not exist, is for another sort of traffic or takes none from the namespace. Policies and routes that it should apply are then not applied.',
  fix: 'Name a Gateway of class `istio-waypoint`; for another namespace add `istio.io/use-waypoint-namespace` and `allowedRoutes`.',
  sources: ['https://istio.io/latest/docs/ambient/usage/waypoint/'],
  needsEverything: true,
  bad: [shop('waypoint'), shop('waypoint') + waypoint(', labels: {istio.io/waypoint-for: workload}')],
  good: [shop('waypoint') + waypoint(), shop('none'), shop('waypoint') + waypoint(', labels: {istio.io/waypoint-for: all}'),
    gatewayApi('Gateway', 'shop/waypoint', '{gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}') + shop('waypoint')],
  check(cluster, tell) {
    const core = cluster.family(CORE);
    const look = (resource: Resource, labels: StringMap, place: string, traffic: WaypointTraffic): void => {
      if (own(labels, USE) === undefined) return;
      const { missing } = waypointFor(cluster, labels, place, traffic);
      if (missing) tell(resource, ['metadata', 'labels', USE], missing);
    };
    for (const item of core.services) look(item.resource, item.resource.labels, item.namespace, 'service');
    for (const resource of cluster.kind('networking.istio.io', 'ServiceEntry')) look(resource, resource.labels, resource.namespace, 'service');
    for (const pod of core.workloads) look(pod.owner, pod.labels, pod.namespace, 'workload');
    for (const resource of cluster.kind('', 'Namespace')) {
      // A namespace speaks for services and pods alike; one of the two is enough.
      const both = (['service', 'workload'] as const).map((traffic) => waypointFor(cluster, resource.labels, resource.name, traffic));
      const inUse = core.services.some((it) => it.namespace === resource.name);
      if (both[0].missing && (both[1].missing || inUse)) look(resource, resource.labels, resource.name, 'service');
    }
  },
};
