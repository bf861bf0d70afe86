import type { Construct } from 'constructs';
import { lowerAmbientAuthorization } from './authorization';
import { externalNeedsWaypoint, lowerAmbientExternal } from './external';
import { lowerAmbientNamespace } from './namespace';
import { isDirect, needsWaypoint } from './needs-waypoint';
import { lowerAmbientRoutes } from './routes';
import { emitWaypoint } from './waypoint';
import { letThroughWaypoints } from './waypoint-traffic';
import { MtlsMode } from '../../../core/mesh';
import { Metrics } from '../../../core/metrics';
import type { ExternalPlan, MeshPlan, ServicePlan } from '../../../core/plan';
import { lowerEach } from '../../../core/private/lower-each';
import type { TrafficPeer } from '../../../core/proxy-traffic';
import type { IWaypoint } from '../../waypoint';
import { lowerDestinationRule } from '../destination-rule';
import { lowerPeerAuthentication } from '../peer-authentication';
import { lowerRateLimits } from '../request-guards';

/** What lowering to ambient needs to know of the mesh. */
export interface AmbientOptions {
  readonly mtls: MtlsMode;
  readonly trustDomain: string;
  readonly experimental: boolean;
  /** Root namespace, when the mutual TLS mode is written for the whole mesh. */
  readonly rootNamespace?: string;
  /** Revision, or revision tag, of the control plane that runs waypoints. */
  readonly revision?: string;
  /** What waypoints must reach beside the services. */
  readonly controlPlane: TrafficPeer;
  /** The waypoint that a program chose for a service, or, where that counts, for all. */
  readonly waypointOf: (host: string, general: boolean) => IWaypoint | undefined;
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
  // No agent stands beside the application that could serve its metrics.
  const services = plan.services.map((service) => ({ ...service, metrics: service.metrics && Metrics.direct(service.metrics.containerPort, service.metrics.path) }));
  const waypoints = new Map(services.map((service) => [service.host, waypointFor(service, needsWaypoint(service), options, made)]));
  const askers = askersOf(services);
  const sendersOf = (service: ServicePlan) => waypointsOf([...senders(service), ...askers.get(service.host) ?? []], waypoints);
  lowerEach(services, (service) => {
    service.workloads.forEach((workload) => workload.addPodLabels({ 'istio.io/dataplane-mode': 'ambient' }));
    const own = waypoints.get(service.host);
    if (own) { useWaypoint(service, own); }
    lowerDestinationRule(service);
    lowerAmbientRoutes(service, options);
    lowerRateLimits(service, own);
    lowerAmbientAuthorization(service, { own, others: sendersOf(service) }, options.trustDomain);
  });
  lowerEach(plan.externals, (external) => lowerAmbientExternal(external, waypointFor(external, externalNeedsWaypoint(external), options, made)));
  for (const [namespace, scope] of made) {
    emitWaypoint(scope, 'Waypoint', { name: OWN_WAYPOINT, namespace, traffic: 'service', shared: false, revision: options.revision });
  }
  lowerPeerAuthentication({ ...plan, services }, options.mtls, options.rootNamespace);
  plan.namespaces.forEach(lowerAmbientNamespace);
  letThroughWaypoints(plan, { own: waypoints, sendersOf, controlPlane: options.controlPlane });
}

/** Hosts of services whose rules send calls here, which their waypoints do. */
function senders(service: ServicePlan): string[] {
  return service.inbound.filter((edge) => !isDirect(edge)).map(({ via }) => via!);
}

/** Hosts of services whose waypoints ask a service about requests, by the host of the one that is asked. */
function askersOf(services: readonly ServicePlan[]): ReadonlyMap<string, readonly string[]> {
  const askers = new Map<string, string[]>();
  for (const { host, authorizer, rateLimits } of services) {
    const asked = [authorizer?.authorizer.decidingService, ...rateLimits.map(({ counter }) => counter.countingService)];
    asked.forEach((service) => { if (service) { askers.set(service.host, [...askers.get(service.host) ?? [], host]); } });
  }
  return askers;
}

function waypointsOf(hosts: readonly string[], waypoints: ReadonlyMap<string, WaypointUse | undefined>): WaypointUse[] {
  const used = hosts.flatMap((host) => waypoints.get(host) ?? []);
  return [...new Map(used.map((waypoint) => [`${waypoint.namespace}/${waypoint.name}`, waypoint])).values()];
}

function waypointFor(part: ServicePlan | ExternalPlan, needed: boolean, options: AmbientOptions, made: Map<string, Construct>): WaypointUse | undefined {
  const chosen = options.waypointOf('host' in part ? part.host : part.hosts[0], needed || 'host' in part);
  if (chosen) { return { name: chosen.waypointName, namespace: chosen.waypointNamespace }; }
  if (!needed) { return undefined; }
  // Beside the first service of its namespace, so that it is written to the chart of the namespace.
  if (!made.has(part.namespace)) { made.set(part.namespace, part.scope); }
  return { name: OWN_WAYPOINT, namespace: part.namespace };
}

function useWaypoint(service: ServicePlan, { name, namespace }: WaypointUse): void {
  service.serviceObject?.metadata.addLabel('istio.io/use-waypoint', name);
  if (namespace !== service.namespace) {
    service.serviceObject?.metadata.addLabel('istio.io/use-waypoint-namespace', namespace);
  }
}
