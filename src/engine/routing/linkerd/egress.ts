import { RoutedParent, routeConnection, routeRequest, strongestKind } from './attached-routes';
import type { LinkerdOutcome } from './outcome';
import { isWithin, Network, networksOf, plainNetworks } from '../../authz/linkerd/client-match';
import { Ip, parseCidr } from '../../match/ip';
import { textOf } from '../../model/json';
import { LINKERD, LinkerdFacts } from '../../model/linkerd';
import type { Cluster } from '../../model/model';
import { Resource, titleOf } from '../../model/resource';
import type { HttpRequest } from '../http-request';

/** Namespace whose networks count for clients of every other one. */
const GLOBAL_NAMESPACE = 'linkerd-egress';

/** A request that leaves the cluster. */
export interface EgressCall {
  readonly host: string;
  readonly port: number;
  /** Where the host is; unknown for names of which only DNS knows. */
  readonly ip?: Ip;
  readonly sni?: string;
  readonly clientNamespace: string;
  readonly request?: HttpRequest;
}

/** An EgressNetwork for a destination, and what was taken for granted to find it. */
interface FoundNetwork {
  readonly network: Resource;
  readonly assumed?: string;
}

/** Routes a call that leaves the cluster; undefined where no EgressNetwork speaks of its destination. */
export function routeEgress(cluster: Cluster, call: EgressCall): (LinkerdOutcome & { readonly assumed?: string }) | undefined {
  const facts = cluster.family(LINKERD);
  const found = networkFor(facts, call);
  if (!found) return undefined;
  const { assumed, network } = found;
  const parent = parentOf(network, call);
  const attached = strongestKind(facts.routesByParent.of(network).filter(route => route.parents.some(item => item.kind === 'EgressNetwork' && item.group === 'policy.linkerd.io'
    && item.name === network.name && item.namespace === network.namespace && item.port === call.port)
    && (route.resource.namespace === network.namespace || route.resource.namespace === call.clientNamespace)));
  const requests = attached?.kind === 'GRPCRoute' || attached?.kind === 'HTTPRoute';
  const outcome = !attached ? undefined
    : requests ? call.request && routeRequest(attached, parent, call.request) : routeConnection(attached, parent, call.sni ?? call.host);
  if (outcome) return { ...outcome, assumed };
  const layer = call.request && (requests || !attached) ? 'http' : 'tcp';
  const base = { layer, by: { resource: network }, policy: {}, orderDependent: [], assumed } as const;
  if (network.spec.trafficPolicy === 'Deny') {
    return { ...base, kind: 'forbidden', status: layer === 'http' ? 403 : undefined, destinations: [], why: `${titleOf(network)} denies what no route allows` };
  }
  return { ...base, kind: 'forward', destinations: [parent.itself], request: call.request, why: `${titleOf(network)} lets it leave the cluster` };
}

/** Networks of the client's namespace come first, then the global ones; of those that fit, the smallest range wins, then the oldest. */
function networkFor(facts: LinkerdFacts, { clientNamespace, ip }: EgressCall): FoundNetwork | undefined {
  const { clusterNetworks } = facts.settings;
  const outside: Network[] = [{ cidr: '0.0.0.0/0', except: clusterNetworks }, { cidr: '::/0', except: clusterNetworks }];
  for (const namespace of [clientNamespace, GLOBAL_NAMESPACE]) {
    const all = facts.egressNetworks.filter(item => item.namespace === namespace).flatMap((network, order) => {
      const written = networksOf(network.spec.networks);
      const networks = written.length > 0 ? written : outside;
      if (written.some(item => overlaps(item, clusterNetworks))) return [];
      const fitting = networks.filter(item => (ip === undefined ? written.length === 0 : isWithin(item, ip)));
      return fitting.map(item => ({ network, order, bits: parseCidr(item.cidr)?.bits ?? 0 }));
    });
    const [first] = all.sort((a, b) => b.bits - a.bits || a.order - b.order);
    if (first) {
      const assumed = ip === undefined ? 'the address of the destination is not known: it is taken to lie outside of the cluster\'s networks' : undefined;
      return { network: first.network, assumed };
    }
  }
  return undefined;
}

/** A network that overlaps the cluster's own is not accepted. */
function overlaps({ cidr, except }: Network, clusterNetworks: readonly string[]): boolean {
  const range = parseCidr(cidr);
  if (!range) return false;
  return plainNetworks(clusterNetworks).some(item => {
    const own = parseCidr(item.cidr);
    if (!own || except.includes(item.cidr)) return false;
    return own.test(range.base) || range.test(own.base);
  });
}

function parentOf(network: Resource, { host, port }: EgressCall): RoutedParent {
  const itself = { host, port, weight: 100 };
  return {
    namespace: network.namespace,
    annotations: network.annotations,
    port,
    itself,
    backend: (reference, weight) => {
      const same = reference.kind === 'EgressNetwork' && reference.name === network.name
        && (textOf(reference.namespace) || network.namespace) === network.namespace;
      return same ? { ...itself, weight } : { ...itself, host: textOf(reference.name) ?? '', weight, fault: 'a route of an EgressNetwork can lead to that network only' };
    },
  };
}
