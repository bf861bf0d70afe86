import type { Construct } from 'constructs';
import type { WaypointUse } from './lower-ambient';
import type { InboundEdgePlan, MeshPlan, ServicePlan } from '../../../core/plan';
import { CallerIndex } from '../../../core/private/network-policies/caller-index';
import { emitNetworkPolicy } from '../../../core/private/network-policies/network-policy';
import { NetworkPeer, NetworkRule, podsOf } from '../../../core/private/network-policies/network-rule';
import { isWalled } from '../../../core/private/network-policies/walled';
import type { TrafficPeer } from '../../../core/proxy-traffic';

/** The waypoints of a plan. */
export interface Waypoints {
  /** The waypoint of a service, by its host. */
  readonly own: ReadonlyMap<string, WaypointUse | undefined>;
  /** Waypoints of other services that send calls to a service. */
  readonly sendersOf: (service: ServicePlan) => readonly WaypointUse[];
  /** What waypoints must reach beside the services. */
  readonly controlPlane: TrafficPeer;
}

/** The port by which proxies of an ambient mesh call each other. */
const HBONE = [15008];
const WAYPOINT_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** Lets calls through the waypoints of zero trust namespaces: callers reach the waypoint, and the waypoint reaches the services behind it. */
export function letThroughWaypoints({ services, namespaces }: MeshPlan, waypoints: Waypoints): void {
  const walled = new Map(namespaces.filter(isWalled).map(({ namespace, scope }) => [namespace, scope]));
  if (walled.size === 0) { return; }
  const users = new Users();
  const callers = new CallerIndex(services);
  const called = new Map<ServicePlan, NetworkPeer[]>();
  for (const service of services) {
    const own = waypoints.own.get(service.host);
    const senders = [...own ? [own] : [], ...waypoints.sendersOf(service)];
    senders.forEach((waypoint) => users.of(waypoint).behind.push(service));
    const scope = walled.get(service.namespace);
    if (scope && senders.length > 0) { open(scope, service, 'from', [{ peers: senders.map(podsOfWaypoint), ports: HBONE }]); }
    if (!own) { continue; }
    const edges = service.inbound.filter(({ gateway }) => !gateway);
    users.of(own).callers.push(...edges);
    for (const { caller } of edges) {
      const source = callers.serviceOf(caller);
      if (source) { called.set(source, [...called.get(source) ?? [], podsOfWaypoint(own)]); }
    }
  }
  users.all().forEach((use) => openWaypoint(walled.get(use.waypoint.namespace), use, waypoints.controlPlane));
  for (const [service, peers] of called) {
    const scope = walled.get(service.namespace);
    if (scope) { open(scope, service, 'to', [{ peers, ports: HBONE }]); }
  }
}

/** Who calls through a waypoint, and what is behind it. */
interface Use {
  readonly waypoint: WaypointUse;
  readonly behind: ServicePlan[];
  readonly callers: InboundEdgePlan[];
}

class Users {
  private readonly uses = new Map<string, Use>();

  public of(waypoint: WaypointUse): Use {
    const key = `${waypoint.namespace}/${waypoint.name}`;
    const use = this.uses.get(key) ?? { waypoint, behind: [], callers: [] };
    this.uses.set(key, use);
    return use;
  }

  public all(): Use[] {
    return [...this.uses.values()];
  }
}

function podsOfWaypoint({ name, namespace }: WaypointUse): NetworkPeer {
  return podsOf(namespace, { [WAYPOINT_LABEL]: name });
}

function openWaypoint(scope: Construct | undefined, { waypoint: { name, namespace }, behind, callers }: Use, controlPlane: TrafficPeer): void {
  if (!scope) { return; }
  emitNetworkPolicy(scope, {
    name: `${name}-waypoint`,
    namespace,
    labels: { [WAYPOINT_LABEL]: name },
    ingress: callers.map(({ caller }): NetworkRule => ({ peers: caller.namespace === undefined ? [] : [podsOf(caller.namespace, caller.labels)], ports: HBONE })),
    egress: [
      { peers: behind.map((service) => podsOf(service.namespace, service.podLabels)), ports: HBONE },
      { peers: [podsOf(controlPlane.namespace, controlPlane.labels)], ports: controlPlane.ports },
    ],
  });
}

function open(scope: Construct, { serviceName, namespace, podLabels }: ServicePlan, way: 'from' | 'to', rules: NetworkRule[]): void {
  emitNetworkPolicy(scope, {
    name: `${serviceName}-${way}-waypoint`,
    namespace,
    labels: podLabels,
    ingress: way === 'from' ? rules : [],
    egress: way === 'to' ? rules : [],
  });
}
