import { clientProxy } from './clients';
import { Connector } from './connection';
import { DIRECT, serviceOf } from './direct';
import { explainClient } from './explain-routing';
import { throughGateway } from './gateway-hop';
import { toPod } from './pod-hop';
import { departure, identityOf, normalized } from './requests';
import { sentOf } from './sent';
import { throughWaypoint } from './waypoint-hop';
import { gatewaysUseWaypoint, waypointFor } from './waypoints';
import { ISTIO } from '../../model/istio';
import type { Cluster, Family } from '../../model/model';
import { routeOutbound } from '../../routing/istio/outbound';
import type { MeshService } from '../../routing/istio/registry';
import { ISTIO_ROUTING } from '../../routing/istio/routing';
import type { Arrival, Passage, PlaneOptions, Sent, TransportSecurity } from '../data-plane';
import type { Hop } from '../hop';
import { podAt } from '../pods';

const NONE: readonly never[] = Object.freeze([]);

/** Connects destinations to endpoints; one for each cluster, so that results are shared. */
const CONNECTOR: Family<Connector> = { name: 'istio-connector', read: cluster => new Connector(cluster) };

/** Takes a request from its client or gateway to its destinations, as Istio's proxies do. */
export function send(cluster: Cluster, passage: Passage, options: PlaneOptions, hops?: Hop[]): Sent {
  const connector = cluster.family(CONNECTOR);
  if (passage.via) {
    const sent = throughGateway(cluster, connector, passage, options, hops);
    return onward(cluster, connector, passage, sent, options, hops);
  }
  const { assumed, mode } = clientProxy(cluster, passage.client);
  const assumptions = assumed ? [assumed] : NONE;
  if (mode === 'sidecar') return fromSidecar(cluster, connector, passage, assumptions, hops);
  return withoutSidecar(cluster, connector, passage, mode === 'ambient', assumptions, options, hops);
}

function fromSidecar(cluster: Cluster, connector: Connector, passage: Passage, assumptions: readonly string[], hops?: Hop[]): Sent {
  const routing = cluster.family(ISTIO_ROUTING);
  const { client, protocol, server } = passage;
  const http = passage.http && normalized(passage.http, routing.mesh.pathNormalization);
  const arrival = departure(passage, identityOf(client, routing.mesh.trustDomain), http);
  if (passage.http && !http) return unroutable(arrival, 400, 'the proxy answers such a path with 400', assumptions);
  const view = routing.view(client.namespace, client.labels);
  const query = {
    host: server.host ?? http?.host ?? '', port: server.port, http, sni: server.sni ?? server.host, tls: protocol === 'tls', destinationIp: server.ip,
  };
  const outcome = routeOutbound(routing, view, query);
  hops?.push({ kind: 'client-proxy', explain: () => explainClient({ cluster, client, outcome, http }) });
  const layered = outcome.layer === arrival.layer ? arrival : { ...arrival, layer: outcome.layer };
  return sentOf(outcome, { connector, proxy: 'sidecar', port: server.port, http, arrival: layered, assumptions, before: NONE });
}

/** Clients without a sidecar reach Services as Kubernetes does; in ambient mode the service's waypoint comes first. */
function withoutSidecar(
  cluster: Cluster, connector: Connector, passage: Passage, ambient: boolean, assumptions: readonly string[], options: PlaneOptions, hops?: Hop[],
): Sent {
  const { client, protocol, server } = passage;
  const service = serviceOf(cluster, server, client.namespace);
  const { trustDomain } = cluster.family(ISTIO).mesh;
  const arrival: Arrival = { ...departure(passage, ambient ? identityOf(client, trustDomain) : undefined, passage.http), layer: 'tcp' };
  const pod = ambient && !service ? podAt(cluster, server) : undefined;
  if (pod) return toPod(cluster, pod, passage, arrival, options, assumptions);
  if (!service) return elsewhere(cluster, passage, arrival, assumptions);
  if (ambient) {
    const { missing, waypoint } = waypointFor(cluster, service.labels, service.namespace, 'service');
    if (waypoint) return throughWaypoint(cluster, connector, waypoint, service, server.port, passage, arrival, options, NONE, assumptions, hops);
    if (missing) assumptions = [...assumptions, `${missing}, so requests go straight to the pods`];
  }
  const security: TransportSecurity = ambient ? 'mtls' : protocol === 'tls' || client.tls === 'tls' ? 'tls' : 'plaintext';
  const destination = cluster.family(DIRECT).of(service, server.port, security);
  const base = {
    destinations: [destination],
    arrival,
    details: { kind: 'forward' } as const,
    orderDependent: NONE,
    assumptions,
    why: [ambient ? 'the client\'s ztunnel leads to the service\'s pods' : 'the client has no proxy, so no route of the mesh applies'],
  };
  if (destination.healthy === false) return { ...base, result: 'unroutable', why: destination.fault ? [...base.why, destination.fault] : base.why };
  return { ...base, result: 'sent' };
}

function elsewhere(cluster: Cluster, { server }: Passage, arrival: Arrival, assumptions: readonly string[]): Sent {
  const host = server.host ?? '';
  if (host.endsWith(`.svc.${cluster.domain}`)) return unroutable(arrival, undefined, `there is no Service ${host}`, assumptions);
  const destinations = [{ host, port: server.port, weight: 100, targets: NONE }];
  const why = ['the destination is no Service of the cluster, and nothing keeps the client from it'];
  return { result: 'sent', destinations, arrival, details: { kind: 'passthrough' }, orderDependent: NONE, why, assumptions };
}

function unroutable(arrival: Arrival, status: number | undefined, reason: string, assumptions: readonly string[]): Sent {
  return { result: 'unroutable', destinations: NONE, status, arrival, details: { kind: 'none' }, orderDependent: NONE, why: [reason], assumptions };
}

/** Gateways send a service's requests through its waypoint where the service asks for that. */
function onward(cluster: Cluster, connector: Connector, passage: Passage, sent: Sent, options: PlaneOptions, hops?: Hop[]): Sent {
  if (sent.result !== 'sent' || sent.destinations.length !== 1) return sent;
  const [destination] = sent.destinations;
  const service: MeshService | undefined = cluster.family(ISTIO_ROUTING).registry.named(destination.host)[0];
  if (!service || !gatewaysUseWaypoint(cluster, service.labels, service.namespace)) return sent;
  const { waypoint } = waypointFor(cluster, service.labels, service.namespace, 'service');
  if (!waypoint) return sent;
  return throughWaypoint(cluster, connector, waypoint, service, destination.port, passage, sent.arrival, options, sent.why, sent.assumptions, hops);
}
