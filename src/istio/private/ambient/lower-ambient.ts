import type { Construct } from 'constructs';
import { MtlsMode } from '../../../core/mesh';
import type { MeshPlan, ServicePlan } from '../../../core/plan';
import { lowerEach } from '../../../core/private/lower-each';
import type { IWaypoint } from '../../waypoint';
import { lowerDestinationRule } from '../destination-rule';
import { lowerPeerAuthentication } from '../peer-authentication';
import { lowerAmbientAuthorization } from './authorization';
import { needsWaypoint } from './needs-waypoint';
import { lowerAmbientRoutes } from './routes';
import { emitWaypoint } from './waypoint';

/** What lowering to ambient needs to know of the mesh. */
export interface AmbientOptions {
  readonly mtls: MtlsMode;
  readonly trustDomain: string;
  readonly experimental: boolean;
  /** Root namespace, when the mutual TLS mode is written for the whole mesh. */
  readonly rootNamespace?: string;
  /** Revision, or revision tag, of the control plane that runs waypoints. */
  readonly revision?: string;
  /** The waypoint that a program chose for a service, or for all of them. */
  readonly waypointOf: (service: ServicePlan) => IWaypoint | undefined;
}

/** A waypoint that a service uses. */
export interface WaypointUse {
  readonly name: string;
  readonly namespace: string;
}

/** Name of the waypoint that is made for a namespace when the program declared none. */
const OWN_WAYPOINT = 'waypoint';

/**
 * Writes a plan down for the ambient data plane. Identity and encryption are ztunnel's; whatever needs a look into requests is done by a
 * waypoint, which is made for the namespace when the program declared none.
 */
export function lowerAmbient(plan: MeshPlan, options: AmbientOptions): void {
  const made = new Map<string, Construct>();
  lowerEach(plan.services, (service) => {
    service.workloads.forEach((workload) => workload.addPodLabels({ 'istio.io/dataplane-mode': 'ambient' }));
    const waypoint = waypointFor(service, options, made);
    if (waypoint) { useWaypoint(service, waypoint); }
    lowerDestinationRule(service);
    lowerAmbientRoutes(service, options);
    lowerAmbientAuthorization(service, waypoint, options.trustDomain);
  });
  for (const [namespace, scope] of made) {
    emitWaypoint(scope, 'Waypoint', { name: OWN_WAYPOINT, namespace, traffic: 'service', shared: false, revision: options.revision });
  }
  lowerPeerAuthentication(plan, options.mtls, options.rootNamespace);
}

function waypointFor(service: ServicePlan, options: AmbientOptions, made: Map<string, Construct>): WaypointUse | undefined {
  const chosen = options.waypointOf(service);
  if (chosen) { return { name: chosen.waypointName, namespace: chosen.waypointNamespace }; }
  if (!needsWaypoint(service)) { return undefined; }
  // Beside the first service of its namespace, so that it is written to the chart of the namespace.
  if (!made.has(service.namespace)) { made.set(service.namespace, service.scope); }
  return { name: OWN_WAYPOINT, namespace: service.namespace };
}

function useWaypoint(service: ServicePlan, { name, namespace }: WaypointUse): void {
  service.serviceObject?.metadata.addLabel('istio.io/use-waypoint', name);
  if (namespace !== service.namespace) {
    service.serviceObject?.metadata.addLabel('istio.io/use-waypoint-namespace', namespace);
  }
}
