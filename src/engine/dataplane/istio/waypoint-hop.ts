import { Connector } from './connection';
import { explainWaypoint } from './explain-routing';
import { managedPod } from './gateway-pods';
import { remoteIpOf } from './inbound';
import { normalized, withChanges } from './requests';
import { ISTIO_SECURITY } from './security';
import { sentOf } from './sent';
import { receivedOf } from './verdicts';
import { authorize } from '../../authz/istio/authorize';
import { RequestFacts } from '../../authz/istio/facts';
import { hostsMatch } from '../../match/host';
import { JsonObject, numberOf, objectsOf, textsOf } from '../../model/json';
import type { Cluster, Family } from '../../model/model';
import type { HttpRequest } from '../../routing/http-request';
import { clusterOf, Destination, DestinationContext, resolveDestination } from '../../routing/istio/destinations';
import type { IstioKubeGateway } from '../../routing/istio/gateway-api-gateways';
import { CompiledRoute, findRoute } from '../../routing/istio/http-routes';
import { applyRoute } from '../../routing/istio/outbound';
import { weighted } from '../../routing/istio/outbound-tcp';
import type { RouteOutcome } from '../../routing/istio/outcome';
import { listenerProtocol } from '../../routing/istio/protocol';
import { MeshService, portOf } from '../../routing/istio/registry';
import type { RouteConfig } from '../../routing/istio/route-config';
import { IstioRouting, ISTIO_ROUTING } from '../../routing/istio/routing';
import type { Arrival, Passage, PlaneOptions, Pod, Sent } from '../data-plane';
import type { Hop } from '../hop';

/** A waypoint's routing of the traffic to one service's port. */
class WaypointPort implements DestinationContext {
  readonly configs: readonly RouteConfig[];
  readonly routes: readonly CompiledRoute[];
  readonly labels = {};
  private readonly resolved = new Map<CompiledRoute | undefined, readonly Destination[]>();

  constructor(readonly routing: IstioRouting, readonly namespace: string, private readonly service: MeshService, private readonly port: number) {
    this.configs = routing.configs.bound('mesh', namespace).filter(config =>
      (config.namespace === namespace || config.namespace === service.namespace) && config.hosts.some(host => hostsMatch(host, service.hostname)));
    // Labels of clients are unknown here, so routes that ask for them never apply.
    const place = { port, gateway: 'mesh', labels: {}, namespace };
    this.routes = this.configs.flatMap(config => routing.routesAt(config, place));
  }

  lookUp(host: string): MeshService | undefined {
    return this.routing.gatewayScope(this.namespace).service(host.toLowerCase());
  }

  cluster(host: string): MeshService | undefined {
    return this.routing.gatewayScope(this.namespace).service(host);
  }

  /** The destinations of a route; without one, the service itself. */
  destinationsOf(route: CompiledRoute | undefined): readonly Destination[] {
    let found = this.resolved.get(route);
    if (!found) {
      found = route
        ? route.action.destinations.map(item => resolveDestination(this, item, this.port))
        : [clusterOf(this, this.service.hostname, this.port, undefined, 100)];
      this.resolved.set(route, found);
    }
    return found;
  }

  routeHttp(request: HttpRequest): RouteOutcome {
    if (this.routes.length === 0) {
      return { kind: 'forward', destinations: this.destinationsOf(undefined), forwarded: request, layer: 'http', orderDependent: [] };
    }
    const virtualHost = { domain: '*', routes: this.routes, candidates: this.configs, rivals: [] };
    return { ...applyRoute(findRoute(this.routes, request), request, this.port, false, route => this.destinationsOf(route)), virtualHost };
  }

  /** TLS rules come before TCP rules, and server names count only where they are the service's own. */
  routeBytes(): RouteOutcome {
    const atPort = (match: JsonObject): boolean => !numberOf(match.port) || numberOf(match.port) === this.port;
    const fits = (match: JsonObject): boolean => atPort(match) && (textsOf(match.gateways).length === 0 || textsOf(match.gateways).includes('mesh'));
    const named = (match: JsonObject): boolean => { const names = textsOf(match.sniHosts); return names.length === 1 && names[0] === this.service.hostname; };
    const applies = (spec: JsonObject, test: (match: JsonObject) => boolean): boolean => {
      const matches = objectsOf(spec.match);
      return matches.length === 0 || matches.some(test);
    };
    const rule = this.configs.flatMap(config => config.tls).find(item => applies(item.spec, match => named(match) && fits(match)))
      ?? this.configs.flatMap(config => config.tcp).find(item => applies(item.spec, fits));
    const destinations = rule ? weighted(rule).map(item => resolveDestination(this, item, this.port)) : this.destinationsOf(undefined);
    return { kind: 'forward', destinations, rule, layer: 'tcp', orderDependent: [] };
  }
}

/** Waypoints' routing, made once for each service's port. */
const WAYPOINT_PORTS: Family<Map<string, WaypointPort>> = { name: 'istio-waypoint-ports', read: () => new Map() };

/** Takes a request to a service through the service's waypoint. */
export function throughWaypoint(
  cluster: Cluster, connector: Connector, kube: IstioKubeGateway, service: MeshService, port: number, passage: Passage, arrival: Arrival,
  options: PlaneOptions, before: readonly string[], assumptions: readonly string[], hops?: Hop[],
): Sent {
  const security = cluster.family(ISTIO_SECURITY);
  const pod = managedPod(kube);
  const waypoint = portsOf(cluster, pod, service, port);
  const protocol = listenerProtocol(portOf(service, port)?.protocol ?? 'TCP');
  const http = arrival.http && protocol !== 'tcp' ? normalized(arrival.http, security.mesh.pathNormalization) : undefined;
  const subject = { kind: service.kubernetes ? 'Service' : 'ServiceEntry', namespace: service.namespace, name: service.resource.name } as const;
  const policies = security.ofWaypoint(pod, subject);
  const set = http ? policies.http : policies.tcp;
  const facts: RequestFacts = {
    principal: arrival.identity === undefined ? undefined : `spiffe://${arrival.identity}`,
    sourceIp: arrival.sourceIp,
    remoteIp: remoteIpOf(arrival, http),
    destinationPort: port,
    http,
  };
  const checked = passage.scope === 'routing' ? undefined : authorize(set, facts, http ? arrival.token : undefined, options.external ?? 'allow');
  const received = checked && receivedOf(set, checked);
  const token = checked?.token;
  const request = http && token?.result === 'valid' ? withChanges(http, { claims: token.claims, headers: withTokenHeaders(http, token.headers) }) : http;
  const outcome = received && !received.allowed ? undefined : request ? waypoint.routeHttp(request) : waypoint.routeBytes();
  hops?.push({ kind: 'waypoint', explain: () => explainWaypoint({ cluster, pod, service, port, set, facts, result: checked, received, outcome, http: request }) });
  const leaving: Arrival = {
    identity: `${security.mesh.trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount ?? 'default'}`,
    remoteIp: facts.remoteIp,
    http: request,
    token: token?.result === 'valid' && token.rule?.forwardsToken === false ? undefined : arrival.token,
    protocol: arrival.protocol,
    layer: request ? 'http' : 'tcp',
  };
  const told = received ? [...before, `at the waypoint, ${received.why}`] : before;
  if (!outcome) {
    return {
      result: 'denied',
      destinations: [],
      status: received!.status,
      decidedBy: received!.decidedBy,
      arrival: leaving,
      details: { kind: 'none' },
      orderDependent: received!.orderDependent,
      why: told,
      assumptions,
      authorization: received,
    };
  }
  return sentOf(outcome, { connector, proxy: 'waypoint', port, http: request, arrival: leaving, assumptions, authorization: received, before: told });
}

function withTokenHeaders(http: HttpRequest, added: ReadonlyMap<string, string> | undefined): ReadonlyMap<string, string> {
  return added ? new Map([...http.headers, ...added]) : http.headers;
}

function portsOf(cluster: Cluster, pod: Pod, service: MeshService, port: number): WaypointPort {
  const known = cluster.family(WAYPOINT_PORTS);
  const key = JSON.stringify([pod.namespace, service.hostname, service.namespace, port]);
  let found = known.get(key);
  if (!found) known.set(key, found = new WaypointPort(cluster.family(ISTIO_ROUTING), pod.namespace, service, port));
  return found;
}
