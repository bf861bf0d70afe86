import { chainSent, deciderOf, explainChain, securityOf, wordsOf } from './chain-sent';
import { throughIngressGateway } from './ingress-gateway';
import { authorizeService } from './receive';
import { CONSUL_SERVICES, hostOf } from './services';
import { carriesRequests, CONSUL, protocolOf } from '../../model/consul';
import { parseIdentity } from '../../model/identity';
import type { Cluster } from '../../model/model';
import type { Service } from '../../model/service';
import { ChainOutcome, followChain, followSplitters } from '../../routing/consul/chain';
import { KUBE_SERVICES } from '../../routing/kube-services';
import type { Passage, PlaneOptions, Sent, TransportSecurity } from '../data-plane';
import { entranceOf, throughKubeGateway } from '../gatewayapi/gateway-hop';
import type { Hop } from '../hop';
import { describedPod, podAt } from '../pods';
import { departing, forwarded, passedOn, SendingParts, unroutable } from '../sending';
import { destinationOf, ServiceShare } from '../service-targets';

/** Takes a request from its client, or from a gateway, to its destinations, as Consul's proxies do. */
export function send(cluster: Cluster, passage: Passage, options: PlaneOptions, hops?: Hop[]): Sent {
  const services = cluster.family(CONSUL_SERVICES);
  const facts = cluster.family(CONSUL);
  const { client, http, protocol, server } = passage;
  if (passage.via) return throughGateway(cluster, passage, hops);
  const self = client.pod ?? describedPod(client.namespace, client.labels);
  const meshed = client.tls === 'mtls'
    || (!client.outside && client.tls === undefined && services.has(self) && !services.excludes(self, 'outbound', server.port));
  const host = (server.host ?? '').toLowerCase();
  const service = cluster.family(KUBE_SERVICES).named(host, client.namespace);
  const assumptions = meshed && services.assumed ? [services.assumed] : [];
  const arrival = departing(passage, meshed ? callerIdentity(cluster, passage) : undefined, 'tcp');
  if (!meshed) {
    const security: TransportSecurity = protocol === 'tls' || client.tls === 'tls' ? 'tls' : 'plaintext';
    return direct(cluster, passage, { arrival, assumptions, why: ['the client has no proxy, so no route of the mesh applies'] }, service, security);
  }
  const virtual = virtualName(host);
  const external = facts.external.get(`${host}:${server.port}`);
  const name = virtual?.service ?? external ?? (service && services.nameBehind(service));
  if (name === undefined) {
    const parts = { arrival, assumptions };
    if (facts.settings.meshDestinationsOnly) return unroutable({ ...parts, why: ['the destination is not in the mesh, and proxies pass nothing else on'] });
    const why = ['the destination is not in the mesh, and the proxy passes it on'];
    return direct(cluster, passage, { ...parts, why }, service, protocol === 'tls' ? 'tls' : 'plaintext');
  }
  if (virtual?.peer !== undefined) {
    const why = [`the destination is ${name} of peer ${virtual.peer}, whose own intentions decide`];
    return forwarded({ arrival, assumptions, why, details: { kind: 'forward' } }, [{ host: name, port: server.port, weight: 100, targets: [] }]);
  }
  const readable = carriesRequests(protocolOf(facts, name)) ? http : undefined;
  const outcome = followChain(facts, name, readable);
  hops?.push({ kind: 'client-proxy', explain: () => explainChain(outcome) });
  const parts: SendingParts = { arrival: { ...arrival, layer: readable ? 'http' : 'tcp' }, why: [], assumptions };
  if (external !== undefined) return throughTerminatingGateway(cluster, passage, name, outcome, parts, options, hops);
  return chainSent(cluster, passage, outcome, parts);
}

function throughGateway(cluster: Cluster, passage: Passage, hops?: Hop[]): Sent {
  const facts = cluster.family(CONSUL);
  const named = passage.via?.gateway;
  const ingress = facts.ingressGateways.find(item => named === `${item.namespace}/${item.name}` || (named === undefined && item.namespace === passage.via?.namespace));
  if (ingress && !entranceOf(cluster, passage)) return throughIngressGateway(cluster, ingress, passage, hops);
  const lead = (shares: readonly ServiceShare[]): readonly ServiceShare[] => shares.flatMap(share => leadOn(cluster, share));
  return throughKubeGateway(cluster, passage, {
    trustDomain: facts.settings.trustDomain,
    securityOf: securityOf(cluster),
    account: gateway => gateway.resource.name,
    lead,
  }, hops);
}

/** Backends of routes are services of the mesh: their splitters and resolvers count, their routers do not. */
function leadOn(cluster: Cluster, share: ServiceShare): readonly ServiceShare[] {
  const services = cluster.family(CONSUL_SERVICES);
  const name = share.service && services.nameBehind(share.service);
  if (name === undefined) return [share];
  const outcome = followSplitters(cluster.family(CONSUL), name);
  if (outcome.error !== undefined) return [{ ...share, fault: outcome.error }];
  return outcome.targets.map(target => {
    const [service] = target.service === name ? [share.service!] : services.behind(target.service);
    const takes = target.subset === undefined ? undefined : services.subset(cluster.family(CONSUL), target.service, target.subset);
    const via = { host: target.service, ...(target.subset === undefined ? {} : { subset: target.subset }) };
    return { ...via, port: share.port, weight: share.weight * target.weight / 100, service, takes };
  });
}

/** Services outside of the mesh are reached through a terminating gateway, which asks their intentions. */
function throughTerminatingGateway(
  cluster: Cluster, passage: Passage, name: string, outcome: ChainOutcome, parts: SendingParts, options: PlaneOptions, hops?: Hop[],
): Sent {
  const facts = cluster.family(CONSUL);
  const gateway = facts.terminating.get(name) ?? facts.terminating.get('*');
  if (!gateway) return unroutable({ ...parts, why: [`no terminating gateway leads to ${name}`] }, parts.arrival.layer === 'http' ? 503 : undefined);
  const told = { ...parts, why: [...parts.why, wordsOf(outcome)], decidedBy: deciderOf(outcome), details: { kind: 'forward' } as const };
  const destination = { host: passage.server.host ?? name, port: passage.server.port, weight: 100, targets: [] };
  if (passage.scope === 'routing') return forwarded(told, [destination]);
  const authorization = authorizeService(cluster, name, { ...parts.arrival, http: outcome.request ?? parts.arrival.http }, options, hops);
  const sent = forwarded({ ...told, why: [...told.why, `at the terminating gateway ${gateway.name}, ${authorization.why}`] }, [destination]);
  if (authorization.allowed) return { ...sent, authorization };
  return { ...sent, result: 'denied', destinations: [], status: authorization.status, decidedBy: authorization.decidedBy, authorization };
}

/** Connections that no mesh keeps. */
function direct(cluster: Cluster, { server }: Passage, parts: SendingParts, service: Service | undefined, security: TransportSecurity): Sent {
  const pod = service ? undefined : podAt(cluster, server);
  if (pod) {
    // Proxies know services only: to a pod itself they speak without mutual TLS.
    const destination = { host: server.host!, port: server.port, weight: 100, healthy: true, targets: [{ pod, port: server.port, security }] };
    return forwarded({ ...parts, details: { kind: 'forward' } }, [destination]);
  }
  if (!service) return outside(cluster, parts, server.host ?? '', server.port);
  const destination = destinationOf(cluster, { host: hostOf(cluster, service), port: server.port, weight: 100, service }, () => security);
  return forwarded({ ...parts, details: { kind: 'forward' } }, [destination]);
}

function outside(cluster: Cluster, parts: SendingParts, host: string, port: number): Sent {
  if (host.endsWith(`.svc.${cluster.domain}`)) return unroutable({ ...parts, why: [`there is no Service ${host}`] });
  return passedOn(parts, 'PassthroughCluster', port);
}

/** The identity of a client is that of its service, which has the name of its account unless the manifests say otherwise. */
function callerIdentity(cluster: Cluster, { client }: Passage): string | undefined {
  const given = client.identity === undefined ? undefined : parseIdentity(client.identity);
  const service = client.pod?.workload ? cluster.family(CONSUL_SERVICES).nameOf(client.pod) : given?.serviceAccount ?? client.pod?.serviceAccount;
  if (service === undefined) return undefined;
  return `${given?.trustDomain ?? cluster.family(CONSUL).settings.trustDomain}/ns/${given?.namespace ?? client.namespace}/sa/${service}`;
}

/** A name in Consul's own DNS. */
function virtualName(host: string): { readonly service: string; readonly peer?: string } | undefined {
  const match = /^([^.]+)\.(?:virtual|connect|service)(?:\.([^.]+))?\.consul$/.exec(host);
  return match ? { service: match[1], peer: match[2] } : undefined;
}

