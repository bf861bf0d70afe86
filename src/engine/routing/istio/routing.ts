import { ConfigIndex } from './config-index';
import { DESTINATION_RULES, DestinationRules, MergedRule } from './destination-rules';
import { EndpointFinder, ENDPOINTS } from './endpoints';
import { GatewayProxy } from './gateway';
import { gatewayApiConfigs } from './gateway-api-configs';
import { ISTIO_KUBE_GATEWAYS } from './gateway-api-gateways';
import { CompiledRoute, httpRoutes, RoutePlace } from './http-routes';
import { MeshService, REGISTRY, ServiceRegistry } from './registry';
import { RouteConfig } from './route-config';
import { ClientScope, GatewayScope } from './scope';
import { SERVICE_TARGETS, ServiceTarget, TargetPod } from './service-targets';
import { virtualServiceConfigs } from './virtual-services';
import { ISTIO } from '../../model/istio';
import type { MeshConfig } from '../../model/istio/mesh-config';
import type { Gateway, Sidecar } from '../../model/istio/traffic';
import { own, StringMap, stringMapOf } from '../../model/json';
import { pushTo } from '../../model/label-index';
import { selects } from '../../model/labels';
import type { Cluster, Family } from '../../model/model';
import { compareByCreation } from '../../model/order';
import type { Resource } from '../../model/resource';

/** A proxy as the routing of requests depends on it. */
export interface ProxyView {
  readonly namespace: string;
  readonly labels: StringMap;
  readonly scope: ClientScope;
  /** Results of look-ups, kept by the code that makes them. */
  readonly memo: Map<string, unknown>;
}

/** Everything that Istio's routing of a cluster is made of. */
export class IstioRouting {
  readonly mesh: MeshConfig;
  readonly registry: ServiceRegistry;
  readonly endpoints: EndpointFinder;
  readonly rules: DestinationRules;
  readonly configs: ConfigIndex;
  private readonly sidecars = new Map<string, Sidecar[]>();
  private readonly rootSidecar?: Sidecar;
  private readonly scopes = new Map<string, ClientScope>();
  private readonly gatewayScopes = new Map<string, GatewayScope>();
  private readonly views = new Map<string, ProxyView>();
  /** Gateways of both APIs, oldest first. */
  private readonly gateways: readonly Gateway[];
  private readonly gatewayProxies = new Map<string, GatewayProxy>();
  /** Labels of clients that some object looks at; clients alike in these are routed alike. */
  private readonly relevantLabels: readonly string[];

  constructor(readonly cluster: Cluster) {
    const facts = cluster.family(ISTIO);
    this.mesh = facts.mesh;
    this.registry = cluster.family(REGISTRY);
    this.endpoints = cluster.family(ENDPOINTS);
    this.rules = cluster.family(DESTINATION_RULES);
    const configs = [...virtualServiceConfigs(cluster), ...gatewayApiConfigs(cluster)].sort(compareConfigs);
    this.configs = new ConfigIndex(configs);
    // Sidecars for chosen workloads come before those of a whole namespace.
    for (const chosen of [true, false]) {
      for (const sidecar of facts.sidecars) {
        if ((sidecar.workloadSelector !== undefined) === chosen) pushTo(this.sidecars, sidecar.resource.namespace, sidecar);
      }
    }
    this.rootSidecar = this.sidecars.get(this.mesh.rootNamespace)?.find(sidecar => !sidecar.workloadSelector);
    const kubeGateways = cluster.family(ISTIO_KUBE_GATEWAYS).flatMap(item => [...item.converted.values()]);
    this.gateways = [...facts.gateways, ...kubeGateways].sort(compareGateways);
    this.relevantLabels = relevantLabels(configs, facts.sidecars, facts.destinationRules.map(rule => rule.workloadSelector));
  }

  /** The Sidecar that applies to a workload. */
  sidecarOf(namespace: string, labels: StringMap): Sidecar | undefined {
    const chosen = this.sidecars.get(namespace)?.find(sidecar => !sidecar.workloadSelector || selects(sidecar.workloadSelector, labels));
    return chosen ?? this.rootSidecar;
  }

  /** The view of a sidecar proxy; proxies that are routed alike share one. */
  view(namespace: string, labels: StringMap): ProxyView {
    let key = namespace;
    for (const name of this.relevantLabels) key += `\n${own(labels, name) ?? ''}`;
    let view = this.views.get(key);
    if (!view) {
      view = { namespace, labels, scope: this.scope(namespace, this.sidecarOf(namespace, labels)), memo: new Map() };
      this.views.set(key, view);
    }
    return view;
  }

  /** The proxies of a gateway's pods. */
  gatewayProxy(pod: TargetPod): GatewayProxy {
    const { labels, namespace } = pod;
    const key = JSON.stringify([namespace, ...Object.keys(labels).sort().map(name => [name, labels[name]])]);
    let proxy = this.gatewayProxies.get(key);
    if (!proxy) {
      const targets = this.cluster.family(SERVICE_TARGETS).of(pod);
      proxy = new GatewayProxy(this, namespace, labels, this.gatewaysOf(pod, targets), targets);
      this.gatewayProxies.set(key, proxy);
    }
    return proxy;
  }

  /** The Gateways that apply to a pod: those whose selector fits, and those of Gateway API whose Service leads to it. */
  private gatewaysOf(pod: TargetPod, targets: readonly ServiceTarget[]): Gateway[] {
    const name = own(pod.labels, 'gateway.networking.k8s.io/gateway-name');
    const found = this.gateways.filter(gateway => {
      const { services } = gateway;
      if (!services) return !gateway.selector || selects(gateway.selector, pod.labels);
      if (targets.some(target => services.has(target.service.hostname))) return true;
      return gateway.managed === true && gateway.resource.namespace === pod.namespace && gateway.resource.name === name;
    });
    // Proxies that Istio runs for Gateway API take no Gateways of Istio's own API from other namespaces.
    const managed = new Set(found.filter(gateway => gateway.managed).map(gateway => gateway.resource.namespace));
    return managed.size === 0 ? found : found.filter(gateway => gateway.services || managed.has(gateway.resource.namespace));
  }

  /** The scope of a gateway's proxies. */
  gatewayScope(namespace: string): GatewayScope {
    let scope = this.gatewayScopes.get(namespace);
    if (!scope) this.gatewayScopes.set(namespace, scope = new GatewayScope(this.registry, namespace));
    return scope;
  }

  /** The DestinationRule that a proxy applies to a service. */
  ruleFor(proxy: { readonly namespace: string; readonly labels: StringMap }, service: MeshService): MergedRule | undefined {
    return this.rules.find(proxy.namespace, proxy.labels, service);
  }

  /** The HTTP routes of a configuration in a place. */
  routesAt(config: RouteConfig, place: RoutePlace): readonly CompiledRoute[] {
    return httpRoutes(config, place, this.mesh.defaultHttpRetryPolicy);
  }

  private scope(namespace: string, sidecar: Sidecar | undefined): ClientScope {
    const key = `${namespace}\n${sidecar ? `${sidecar.resource.namespace}/${sidecar.resource.name}` : ''}`;
    let scope = this.scopes.get(key);
    if (!scope) {
      scope = new ClientScope(this.registry, this.configs, namespace, sidecar, this.mesh.outboundAllowAny);
      this.scopes.set(key, scope);
    }
    return scope;
  }
}

/** Istio's routing of a cluster. */
export const ISTIO_ROUTING: Family<IstioRouting> = { name: 'istio-routing', read: cluster => new IstioRouting(cluster) };

function compareGateways(a: Gateway, b: Gateway): number {
  const named = (gateway: Gateway): Resource => ({ ...gateway.resource, name: gateway.name.slice(gateway.name.indexOf('/') + 1) });
  return compareByCreation(named(a), named(b));
}

function compareConfigs(a: RouteConfig, b: RouteConfig): number {
  return compareByCreation({ ...a.resource, name: a.name }, { ...b.resource, name: b.name });
}

function relevantLabels(
  configs: readonly RouteConfig[], sidecars: readonly Sidecar[], selectors: readonly (StringMap | undefined)[],
): readonly string[] {
  const names = new Set<string>();
  const add = (labels: StringMap | undefined): void => {
    for (const name of Object.keys(labels ?? {})) names.add(name);
  };
  for (const config of configs) {
    for (const rule of [...config.http, ...config.tls, ...config.tcp]) {
      for (const match of Array.isArray(rule.spec.match) ? rule.spec.match as unknown[] : []) {
        add(stringMapOf((match as { sourceLabels?: unknown } | null)?.sourceLabels));
      }
    }
  }
  for (const sidecar of sidecars) add(sidecar.workloadSelector);
  for (const selector of selectors) add(selector);
  return [...names].sort();
}
