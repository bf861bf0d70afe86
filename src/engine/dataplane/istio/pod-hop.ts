import { managedPod } from './gateway-pods';
import { remoteIpOf } from './inbound';
import { normalized } from './requests';
import { ISTIO_SECURITY } from './security';
import { receivedOf } from './verdicts';
import { waypointFor } from './waypoints';
import { authorize } from '../../authz/istio/authorize';
import type { Cluster } from '../../model/model';
import type { IstioKubeGateway } from '../../routing/istio/gateway-api-gateways';
import type { Arrival, Passage, PlaneOptions, Pod, Sent } from '../data-plane';
import { forwarded } from '../sending';

/** Takes a request that is addressed to a pod itself there, through the waypoint for workloads where there is one. */
export function toPod(cluster: Cluster, pod: Pod, passage: Passage, arrival: Arrival, options: PlaneOptions, assumptions: readonly string[]): Sent {
  const { missing, waypoint } = waypointFor(cluster, pod.labels, pod.namespace, 'workload');
  const told = missing === undefined ? assumptions : [...assumptions, `${missing}, so requests go straight to the pod`];
  const { host, port } = passage.server;
  const destination = { host: host!, port, weight: 100, healthy: true, targets: [{ pod, port, security: 'mtls' as const }] };
  if (waypoint) return pastWaypoint(cluster, waypoint, destination, passage, arrival, options, told);
  return forwarded({ arrival, details: { kind: 'forward' }, assumptions: told, why: ['the client\'s ztunnel leads to the pod'] }, [destination]);
}

/** A waypoint for workloads has no routes; it asks the policies that are bound to it, and goes on under its own identity. */
function pastWaypoint(
  cluster: Cluster, kube: IstioKubeGateway, destination: Sent['destinations'][number], passage: Passage, arrival: Arrival, options: PlaneOptions,
  assumptions: readonly string[],
): Sent {
  const security = cluster.family(ISTIO_SECURITY);
  const proxy = managedPod(kube);
  const http = arrival.http && normalized(arrival.http, security.mesh.pathNormalization);
  const policies = security.ofWaypoint(proxy);
  const set = http ? policies.http : policies.tcp;
  const principal = arrival.identity === undefined ? undefined : `spiffe://${arrival.identity}`;
  const facts = { principal, sourceIp: arrival.sourceIp, remoteIp: remoteIpOf(arrival, http), destinationPort: passage.server.port, http };
  const checked = passage.scope === 'routing' ? undefined : authorize(set, facts, http ? arrival.token : undefined, options.external ?? 'allow');
  const received = checked && receivedOf(set, checked);
  const identity = `${security.mesh.trustDomain}/ns/${proxy.namespace}/sa/${proxy.serviceAccount ?? 'default'}`;
  const leaving: Arrival = { ...arrival, identity, sourceIp: undefined, remoteIp: facts.remoteIp, http, layer: http ? 'http' : 'tcp' };
  const why = [received ? `at the waypoint, ${received.why}` : 'the waypoint leads to the pod'];
  const sent = forwarded({ arrival: leaving, details: { kind: 'forward' }, assumptions, why, orderDependent: received?.orderDependent }, [destination]);
  if (!received || received.allowed) return { ...sent, authorization: received };
  return { ...sent, result: 'denied', destinations: [], status: received.status, decidedBy: received.decidedBy, authorization: received, details: { kind: 'none' } };
}
