import { ISTIO_KUBE_GATEWAYS, IstioKubeGateway } from './gateway-api-gateways';
import { ConvertedRoute, ConvertedRule, convertHttpRoute, convertStreamRoute } from './gateway-api-rules';
import { serviceHost } from './registry';
import { RouteConfig, RouteRule, Visibility } from './route-config';
import { compareText } from '../../../private/compare-text';
import { hostsMatch, intersectHosts } from '../../match/host';
import { CORE } from '../../model/core';
import { GATEWAY_API } from '../../model/gatewayapi';
import { GATEWAY_API_GROUP } from '../../model/gatewayapi/gateway';
import type { GatewayRoute, ParentReference, RequestMatch } from '../../model/gatewayapi/route';
import { JsonObject, objectsOf, textsOf } from '../../model/json';
import { pushTo } from '../../model/label-index';
import type { Cluster } from '../../model/model';
import { attachmentsOf } from '../gatewayapi/attachment';
import { ISTIO_PROFILE } from '../gatewayapi/profile';

const EVERYWHERE: Visibility = { everywhere: true, namespaces: new Set(['*']) };
const SERVICE_ENTRY_GROUP = 'networking.istio.io';

/** A place that a route applies to: the mesh's side of a Service, or a listener of a gateway. */
interface Place {
  /** `mesh`, or the name of the listener's gateway. */
  readonly gateway: string;
  readonly hosts: readonly string[];
  /** The listener's own host. */
  readonly listenerHost?: string;
  /** Port of the Service that the reference names. */
  readonly port?: number;
}

/** The routes of one object for one place and host. */
interface Piece {
  readonly key: string;
  readonly host: string;
  readonly gateway: string;
  readonly route: GatewayRoute;
  readonly rules: readonly PlacedRule[];
}

interface PlacedRule extends ConvertedRule {
  readonly route: GatewayRoute;
}

/** What Gateway API routes are turned into: one configuration for each place and host, with the rules of all routes there in order. */
export function gatewayApiConfigs(cluster: Cluster): RouteConfig[] {
  const gateways = cluster.family(ISTIO_KUBE_GATEWAYS);
  const pieces = new Map<string, Piece[]>();
  const streams: RouteConfig[] = [];
  for (const route of cluster.family(GATEWAY_API).routes) {
    const places = placesOf(cluster, gateways, route);
    if (route.kind === 'HTTPRoute' || route.kind === 'GRPCRoute') {
      for (const piece of piecesOf(cluster, route, places)) pushTo(pieces, piece.key, piece);
    } else {
      streams.push(...streamConfigs(cluster, route, places));
    }
  }
  return [...streams, ...[...pieces.values()].map(merge)];
}

function placesOf(cluster: Cluster, gateways: readonly IstioKubeGateway[], route: GatewayRoute): Place[] {
  const references = route.parents.map((parent, index) => ({ parent, index, key: referenceKey(parent) }));
  references.sort((a, b) => compareText(a.key, b.key) || a.index - b.index);
  const places = references.flatMap(({ parent }) => placesOfParent(cluster, gateways, route, parent));
  return places.map((place, index) => ({ place, index }))
    .sort((a, b) => compareText(a.place.gateway, b.place.gateway) || a.index - b.index).map(item => item.place);
}

function referenceKey(parent: ParentReference): string {
  return [parent.group, parent.kind, parent.name, parent.sectionName ?? '', parent.port ?? 0, parent.namespace].join('/');
}

function placesOfParent(cluster: Cluster, gateways: readonly IstioKubeGateway[], route: GatewayRoute, parent: ParentReference): Place[] {
  const { group, kind, name, namespace, port } = parent;
  if (kind === 'Service' && group === '') {
    if (!cluster.family(CORE).servicesByName.has(`${namespace}/${name}`)) return [];
    return [{ gateway: 'mesh', hosts: [serviceHost(name, namespace, cluster.domain)], port }];
  }
  if (kind === 'ServiceEntry' && group === SERVICE_ENTRY_GROUP) {
    const entry = cluster.find(group, kind, namespace, name);
    return entry ? [{ gateway: 'mesh', hosts: textsOf(entry.spec.hosts), port }] : [];
  }
  if (group !== GATEWAY_API_GROUP || (kind !== 'Gateway' && kind !== 'ListenerSet')) return [];
  return gateways.flatMap(gateway => {
    const own = gateway.listeners.filter(item => item.owner.kind.endsWith(kind) && item.owner.name === name && item.owner.namespace === namespace
      && gateway.converted.has(item));
    return attachmentsOf(cluster, route, parent, own).filter(item => item.refused === undefined).map(item => ({
      gateway: gateway.converted.get(item.listener)!.name, hosts: item.hostnames, listenerHost: item.listener.listener.hostname,
    }));
  });
}

function piecesOf(cluster: Cluster, route: GatewayRoute, places: readonly Place[]): Piece[] {
  const converted = conversions(cluster, route, convertHttpRoute);
  return places.flatMap(place => {
    const mesh = place.gateway === 'mesh';
    const rules = converted(mesh).rules.map(rule => ({ ...rule, route, spec: mesh && place.port ? atPort(rule.spec, place.port) : rule.spec }));
    if (rules.length === 0) return [];
    const owner = mesh ? `${route.resource.namespace}${place.port ? `/${place.port}` : ''}` : place.gateway;
    return place.hosts.map(host => ({ key: `${owner}/${host}`, host, gateway: place.gateway, route, rules }));
  });
}

/** Conversions differ between gateways, where backends elsewhere need a grant, and the mesh. */
function conversions(
  cluster: Cluster, route: GatewayRoute, convert: (cluster: Cluster, route: GatewayRoute, grants: boolean) => ConvertedRoute,
): (mesh: boolean) => ConvertedRoute {
  const made = new Map<boolean, ConvertedRoute>();
  return mesh => {
    let result = made.get(mesh);
    if (!result) made.set(mesh, result = convert(cluster, route, mesh ? ISTIO_PROFILE.meshGrants : true));
    return result;
  };
}

function atPort(spec: JsonObject, port: number): JsonObject {
  const matches = objectsOf(spec.match);
  return { ...spec, match: matches.length > 0 ? matches.map(match => ({ ...match, port })) : [{ port }] };
}

/** Routes of one place and host are one configuration: rules by what they match, equal ones by the age of their objects. */
function merge(pieces: readonly Piece[]): RouteConfig {
  const sorted = [...pieces].sort((a, b) => compareObjects(a.route, b.route));
  const [oldest] = sorted;
  const rules = sorted.flatMap(piece => piece.rules).map((rule, index) => ({ rule, index }));
  rules.sort((a, b) => compareRules(a.rule, b.rule) || a.index - b.index);
  return {
    resource: oldest.route.resource,
    name: oldest.key.replace(/\//g, '~'),
    namespace: oldest.route.resource.namespace,
    hosts: [oldest.host],
    gateways: [oldest.gateway],
    visibility: EVERYWHERE,
    gatewayApi: true,
    http: rules.map(({ rule }) => ({ spec: rule.spec, resource: rule.route.resource, index: rule.rule.index, match: rule.match ?? ANY })),
    tls: [],
    tcp: [],
  };
}

/** Rules for all requests come last. */
function compareRules(a: PlacedRule, b: PlacedRule): number {
  const [first, second] = [matchesAll(a), matchesAll(b)];
  return first || second ? Number(first) - Number(second) : ISTIO_PROFILE.compare(a.match ?? ANY, b.match ?? ANY);
}

const ANY: RequestMatch = { headers: [], query: [] };

function matchesAll(rule: PlacedRule): boolean {
  return objectsOf(rule.spec.match).length === 0;
}

/** Merging takes the oldest object first, then by namespace, then by name. */
function compareObjects(a: GatewayRoute, b: GatewayRoute): number {
  const [first, second] = [a.resource, b.resource];
  if (first.createdAt !== second.createdAt) return (first.createdAt ?? Infinity) - (second.createdAt ?? Infinity);
  return compareText(first.namespace, second.namespace) || compareText(first.name, second.name);
}

function streamConfigs(cluster: Cluster, route: GatewayRoute, places: readonly Place[]): RouteConfig[] {
  const converted = conversions(cluster, route, convertStreamRoute);
  const tls = route.kind === 'TLSRoute';
  const { name, namespace } = route.resource;
  let count = 0;
  return places.flatMap(place => {
    const rules = converted(place.gateway === 'mesh').rules;
    const hosts = !tls && place.gateway !== 'mesh' ? ['*']
      : place.listenerHost === undefined ? place.hosts : intersectHosts(place.hosts, [place.listenerHost]);
    return hosts.map(host => {
      const placed = rules.flatMap(({ rule, spec }): RouteRule[] => {
        const fitting = tls ? tlsAt(spec, place, host) : place.port ? atPort(spec, place.port) : spec;
        return fitting ? [{ spec: fitting, resource: route.resource, index: rule.index }] : [];
      });
      return {
        resource: route.resource,
        name: `${name}~${tls ? 'tls' : 'tcp'}~${count++}~istio-autogenerated-k8s-gateway`,
        namespace,
        hosts: [host],
        gateways: [place.gateway],
        visibility: EVERYWHERE,
        gatewayApi: true,
        http: [],
        tls: tls ? placed : [],
        tcp: tls ? [] : placed,
      };
    });
  });
}

/** A TLS rule at a place: the server names of a Service without names of the route, and those that lie within a listener's host. */
function tlsAt(spec: JsonObject, place: Place, host: string): JsonObject | undefined {
  const matches = objectsOf(spec.match);
  if (place.gateway === 'mesh') {
    return {
      ...spec,
      match: matches.map(match => {
        const named = textsOf(match.sniHosts);
        const all = named.length === 1 && named[0] === '*' ? place.hosts : named;
        const sniHosts = matches.length === 1 && all.length > 1 ? all.filter(item => hostsMatch(host, item)) : all;
        return { sniHosts, ...(place.port ? { port: place.port } : {}) };
      }),
    };
  }
  if (place.listenerHost === undefined) return spec;
  const within = matches.map(match => ({ ...match, sniHosts: intersectHosts(textsOf(match.sniHosts), [place.listenerHost!]) }));
  return matches.length === 0 || within.some(match => match.sniHosts.length > 0) ? { ...spec, match: within } : undefined;
}
