import { CallerIndex } from './caller-index';
import { addresses, NetworkPeer, NetworkRule, podsOf } from './network-rule';
import type { Access } from '../../access';
import type { EgressDefaults, EgressGateway } from '../../egress-gateway';
import { Metrics, MetricsMode } from '../../metrics';
import { PeerKind } from '../../peer';
import type { ExternalPlan, InboundEdgePlan, MeshPlan, ServicePlan } from '../../plan';
import type { ProxyTraffic, TrafficPeer } from '../../proxy-traffic';

/** What the pods of a service may do on the network. */
export interface ServiceRules {
  readonly ingress: NetworkRule[];
  readonly egress: NetworkRule[];
}

/** What the edges of a plan come to on the network, for each of its services. */
export function serviceRules(plan: MeshPlan, traffic: ProxyTraffic, egress?: EgressDefaults): ReadonlyMap<ServicePlan, ServiceRules> {
  const rules = new Map<ServicePlan, ServiceRules>(plan.services.map((service) => [service, { ingress: [], egress: [] }]));
  const callers = new CallerIndex(plan.services);
  const externals = externalsByHost(plan);
  for (const service of plan.services) {
    for (const edge of service.inbound) {
      const ports = portsOf(service, edge.access);
      if (ports.length === 0) { continue; }
      rules.get(service)!.ingress.push({ peers: peersOf(edge), ports: callPorts(traffic, ports, edge) });
      const caller = callers.serviceOf(edge.caller);
      if (caller) { rules.get(caller)!.egress.push({ peers: [podsOf(service.namespace, service.podLabels)], ports: callPorts(traffic, ports, edge) }); }
    }
    rules.get(service)!.egress.push(...externalRules(service, externals, traffic, egress));
  }
  return rules;
}

/** Container ports that an access is about. */
function portsOf({ ports }: ServicePlan, { servicePorts, requestsOnly }: Access): number[] {
  return ports.filter((port) => (servicePorts.length === 0 || servicePorts.includes(port.number)) && (!requestsOnly || port.carriesRequests))
    .map((port) => port.targetPort);
}

/** Ports by which a call really arrives: proxies call proxies, and whoever has no identity has no proxy. */
function callPorts({ inboundPorts = [], applicationPorts = true }: ProxyTraffic, ports: readonly number[], { caller }: InboundEdgePlan): number[] {
  const meshed = caller.kind !== PeerKind.ADDRESSES;
  const plain = applicationPorts || caller.kind === PeerKind.ADDRESSES || caller.kind === PeerKind.ANYONE;
  return [...(plain ? ports : []), ...(meshed ? inboundPorts : [])];
}

/** Whom an edge lets in: pods where they are known, otherwise the whole namespace, in which the mesh tells identities apart. */
function peersOf({ caller: { kind, namespace, labels, blocks } }: InboundEdgePlan): NetworkPeer[] {
  if (kind === PeerKind.ANYONE) { return []; }
  if (kind === PeerKind.ADDRESSES) { return addresses(blocks ?? []); }
  return [podsOf(namespace!, labels)];
}

/** Calls that leave the mesh. A NetworkPolicy knows no names: where the addresses are not known, the ports are open, and the mesh minds the name. */
function externalRules(
  service: ServicePlan, externals: ReadonlyMap<string, ExternalPlan>, { egressGateway: general }: ProxyTraffic, defaults: EgressDefaults | undefined,
): NetworkRule[] {
  return service.outbound.filter((edge) => edge.external).map(({ host, ports }) => {
    const external = externals.get(host);
    const egressGateway = (external?.egressGateway && defaults ? trafficOf(external.egressGateway, defaults) : undefined) ?? general;
    if (egressGateway) { return { peers: [podsOf(egressGateway.namespace, egressGateway.labels)], ports: egressGateway.ports }; }
    return { peers: addresses(addressesOf(external)), ports: ports.map((port) => port.targetPort) };
  });
}

/** Services outside of the mesh by what they are called by; the first of those that share a name. */
function externalsByHost({ externals }: MeshPlan): ReadonlyMap<string, ExternalPlan> {
  const byHost = new Map<string, ExternalPlan>();
  for (const external of externals) {
    for (const host of [...external.hosts, external.serviceName]) {
      if (!byHost.has(host)) { byHost.set(host, external); }
    }
  }
  return byHost;
}

function trafficOf({ options }: EgressGateway, defaults: EgressDefaults): TrafficPeer {
  const { namespace, selector, containerPort } = { ...defaults, ...options };
  return { namespace, labels: selector, ports: [containerPort] };
}

function addressesOf(external: ExternalPlan | undefined): string[] {
  const endpoints = external?.endpoints ?? [];
  return endpoints.every((endpoint) => /^[0-9.]+$|:/.test(endpoint)) ? endpoints : [];
}

/** Container port at which collectors ask the application itself; undefined when the proxy answers for it, or when there are no metrics. */
export function openMetricsPort(metrics: Metrics | undefined, { mergesMetrics = false }: ProxyTraffic): number | undefined {
  return metrics === undefined || (metrics.mode === MetricsMode.MERGED && mergesMetrics) ? undefined : metrics.containerPort;
}
