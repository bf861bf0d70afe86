import { CORE, labelsOfNamespace } from '../../model/core';
import { own, StringMap } from '../../model/json';
import type { Cluster } from '../../model/model';
import { allowsNamespace } from '../../routing/gatewayapi/listeners';
import { ISTIO_KUBE_GATEWAYS, IstioKubeGateway } from '../../routing/istio/gateway-api-gateways';

const USE = 'istio.io/use-waypoint';
const USE_NAMESPACE = 'istio.io/use-waypoint-namespace';
const FOR = 'istio.io/waypoint-for';
const INGRESS = 'istio.io/ingress-use-waypoint';

/** Kinds of traffic that waypoints handle. */
export type WaypointTraffic = 'service' | 'workload';

/** The waypoint that an object asks for, or why it has none. */
export interface WaypointChoice {
  readonly waypoint?: IstioKubeGateway;
  /** Why a waypoint that is asked for is not used. */
  readonly missing?: string;
}

/**
 * The waypoint for traffic to an object with these labels.
 *
 * An object's own label wins over its namespace's; one that names a waypoint that is not there means no waypoint at all.
 */
export function waypointFor(cluster: Cluster, labels: StringMap, namespace: string, traffic: WaypointTraffic): WaypointChoice {
  const namespaceLabels = labelsOfNamespace(cluster.family(CORE), namespace);
  const from = own(labels, USE) === undefined ? namespaceLabels : labels;
  const name = own(from, USE);
  if (name === undefined || name === '' || name.toLowerCase() === 'none') return {};
  const home = own(from, USE_NAMESPACE) || namespace;
  const waypoint = cluster.family(ISTIO_KUBE_GATEWAYS).find(item => item.waypoint
    && item.gateway.resource.name === name && item.gateway.resource.namespace === home);
  if (!waypoint) return { missing: `there is no waypoint ${home}/${name}` };
  const allowed = waypoint.listeners.some(item => allowsNamespace(cluster, item.listener.namespaces, home, namespace));
  if (!allowed) return { missing: `the waypoint ${home}/${name} takes no traffic from namespace ${namespace}` };
  const serves = own(waypoint.gateway.resource.labels, FOR) ?? 'service';
  return serves === traffic || serves === 'all' ? { waypoint } : { missing: `the waypoint ${home}/${name} is for ${serves} traffic` };
}

/** Whether gateways send the traffic of a service through its waypoint. */
export function gatewaysUseWaypoint(cluster: Cluster, labels: StringMap, namespace: string): boolean {
  const value = own(labels, INGRESS) ?? own(labelsOfNamespace(cluster.family(CORE), namespace), INGRESS);
  return value?.toLowerCase() === 'true';
}
