import { ISTIO_MEMBERSHIPS } from './membership';
import { IstioSecurity, ISTIO_SECURITY } from './security';
import { objectOf, objectsOf, numberOf, own, textOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import type { Resource } from '../../model/resource';
import { tlsModeOf } from '../../routing/istio/destination-rules';
import type { Destination } from '../../routing/istio/destinations';
import type { Endpoint } from '../../routing/istio/endpoints';
import type { Pod, SentDestination, Target, TransportSecurity } from '../data-plane';
import { podOfEndpoint } from '../pods';

/** The proxy that opens a connection. */
export type ConnectingProxy = 'gateway' | 'sidecar' | 'waypoint';

/** How a proxy connects to an endpoint. */
export interface Connection {
  readonly security: TransportSecurity;
  readonly sni?: string;
  readonly fault?: Target['fault'];
  /** Why: the DestinationRule that says so, or `auto` mutual TLS. */
  readonly by: Resource | 'auto' | 'default';
}

/** Destinations with the endpoints behind them, alike ones together; made once for each list of destinations. */
export class Connector {
  private readonly made = new WeakMap<readonly Destination[], readonly SentDestination[]>();
  private readonly security: IstioSecurity;

  constructor(private readonly cluster: Cluster) {
    this.security = cluster.family(ISTIO_SECURITY);
  }

  /** What a proxy's destinations lead to. */
  connect(destinations: readonly Destination[], proxy: ConnectingProxy): readonly SentDestination[] {
    let found = this.made.get(destinations);
    if (!found) this.made.set(destinations, found = destinations.map(item => this.destination(item, proxy)));
    return found;
  }

  private destination(item: Destination, proxy: ConnectingProxy): SentDestination {
    const { fault, healthy, host, port, subset, weight } = item;
    return { host, subset, port, weight, healthy, fault, targets: item.exists ? this.targets(item, proxy) : [] };
  }

  private targets(item: Destination, proxy: ConnectingProxy): Target[] {
    const { service } = item;
    if (!service) return [];
    const found = new Map<string, Target>();
    for (const endpoint of item.endpoints) {
      if (!endpoint.healthy) continue;
      const pod = podOfEndpoint(endpoint);
      if (isForeign(pod) && !this.hasProxy(pod)) continue;
      const key = `${pod.namespace} ${pod.workload?.owner.name ?? ''} ${endpoint.port} ${JSON.stringify(pod.labels)}`;
      if (!found.has(key)) found.set(key, { pod, port: endpoint.port, ...this.connection(item, endpoint, pod, proxy) });
    }
    if (found.size > 0 || item.healthy !== undefined || !service.service) return [...found.values()];
    // No manifest has the pods: they are described by what their Service selects.
    const endpoint: Endpoint = {
      port: targetPort(service.service.ports.find(port => port.number === item.port)) ?? item.port,
      labels: { ...service.service.selector, ...item.rule?.subsets.find(subset => subset.name === item.subset)?.labels },
      namespace: service.namespace,
      healthy: true,
    };
    const pod = podOfEndpoint(endpoint);
    return [{ pod, port: endpoint.port, ...this.connection(item, endpoint, pod, proxy) }];
  }

  /** How a proxy connects to an endpoint of a destination. */
  connection(item: Destination, endpoint: Endpoint, pod: Pod, proxy: ConnectingProxy): Connection {
    const mode = tlsModeOf(item.policy);
    const rule = item.rule?.rule.resource;
    if (mode === 'DISABLE') return { security: 'plaintext', by: rule! };
    if (mode === 'SIMPLE' || mode === 'MUTUAL') {
      return { security: 'tls', sni: textOf(objectOf(item.policy.tls).sni) || undefined, by: rule! };
    }
    if (mode === 'ISTIO_MUTUAL') return this.mutual(item, endpoint, pod, rule!);
    const { mesh } = this.security;
    const service = item.service!;
    if (service.external || !mesh.enableAutoMtls || this.security.assumedMode(service.namespace) === 'DISABLE') return { security: 'plaintext', by: 'default' };
    // Connections to the original destination are all protected or none of them.
    if (service.resolution === 'Passthrough' && proxy !== 'gateway') {
      const all = item.endpoints.length > 0 && item.endpoints.every(other => this.hasProxy(podOfEndpoint(other)));
      return all ? { security: 'mtls', sni: sniOf(item), by: 'auto' } : { security: 'plaintext', by: 'default' };
    }
    const written = writtenMode(item);
    if (written !== undefined) {
      return written === 'ISTIO_MUTUAL' ? this.mutual(item, endpoint, pod, rule!) : { security: 'plaintext', by: rule! };
    }
    const protectedPort = this.hasProxy(pod) && this.security.of(pod).mtls.forPort(endpoint.port).mode !== 'DISABLE';
    return protectedPort ? { security: 'mtls', sni: sniOf(item), by: 'auto' } : { security: 'plaintext', by: 'default' };
  }

  private mutual(item: Destination, endpoint: Endpoint, pod: Pod, rule: Resource): Connection {
    const sni = textOf(objectOf(item.policy.tls).sni) || sniOf(item);
    const accepted = this.hasProxy(pod) && this.security.of(pod).mtls.forPort(endpoint.port).mode !== 'DISABLE';
    const reason = `DestinationRule ${rule.namespace}/${rule.name} asks for mutual TLS, and nothing at the endpoint answers it`;
    return { security: 'mtls', sni, by: rule, fault: accepted ? undefined : { reason, by: rule } };
  }

  private hasProxy(pod: Pod): boolean {
    if (isForeign(pod)) return own(pod.labels, 'security.istio.io/tlsMode') === 'istio';
    return this.cluster.family(ISTIO_MEMBERSHIPS).of(pod).mode !== 'none';
  }
}

/** Whether an endpoint is an address that no workload of the manifests has: such endpoints must say themselves that they have a proxy. */
function isForeign(pod: Pod): boolean {
  return !pod.workload && pod.address !== undefined;
}

/** The server name of connections to a cluster, from which the other side tells service, subset and port. */
function sniOf(item: Destination): string {
  return `outbound_.${item.port}_.${item.subset ?? ''}_.${item.host}`;
}

function targetPort(port: { readonly targetPort: number | string } | undefined): number | undefined {
  return typeof port?.targetPort === 'number' ? port.targetPort : undefined;
}

/**
 * The TLS mode by which istiod marks endpoints: unlike for the cluster itself, a port level without TLS leaves the general mode in place.
 */
function writtenMode(item: Destination): string | undefined {
  const subset = item.rule?.subsets.find(other => other.name === item.subset);
  const modes = [subset?.trafficPolicy, item.rule?.trafficPolicy].map(policy => {
    if (!policy) return undefined;
    const level = objectsOf(policy.portLevelSettings).find(other => numberOf(objectOf(other.port).number) === item.port && other.tls);
    return tlsModeOf(level ?? policy);
  });
  return modes.find(mode => mode !== undefined);
}

