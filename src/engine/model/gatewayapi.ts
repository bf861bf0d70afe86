import {
  GATEWAY_API_GROUP, GatewayClass, gatewayClassOf, KubeGateway, kubeGatewayOf, ListenerSet, listenerSetOf, ObjectReference,
} from './gatewayapi/gateway';
import { GatewayRoute, gatewayRouteOf, RouteIndex, RouteKind } from './gatewayapi/route';
import { objectsOf, textOf } from './json';
import { pushTo } from './label-index';
import type { Cluster, Family } from './model';
import { compareByCreation } from './order';

/** What the objects of Gateway API say, each kind oldest first. */
export interface GatewayApiFacts {
  readonly classes: ReadonlyMap<string, GatewayClass>;
  readonly gateways: readonly KubeGateway[];
  /** By `NS/NAME`. */
  readonly gatewaysByName: ReadonlyMap<string, KubeGateway>;
  readonly listenerSets: readonly ListenerSet[];
  readonly routes: readonly GatewayRoute[];
  readonly routesByParent: RouteIndex;
  /** Whether a ReferenceGrant lets objects of one kind and namespace refer to another object. */
  grants(from: { readonly group: string; readonly kind: string; readonly namespace: string }, to: ObjectReference): boolean;
}

/** Reader of Gateway API. */
export const GATEWAY_API: Family<GatewayApiFacts> = { name: 'gateway-api', read: readGatewayApi };

const ROUTE_KINDS: readonly RouteKind[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];

function readGatewayApi(cluster: Cluster): GatewayApiFacts {
  const gateways = [...cluster.kind(GATEWAY_API_GROUP, 'Gateway')].sort(compareByCreation).map(kubeGatewayOf);
  const sets = [...cluster.kind(GATEWAY_API_GROUP, 'ListenerSet'), ...cluster.kind('gateway.networking.x-k8s.io', 'XListenerSet')];
  const names = grantedNames(cluster);
  const routes = ROUTE_KINDS.flatMap(kind => [...cluster.kind(GATEWAY_API_GROUP, kind)].sort(compareByCreation).map(item => gatewayRouteOf(item, kind)));
  return {
    classes: new Map(cluster.kind(GATEWAY_API_GROUP, 'GatewayClass').map(item => [item.name, gatewayClassOf(item)])),
    gateways,
    gatewaysByName: new Map(gateways.map(item => [`${item.resource.namespace}/${item.resource.name}`, item])),
    listenerSets: sets.sort(compareByCreation).map(listenerSetOf),
    routes,
    routesByParent: new RouteIndex(routes),
    grants: (from, to) => (names.get(grantKey(from, to)) ?? []).some(name => name === undefined || name === to.name),
  };
}

/** The names that grants allow by the two ends of a reference; undefined allows all. */
function grantedNames(cluster: Cluster): Map<string, (string | undefined)[]> {
  const result = new Map<string, (string | undefined)[]>();
  for (const grant of cluster.kind(GATEWAY_API_GROUP, 'ReferenceGrant')) {
    for (const from of objectsOf(grant.spec.from)) {
      for (const to of objectsOf(grant.spec.to)) {
        const source = { group: textOf(from.group) ?? '', kind: textOf(from.kind) ?? '', namespace: textOf(from.namespace) ?? '' };
        const target = { group: textOf(to.group) ?? '', kind: textOf(to.kind) ?? '', namespace: grant.namespace };
        pushTo(result, grantKey(source, target), textOf(to.name) || undefined);
      }
    }
  }
  return result;
}

function grantKey(from: Omit<ObjectReference, 'name'>, to: Omit<ObjectReference, 'name'>): string {
  return [from, to].map(item => `${item.group}/${item.kind}/${item.namespace}`).join(' ');
}
