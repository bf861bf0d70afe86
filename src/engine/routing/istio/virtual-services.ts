import { mergeDelegate } from './delegates';
import { expandGateway, expandHost } from './hosts';
import { RouteConfig, RouteRule, visibilityOf } from './route-config';
import { ISTIO } from '../../model/istio';
import type { VirtualService } from '../../model/istio/traffic';
import { JsonObject, objectOf, objectsOf, textOf, textsOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import type { Resource } from '../../model/resource';

/** The VirtualServices of a cluster with names written out and delegates merged, in the order of creation. */
export function virtualServiceConfigs(cluster: Cluster): RouteConfig[] {
  const { virtualServices, mesh } = cluster.family(ISTIO);
  const delegates = new Map<string, VirtualService>();
  for (const item of virtualServices) {
    if (item.hosts.length === 0) delegates.set(`${item.resource.namespace}/${item.resource.name}`, item);
  }
  return virtualServices.filter(item => item.hosts.length > 0).map(item => {
    const { namespace } = item.resource;
    const expand = (rules: readonly JsonObject[], owner: Resource = item.resource): RouteRule[] =>
      rules.map((spec, index) => ({ spec: expandRule(spec, owner.namespace, cluster.domain), resource: owner, index }));
    const delegated = (rule: RouteRule): readonly RouteRule[] => {
      if (!rule.spec.delegate) return [rule];
      const reference = objectOf(rule.spec.delegate);
      const target = delegates.get(`${textOf(reference.namespace) || namespace}/${textOf(reference.name) ?? ''}`);
      if (!target) return [];
      const visible = visibilityOf(target.exportTo, mesh.defaultVirtualServiceExportTo, target.resource.namespace);
      if (!visible.everywhere && !visible.namespaces.has(namespace)) return [];
      return mergeDelegate(rule.spec, item.resource, expand(target.http, target.resource));
    };
    return {
      resource: item.resource,
      name: item.resource.name,
      namespace,
      hosts: item.hosts.map(host => expandHost(host, namespace, cluster.domain)),
      gateways: item.gateways.length > 0 ? item.gateways.map(gateway => expandGateway(gateway, namespace)) : ['mesh'],
      visibility: visibilityOf(item.exportTo, mesh.defaultVirtualServiceExportTo, namespace),
      gatewayApi: false,
      http: expand(item.http).flatMap(delegated),
      tls: expand(item.tls),
      tcp: expand(item.tcp),
    };
  });
}

/** Writes out the short names of a route. */
function expandRule(rule: JsonObject, namespace: string, domain: string): JsonObject {
  const destination = (value: unknown): JsonObject => {
    const object = objectOf(value);
    return { ...object, host: expandHost(textOf(object.host) ?? '', namespace, domain) };
  };
  const result: Record<string, unknown> = { ...rule };
  if (Array.isArray(rule.match)) {
    result.match = objectsOf(rule.match).map(match =>
      (match.gateways === undefined ? match : { ...match, gateways: textsOf(match.gateways).map(item => expandGateway(item, namespace)) }));
  }
  if (Array.isArray(rule.route)) {
    result.route = objectsOf(rule.route).map(item => (item.destination ? { ...item, destination: destination(item.destination) } : item));
  }
  if (rule.mirror) result.mirror = destination(rule.mirror);
  if (Array.isArray(rule.mirrors)) {
    result.mirrors = objectsOf(rule.mirrors).map(item => (item.destination ? { ...item, destination: destination(item.destination) } : item));
  }
  return result;
}
