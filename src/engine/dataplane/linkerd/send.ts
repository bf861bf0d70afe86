import { LINKERD_MEMBERS, trustDomainOf } from './membership';
import type { Cluster } from '../../model/model';
import { nameOf } from '../../model/resource';
import { KUBE_SERVICES } from '../../routing/kube-services';
import { routeEgress } from '../../routing/linkerd/egress';
import { routeServiceCall } from '../../routing/linkerd/outbound';
import type { LinkerdOutcome } from '../../routing/linkerd/outcome';
import type { Arrival, Passage, PlaneOptions, Pod, RouteDetails, Sent, TransportSecurity } from '../data-plane';
import { throughKubeGateway } from '../gatewayapi/gateway-hop';
import type { Hop } from '../hop';
import { describedPod, podAt } from '../pods';
import { changesOf, departing, forwarded, identityOfClient, passedOn, redirected, SendingParts, unroutable } from '../sending';
import { destinationOf } from '../service-targets';

/** Takes a request from its client, or from a gateway, to its destinations, as Linkerd's proxies do. */
export function send(cluster: Cluster, passage: Passage, _options: PlaneOptions, hops?: Hop[]): Sent {
  const members = cluster.family(LINKERD_MEMBERS);
  const { client, protocol, server } = passage;
  const securityFrom = (meshed: boolean) => (pod: Pod, port: number): TransportSecurity => {
    if (meshed && members.has(pod) && !members.skips(pod, 'inbound', port)) return 'mtls';
    return protocol === 'tls' || client.tls === 'tls' ? 'tls' : 'plaintext';
  };
  if (passage.via) return throughKubeGateway(cluster, passage, { trustDomain: trustDomainOf(cluster), securityOf: securityFrom(true) }, hops);
  const self = client.pod ?? describedPod(client.namespace, client.labels);
  const meshed = client.tls === 'mtls' || (!client.outside && client.tls === undefined && members.has(self) && !members.skips(self, 'outbound', server.port));
  const assumptions = meshed && members.assumed ? [members.assumed] : [];
  const arrival = departing(passage, meshed ? identityOfClient(client, trustDomainOf(cluster)) : undefined, meshed ? undefined : 'tcp');
  const host = server.host ?? '';
  const service = cluster.family(KUBE_SERVICES).named(host, client.namespace);
  if (service && service.type !== 'ExternalName') {
    if (!meshed) return unmeshed(cluster, passage, arrival, securityFrom(false));
    const outcome = routeServiceCall(cluster, { service, port: server.port, clientNamespace: client.namespace, request: passage.http, sni: server.sni });
    hops?.push({ kind: 'client-proxy', explain: () => explainClient(outcome) });
    return sentOf(cluster, passage, outcome, { arrival, why: [], assumptions }, securityFrom(true));
  }
  const pod = podAt(cluster, server);
  if (pod) {
    const target = { pod, port: server.port, security: securityFrom(meshed)(pod, server.port) };
    const parts = { arrival, assumptions, details: { kind: 'forward' as const }, why: ['the pod itself is addressed, to which no routes apply'] };
    return forwarded(parts, [{ host, port: server.port, weight: 100, healthy: true, targets: [target] }]);
  }
  if (host.endsWith(`.svc.${cluster.domain}`)) return unroutable({ arrival, why: [`there is no Service ${host}`], assumptions });
  if (!meshed) return passedOn({ arrival, why: ['the destination is no Service of the cluster, and nothing keeps the client from it'], assumptions }, host, server.port);
  const sni = server.sni ?? (protocol === 'tls' ? host : undefined);
  const outcome = routeEgress(cluster, { host, port: server.port, ip: server.ip, sni, clientNamespace: client.namespace, request: passage.http });
  if (!outcome) return passedOn({ arrival, why: ['no EgressNetwork speaks of the destination, so the proxy passes it on'], assumptions }, 'PassthroughCluster', server.port);
  hops?.push({ kind: 'client-proxy', explain: () => explainClient(outcome) });
  return sentOf(cluster, passage, outcome, { arrival, why: [], assumptions: outcome.assumed ? [...assumptions, outcome.assumed] : assumptions }, securityFrom(true));
}

/** Clients without a proxy reach Services as Kubernetes does. */
function unmeshed(cluster: Cluster, { client, server }: Passage, arrival: Arrival, securityOf: (pod: Pod, port: number) => TransportSecurity): Sent {
  const services = cluster.family(KUBE_SERVICES);
  const service = services.named(server.host ?? '', client.namespace)!;
  const destination = destinationOf(cluster, { host: services.hostOf(service), port: server.port, weight: 100, service }, securityOf);
  return forwarded({ arrival, details: { kind: 'forward' }, why: ['the client has no proxy, so no route of the mesh applies'] }, [destination]);
}

function sentOf(
  cluster: Cluster, passage: Passage, outcome: LinkerdOutcome, parts: SendingParts, securityOf: (pod: Pod, port: number) => TransportSecurity,
): Sent {
  const { by, destinations, kind, layer, location, orderDependent, policy, request, status, why } = outcome;
  const decidedBy = by && { ...nameOf(by.resource), ...(by.rule === undefined ? {} : { rule: by.rule }) };
  const details: RouteDetails = {
    kind: 'forward',
    ...(decidedBy ? { matched: decidedBy } : {}),
    ...changesOf(passage.http, request),
    ...(policy.timeout === undefined ? {} : { timeout: policy.timeout }),
    ...(policy.retries ? { retries: policy.retries } : {}),
  };
  const arrival = { ...parts.arrival, layer, http: request ?? parts.arrival.http };
  const told: SendingParts = { ...parts, arrival, details, decidedBy, orderDependent, why: [...parts.why, why] };
  switch (kind) {
    case 'redirect': return redirected(told, status!, location!);
    case 'not-found': return unroutable({ ...told, details: { kind: 'none' } }, status);
    case 'forbidden': return { ...unroutable({ ...told, details: { kind: 'none' } }, status), result: status === 403 ? 'denied' : 'unroutable' };
    case 'failed':
    case 'forward': return forwarded(told, destinations.map(item => destinationOf(cluster, item, securityOf)), status ?? 503);
  }
}

function explainClient({ accrual, by, destinations, kind, policy }: LinkerdOutcome): { readonly [name: string]: unknown } {
  const result = { 'forward': 'forward', 'failed': 'forward', 'redirect': 'redirect', 'not-found': 'not-found', 'forbidden': 'refused' }[kind];
  return {
    routing: {
      result,
      ...(by ? { matched: { ...nameOf(by.resource), ...(by.rule === undefined ? {} : { rule: by.rule }) } } : {}),
      destinations: destinations.map(({ fault, host, port, weight }) => ({ host, port, weight, ...(fault === undefined ? {} : { healthy: false, fault }) })),
    },
    ...policy,
    ...(accrual ? { failureAccrual: accrual } : {}),
  };
}
