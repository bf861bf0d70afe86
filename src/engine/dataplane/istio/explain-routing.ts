import { explainPolicies } from './explain-policies';
import type { GatewayCheck } from './gateway-hop';
import { Authorization } from '../../authz/istio/authorize';
import { RequestFacts } from '../../authz/istio/facts';
import { PolicySet } from '../../authz/istio/policy-set';
import type { JsonObject } from '../../model/json';
import type { Cluster } from '../../model/model';
import { nameOf } from '../../model/resource';
import type { HttpRequest } from '../../routing/http-request';
import type { Destination } from '../../routing/istio/destinations';
import type { GatewayChain } from '../../routing/istio/gateway';
import { CompiledRoute, routeMatches } from '../../routing/istio/http-routes';
import type { RouteOutcome } from '../../routing/istio/outcome';
import type { MeshService } from '../../routing/istio/registry';
import { ISTIO_ROUTING } from '../../routing/istio/routing';
import type { Client, Pod, Received } from '../data-plane';
import { explainPod } from '../explain-pod';

/** Tells what a client's sidecar did. */
export function explainClient(story: { cluster: Cluster; client: Client; outcome: RouteOutcome; http?: HttpRequest }): JsonObject {
  const { client, cluster, http, outcome } = story;
  const sidecar = cluster.family(ISTIO_ROUTING).sidecarOf(client.namespace, client.labels);
  return {
    proxy: 'sidecar',
    namespace: client.namespace,
    labels: client.labels,
    ...(sidecar ? { sidecar: nameOf(sidecar.resource) } : {}),
    routing: explainRouting(outcome, http),
  };
}

/** Tells what a gateway did. */
export function explainGateway(story: {
  cluster: Cluster; pod: Pod; chain?: GatewayChain; listenerPort: number; checked?: GatewayCheck; outcome?: RouteOutcome; http?: HttpRequest;
}): JsonObject {
  const { chain, checked, http, listenerPort, outcome, pod } = story;
  return {
    pod: explainPod(pod),
    port: listenerPort,
    ...(chain ? {
      server: { gateway: nameOf(chain.server.gateway.resource), port: chain.server.server.port, protocol: chain.server.server.protocol, hosts: chain.server.hosts },
      tls: chain.tls,
    } : {}),
    ...(checked?.received ? { authorization: explainAuthorization(checked.set, checked.facts, checked.result, checked.received) } : {}),
    ...(outcome ? { routing: explainRouting(outcome, http) } : {}),
  };
}

/** Tells what a waypoint did. */
export function explainWaypoint(story: {
  cluster: Cluster;
  pod: Pod;
  service: MeshService;
  port: number;
  set: PolicySet;
  facts: RequestFacts;
  result?: Authorization;
  received?: Received;
  outcome?: RouteOutcome;
  http?: HttpRequest;
}): JsonObject {
  const { facts, http, outcome, pod, port, received, result, service, set } = story;
  return {
    pod: explainPod(pod),
    service: service.hostname,
    port,
    ...(received ? { authorization: explainAuthorization(set, facts, result, received) } : {}),
    ...(outcome ? { routing: explainRouting(outcome, http) } : {}),
  };
}

function explainAuthorization(set: PolicySet, facts: RequestFacts, result: Authorization | undefined, received: Received): JsonObject {
  return {
    allowed: received.allowed,
    stage: received.stage,
    ...(received.decidedBy ? { decidedBy: received.decidedBy } : {}),
    stages: explainPolicies(set, facts, result),
  };
}

/** Tells how a proxy found its destination: the configurations for the host, the routes it tried, and what it chose. */
function explainRouting(outcome: RouteOutcome, http: HttpRequest | undefined): JsonObject {
  const { destinations, location, note, orderDependent, route, rule, status, virtualHost } = outcome;
  const subject = route?.rule ?? rule;
  return {
    result: outcome.kind,
    reads: outcome.layer === 'http' ? 'requests' : 'connections',
    ...(virtualHost ? { host: virtualHost.domain, candidates: virtualHost.candidates.map(config => nameOf(config.resource)) } : {}),
    ...(virtualHost && http ? { routes: tried(virtualHost.routes, route, http) } : {}),
    ...(subject ? { matched: { ...nameOf(subject.resource), rule: subject.index } } : {}),
    ...(status === undefined ? {} : { status }),
    ...(location === undefined ? {} : { location }),
    ...(note === undefined ? {} : { note }),
    destinations: destinations.map(explainDestination),
    ...(orderDependent.length > 0 ? { orderDependent: orderDependent.map(nameOf) } : {}),
  };
}

/** The routes up to the one that took the request. */
function tried(routes: readonly CompiledRoute[], chosen: CompiledRoute | undefined, http: HttpRequest): JsonObject[] {
  const end = chosen ? routes.indexOf(chosen) + 1 : routes.length;
  return routes.slice(0, end).map(route => ({
    ...nameOf(route.rule.resource),
    rule: route.rule.index,
    ...(route.matchIndex === undefined ? {} : { match: route.matchIndex }),
    result: routeMatches(route, http),
    conditions: route.match.conditions.map(item => ({ what: item.label, value: item.value, result: item.test(http) })),
  }));
}

function explainDestination(item: Destination): JsonObject {
  return {
    host: item.host,
    ...(item.subset === undefined ? {} : { subset: item.subset }),
    port: item.port,
    weight: item.weight,
    ...(item.healthy === undefined ? {} : { healthy: item.healthy }),
    ...(item.fault === undefined ? {} : { fault: item.fault }),
    ...(item.rule ? { destinationRules: item.rule.from.map(nameOf) } : {}),
    endpoints: item.endpoints.length,
  };
}
