import { ATTACHMENTS, PolicySubject } from '../../authz/istio/attachment';
import { jwtRulesOf } from '../../authz/istio/jwt';
import { assumedMtls, WorkloadMtls } from '../../authz/istio/peer-authentication';
import { compilePolicies, PolicySet } from '../../authz/istio/policy-set';
import { CustomProvider, customProviders } from '../../authz/istio/providers';
import { compileL4, L4PolicySet } from '../../authz/istio/ztunnel';
import { ISTIO } from '../../model/istio';
import type { MeshConfig } from '../../model/istio/mesh-config';
import type { MtlsMode } from '../../model/istio/policies';
import { selects } from '../../model/labels';
import type { Cluster, Family } from '../../model/model';
import { ListenerProtocol, listenerProtocol, parseProtocol } from '../../routing/istio/protocol';
import { REGISTRY } from '../../routing/istio/registry';
import { ISTIO_ROUTING } from '../../routing/istio/routing';
import { SERVICE_TARGETS } from '../../routing/istio/service-targets';
import type { Pod } from '../data-plane';

/** The policies of one proxy, each kind compiled when it is first needed. */
export class ProxySecurity {
  private httpSet?: PolicySet;
  private tcpSet?: PolicySet;
  private l4Set?: L4PolicySet;
  private mtlsModes?: WorkloadMtls;
  private readonly protocols = new Map<number, ListenerProtocol>();

  constructor(private readonly owner: IstioSecurity, private readonly subject: PolicySubject, private readonly pod: Pod) {}

  /** Policies of listeners that look into HTTP. */
  get http(): PolicySet {
    return this.httpSet ??= this.owner.compile(this.subject, false);
  }

  /** Policies of listeners that pass bytes on. */
  get tcp(): PolicySet {
    return this.tcpSet ??= this.owner.compile(this.subject, true);
  }

  /** Policies of the ztunnel in front of the pod. */
  get l4(): L4PolicySet {
    return this.l4Set ??= compileL4(this.owner.attachments.authorizationPolicies(this.subject), this.mtls);
  }

  /** Modes of mutual TLS by port of the pod. */
  get mtls(): WorkloadMtls {
    return this.mtlsModes ??= new WorkloadMtls(this.owner.mesh.rootNamespace, this.owner.attachments.peerAuthentications(this.subject));
  }

  /** How a sidecar reads a port of its pod: as a Sidecar's listener says, else as the oldest Service that leads there, else by sniffing. */
  protocolOf(port: number): ListenerProtocol {
    let protocol = this.protocols.get(port);
    if (!protocol) this.protocols.set(port, protocol = this.owner.protocolOf(this.pod, port));
    return protocol;
  }
}

/** The policies of all proxies of a cluster. */
export class IstioSecurity {
  readonly mesh: MeshConfig;
  readonly attachments: ReturnType<typeof ATTACHMENTS.read>;
  /** The mesh's trust domain and its aliases. */
  readonly trustDomains: readonly string[];
  private readonly byWorkload = new WeakMap<object, ProxySecurity>();
  private readonly byLabels = new Map<string, ProxySecurity>();
  private readonly waypoints = new Map<string, ProxySecurity>();
  private readonly assumed = new Map<string, MtlsMode>();
  private customProviders?: ReadonlyMap<string, CustomProvider>;

  constructor(private readonly cluster: Cluster) {
    this.mesh = cluster.family(ISTIO).mesh;
    this.attachments = cluster.family(ATTACHMENTS);
    this.trustDomains = [this.mesh.trustDomain, ...this.mesh.trustDomainAliases];
  }

  /** The policies of a pod's own proxy. */
  of(pod: Pod): ProxySecurity {
    const { workload } = pod;
    const key = workload && pod.labels === workload.labels ? workload : pod;
    let security = this.byWorkload.get(key);
    if (!security) {
      const text = JSON.stringify([pod.namespace, pod.labels, pod.ports]);
      security = this.byLabels.get(text);
      if (!security) this.byLabels.set(text, security = new ProxySecurity(this, pod, pod));
      this.byWorkload.set(key, security);
    }
    return security;
  }

  /** The policies of a waypoint for the traffic of one service; without one, for traffic to pods themselves. */
  ofWaypoint(pod: Pod, service?: PolicySubject['service']): ProxySecurity {
    const key = JSON.stringify([pod.namespace, pod.labels, service]);
    let security = this.waypoints.get(key);
    if (!security) {
      const subject = { namespace: pod.namespace, labels: pod.labels, waypoint: true, service };
      this.waypoints.set(key, security = new ProxySecurity(this, subject, pod));
    }
    return security;
  }

  /** Compiles the policies that attach to a proxy. */
  compile(subject: PolicySubject, forTcp: boolean): PolicySet {
    return compilePolicies({
      policies: this.attachments.authorizationPolicies(subject),
      jwtRules: jwtRulesOf(this.attachments.requestAuthentications(subject)),
      providers: this.providers(),
      trustDomains: this.trustDomains,
      reaches: ({ host }) => this.knows(subject, host),
    }, forTcp);
  }

  /** How a sidecar reads a port of its pod. */
  protocolOf(pod: Pod, port: number): ListenerProtocol {
    const sidecar = this.cluster.family(ISTIO_ROUTING).sidecarOf(pod.namespace, pod.labels);
    if (sidecar && sidecar.ingress.length > 0) {
      const listener = sidecar.ingress.find(item => item.port === port);
      return listener ? listenerProtocol(parseProtocol(listener.protocol)) : 'auto';
    }
    const target = this.cluster.family(SERVICE_TARGETS).of(pod).find(item => item.targetPort === port);
    return target ? listenerProtocol(target.port.protocol) : 'auto';
  }

  /** The mode that clients assume of a namespace's services. */
  assumedMode(namespace: string): MtlsMode {
    let mode = this.assumed.get(namespace);
    if (!mode) {
      mode = assumedMtls(this.mesh.rootNamespace, namespace, this.cluster.family(ISTIO).peerAuthentications);
      this.assumed.set(namespace, mode);
    }
    return mode;
  }

  /** Whether a proxy has a cluster for a service: Sidecars and exportTo may keep it away. */
  private knows({ labels, namespace, waypoint }: PolicySubject, host: string): boolean {
    const routing = this.cluster.family(ISTIO_ROUTING);
    const isGateway = waypoint || this.cluster.family(ISTIO).gateways.some(item => item.selector && selects(item.selector, labels));
    return (isGateway ? routing.gatewayScope(namespace) : routing.view(namespace, labels).scope).service(host) !== undefined;
  }

  private providers(): ReadonlyMap<string, CustomProvider> {
    const registry = this.cluster.family(REGISTRY);
    // Providers name a service as NS/HOST, or by a host that only one namespace has; whether it has the port is not asked.
    return this.customProviders ??= customProviders(this.mesh.extensionProviders, name => {
      const slash = name.indexOf('/');
      const namespaces = new Set(registry.named(name.slice(slash + 1)).map(service => service.namespace));
      return slash < 0 ? namespaces.size === 1 : namespaces.has(name.slice(0, slash));
    });
  }
}

/** The policies of a cluster's proxies. */
export const ISTIO_SECURITY: Family<IstioSecurity> = { name: 'istio-security', read: cluster => new IstioSecurity(cluster) };
