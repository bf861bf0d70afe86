import { chooseRule } from './rule-choice';
import { KubeRouteOutcome, outcomeOfRule, outcomeOfStream, RoutedShare } from './rule-outcome';
import { GATEWAY_API } from '../../model/gatewayapi';
import type { GatewayRoute, RouteKind } from '../../model/gatewayapi/route';
import type { Cluster } from '../../model/model';
import { titleOf } from '../../model/resource';
import type { Service } from '../../model/service';
import type { HttpRequest } from '../http-request';
import { KUBE_SERVICES } from '../kube-services';

const KINDS: readonly RouteKind[] = ['GRPCRoute', 'HTTPRoute', 'TLSRoute', 'TCPRoute'];

/** A call of a Service from within a mesh. */
export interface MeshCall {
  readonly service: Service;
  readonly port: number;
  readonly clientNamespace: string;
  readonly request?: HttpRequest;
  readonly sni?: string;
}

/** Routes a call of a Service by the routes that are attached to it, as the specification has it for meshes. */
export function routeInMesh(cluster: Cluster, call: MeshCall): KubeRouteOutcome {
  const { port, request, service, sni } = call;
  const itself: RoutedShare = { host: cluster.family(KUBE_SERVICES).hostOf(service), port, weight: 100, service };
  const kind = KINDS.find(item => routesOf(cluster, call, item).length > 0);
  const direct = { layer: request ? 'http' : 'tcp', destinations: [itself], request, orderDependent: [] } as const;
  if (!kind) return { ...direct, kind: 'forward', why: 'no route applies, so everything goes to the service itself' };
  const routes = routesOf(cluster, call, kind);
  const lost = { destinations: [], orderDependent: [], by: { resource: routes[0].resource } };
  if (kind === 'HTTPRoute' || kind === 'GRPCRoute') {
    if (!request) return { ...direct, kind: 'forward', why: 'the routes of the service are about requests, and this is none' };
    // Hosts of routes do not count at Services.
    const chosen = chooseRule(routes.map(route => ({ route })), request);
    if (chosen) return outcomeOfRule(cluster, chosen, request, port, false);
    return { ...lost, kind: 'not-found', layer: 'http', status: 404, why: `no ${kind} of ${titleOf(service.resource)} takes the request, and a service with routes takes nothing else` };
  }
  const [route] = kind === 'TLSRoute' ? routes.filter(item => item.hostnames.length === 0 || (sni !== undefined && item.hostnames.includes(sni))) : routes;
  const rule = route?.rules[0];
  if (!rule) return { ...lost, kind: 'not-found', layer: 'tcp', why: `no ${kind} of ${titleOf(service.resource)} takes the connection` };
  return outcomeOfStream(cluster, { route, rule, orderDependent: [] }, false);
}

/** Routes of the client's own namespace take the place of those of the service's. */
function routesOf(cluster: Cluster, { clientNamespace, port, service }: MeshCall, kind: RouteKind): GatewayRoute[] {
  const attached = cluster.family(GATEWAY_API).routesByParent.of({ group: '', kind: 'Service', name: service.name, namespace: service.namespace }).filter(route => route.kind === kind && route.parents.some(parent =>
    parent.kind === 'Service' && parent.group === '' && parent.name === service.name && parent.namespace === service.namespace
    && (parent.port === undefined || parent.port === port)));
  const consumers = attached.filter(route => route.resource.namespace === clientNamespace && clientNamespace !== service.namespace);
  return consumers.length > 0 ? consumers : attached.filter(route => route.resource.namespace === service.namespace);
}
