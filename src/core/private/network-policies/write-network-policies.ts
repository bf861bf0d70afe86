import { MeshFault } from '../../../private/errors';
import type { MeshProfile } from '../../mesh';
import type { NamespacePlan } from '../../namespace-plan';
import type { Peer } from '../../peer';
import type { MeshPlan, ServicePlan } from '../../plan';
import type { ProxyTraffic } from '../../proxy-traffic';
import type { NamespaceDeclaration } from '../declarations';
import { probesOf } from '../probes';
import { emitNetworkPolicy } from './network-policy';
import { addresses, NetworkPeer, NetworkRule, podsOf } from './network-rule';
import { openMetricsPort, serviceRules, ServiceRules } from './service-rules';
import { isWalled } from './walled';

/** Where cluster DNS answers. */
const DNS: NetworkRule = { peers: [podsOf('kube-system', { 'k8s-app': 'kube-dns' })], ports: [53], protocols: ['TCP', 'UDP'] };

/**
 * Writes for every zero trust namespace what its edges come to on the network: nothing goes in or out but the declared calls, those to cluster
 * DNS and to the control plane, collectors of metrics, and probes. It is a second wall, coarser than that of the mesh.
 */
export function writeNetworkPolicies(profile: MeshProfile, plan: MeshPlan, declarations: readonly NamespaceDeclaration[]): void {
  const namespaces = plan.namespaces.filter(isWalled);
  if (namespaces.length === 0) { return; }
  const traffic = profile.traffic ?? {};
  const rules = serviceRules(plan, traffic, profile.egress);
  const declarationOf = new Map(declarations.map((declaration) => [declaration.namespace, declaration]));
  const servicesOf = new Map(namespaces.map(({ namespace }): [string, ServicePlan[]] => [namespace, []]));
  plan.services.forEach((service) => servicesOf.get(service.namespace)?.push(service));
  for (const namespace of namespaces) {
    const declaration = declarationOf.get(namespace.namespace)!;
    writeNamespace(namespace, declaration, traffic);
    servicesOf.get(namespace.namespace)!.forEach((service) => writeService(namespace, service, rules.get(service)!, declaration, traffic));
    writeGateways(namespace, plan, profile, traffic);
  }
}

function writeNamespace({ scope, namespace }: NamespacePlan, { scrapers }: NamespaceDeclaration, traffic: ProxyTraffic): void {
  const { controlPlane = [], metricsPorts = [] } = traffic;
  emitNetworkPolicy(scope, { name: 'zero-trust-default-deny', namespace, labels: {}, ingress: [], egress: [] });
  const collectors = scrapers.flatMap(collectorPeers);
  emitNetworkPolicy(scope, {
    name: 'zero-trust-mesh',
    namespace,
    labels: {},
    ingress: collectors.length > 0 ? [{ peers: collectors, ports: metricsPorts }] : [],
    egress: [DNS, ...controlPlane.map((peer) => ({ peers: [podsOf(peer.namespace, peer.labels)], ports: peer.ports }))],
  });
}

function writeService({ scope, namespace }: NamespacePlan, service: ServicePlan, rules: ServiceRules, declaration: NamespaceDeclaration, traffic: ProxyTraffic): void {
  const { ingress, egress } = rules;
  const metrics = openMetricsPort(service.metrics, traffic);
  const collectors = declaration.scrapers.flatMap(collectorPeers);
  const probed = probePorts(service, traffic);
  const kubelet = addresses([...traffic.probeSources ?? [], ...declaration.probeSources]);
  emitNetworkPolicy(scope, {
    name: service.serviceName,
    namespace,
    labels: service.podLabels,
    ingress: [
      ...ingress,
      ...(metrics !== undefined && collectors.length > 0 ? [{ peers: collectors, ports: [metrics] }] : []),
      ...(probed.length > 0 && kubelet.length > 0 ? [{ peers: kubelet, ports: probed }] : []),
    ],
    egress,
  });
}

/** Gateways of the Gateway API run in the namespace of their Gateway, which lets nobody in by itself. */
function writeGateways({ scope, namespace }: NamespacePlan, plan: MeshPlan, { ingress: defaults }: MeshProfile, traffic: ProxyTraffic): void {
  for (const { ingressName, identity, gateway, scope: owner } of plan.ingresses.filter((candidate) => candidate.identity.namespace === namespace)) {
    const label = gateway.className === undefined || gateway.className === defaults?.className ? defaults?.managedLabel : undefined;
    const labels = gateway.selector ?? (label === undefined ? undefined : { [label]: ingressName });
    if (!labels) {
      throw new MeshFault({
        code: 'MESH-E040',
        what: `the pods of the gateway of ${owner.node.scope?.node.path} stand in the zero trust namespace ${namespace}, which keeps everybody out of them, and their labels are not known`,
        fix: 'put the Ingress into another namespace, or name the pods with IngressGateway.shared({ selector })',
        path: owner.node.scope?.node.path,
      });
    }
    const targets = plan.services.filter((service) => service.inbound.some((edge) => edge.gateway && edge.caller.identity?.spiffeId === identity.spiffeId));
    const { inboundPorts = [], applicationPorts = true } = traffic;
    const egress = targets.map((service): NetworkRule => ({
      peers: [podsOf(service.namespace, service.podLabels)],
      ports: [...(applicationPorts ? service.ports.map((port) => port.targetPort) : []), ...inboundPorts],
    }));
    emitNetworkPolicy(scope, { name: `${ingressName}-gateway`, namespace, labels, ingress: [], egress, openToAll: true });
  }
}

/** Ports at which the kubelet probes the pods of a service. */
function probePorts({ workloads }: ServicePlan, { probePorts: redirected = [] }: ProxyTraffic): number[] {
  return [...probesOf(workloads).map(({ port }) => port), ...redirected];
}

function collectorPeers(peer: Peer): NetworkPeer[] {
  return peer.blocks.length > 0 ? addresses(peer.blocks) : [podsOf(peer.peerNamespace ?? peer.peerIdentity!.namespace)];
}
