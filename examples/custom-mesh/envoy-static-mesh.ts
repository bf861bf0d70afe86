import { createHash } from 'node:crypto';
import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { ActiveHealthChecks, endpointsName } from './clusters';
import { ADMIN_PORT, extension, httpConnectionManager, INBOUND_PORT, Json, METRICS_PORT, socket, TLS_FOLDER } from './envoy-config';
import { applicationClusters, inboundListener } from './inbound';
import { Outbound, outboundOf } from './outbound';
import { AccessMode, Capabilities, IMesh, MeshPlan, MeshProfile, MtlsMode, pki, ServicePlan, SubsetPlan, TrafficPolicy, Workload } from 'cdk8s-mesh';

/** How the mesh is set up. */
export interface EnvoyStaticMeshProps {
  /** Who issues the certificates of the workloads. */
  readonly authority: pki.MeshCertificateAuthority;

  /** How the private key of a workload gets into its Secret, by namespace and name of the Secret. */
  readonly sinkOf: (namespace: string, secretName: string) => pki.SecretSink;

  /**
   * Image of the proxy.
   *
   * @default envoyproxy/envoy:distroless-v1.36.2
   */
  readonly image?: string;

  /** How endpoints are asked whether they are well. */
  readonly healthChecks?: ActiveHealthChecks;

  /** How calls behave when nothing nearer says so. */
  readonly defaults?: TrafficPolicy;
}

/** Ids of what this mesh can do. Whatever an app asks for beyond that is an error at synth, made by the kernel. */
const CAPABILITIES = [
  'match.path.exact', 'match.path.prefix', 'match.path.regex', 'match.header.exact', 'match.header.regex', 'match.header.present', 'match.header.invert',
  'match.query.exact', 'match.query.regex', 'match.method', 'match.grpc', 'match.source', 'match.tcp', 'route.order', 'split.weight', 'split.subset',
  'rewrite.path.prefix', 'headers.request', 'headers.response',
  'timeout.request', 'timeout.perTry', 'timeout.idle', 'timeout.connect', 'retry.count', 'retry.http', 'retry.connect', 'retry.grpc', 'retry.backoff', 'retry.idempotent',
  'cb.pool.tcp', 'cb.pool.http', 'cb.outlier.5xx', 'cb.outlier.ejection', 'healthcheck.active',
  'lb.roundRobin', 'lb.leastRequest', 'lb.random', 'lb.hash.header', 'lb.hash.cookie', 'lb.hash.query', 'lb.algo.ring',
  'mtls.strict', 'spiffe.td', 'ca.external', 'cert.leafTtl',
  'authz.identity', 'authz.namespace', 'authz.ip', 'authz.port', 'authz.method', 'authz.path', 'authz.header', 'authz.deny', 'authz.defaultDeny', 'metrics.golden', 'sidecar.scope',
];

const VOLUMES = ['envoy-static-config', 'envoy-static-tls'];

/**
 * A mesh of plain Envoys without a control plane: all that a proxy has to know is written when the manifests are made.
 *
 * Emits for each service a ConfigMap with the bootstrap of its proxies, a certificate, Services without address that find the endpoints by DNS, and a
 * NetworkPolicy that leaves no way past the proxies; and puts a proxy into the pods. Applications call services by their usual names, which are addresses of the
 * pod itself: that is where the proxy listens, so nothing has to be intercepted.
 */
export class EnvoyStaticMesh extends Construct implements IMesh {
  public readonly profile: MeshProfile;
  /** Workloads that have their proxy: the app may be planned more than once. */
  private readonly equipped = new WeakSet<ApiObject>();

  public constructor(scope: Construct, id: string, private readonly props: EnvoyStaticMeshProps) {
    super(scope, id);
    this.profile = {
      meshName: 'envoy-static',
      capabilities: Capabilities.custom('envoy-static', CAPABILITIES),
      trustDomain: props.authority.trustDomain,
      clusterDomain: 'cluster.local',
      mtls: MtlsMode.STRICT,
      access: AccessMode.DECLARED,
      authority: props.authority,
      defaults: props.defaults,
      traffic: { inboundPorts: [INBOUND_PORT], applicationPorts: false, metricsPorts: [METRICS_PORT] },
    };
  }

  public lower(plan: MeshPlan): void {
    for (const service of plan.services) { this.lowerService(service, plan); }
  }

  private lowerService(service: ServicePlan, plan: MeshPlan): void {
    const { scope, serviceName, namespace, identity, ports, subsets } = service;
    const { authority, sinkOf, healthChecks = {} } = this.props;
    const outbound = outboundOf(service, plan, this.profile.clusterDomain, healthChecks);
    const config = JSON.stringify(bootstrap(service, outbound), null, 1);
    const names = { config: `${serviceName}-envoy`, tls: `${serviceName}-envoy-tls` };
    new ApiObject(scope, 'Bootstrap', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: names.config, namespace }, data: { 'envoy.json': config } });
    new pki.WorkloadCertificate(scope, 'Certificate', { authority, identity, sink: sinkOf(namespace, names.tls), secretName: names.tls });
    if (ports.length > 0) {
      emitEndpoints(service);
      subsets.forEach((subset) => emitEndpoints(service, subset));
      emitNetworkPolicy(service);
    }
    service.workloads.forEach((workload) => this.equip(workload, names, config, outbound));
  }

  /** Puts a proxy into the pods. It starts before the application, and ends after it. */
  private equip(workload: Workload, names: { readonly config: string; readonly tls: string }, config: string, { hostAliases }: Outbound): void {
    workload.addPodAnnotations({ 'envoy-static.example.com/config': createHash('sha256').update(config).digest('hex').slice(0, 16) });
    const { apiObject } = workload;
    if (!apiObject || this.equipped.has(apiObject)) { return; }
    this.equipped.add(apiObject);
    const { spec = {} } = workload.podTemplate();
    const root = apiObject.kind === 'Pod' ? '/spec' : '/spec/template/spec';
    const append = (list: string, items: readonly object[]) => apiObject.addJsonPatch(JsonPatch.add(`${root}/${list}`, [...spec[list] ?? [], ...items]));
    append('volumes', [
      { name: VOLUMES[0], configMap: { name: names.config } },
      { name: VOLUMES[1], secret: { secretName: names.tls, defaultMode: 0o444 } },
    ]);
    append('initContainers', [this.proxy()]);
    if (hostAliases.length > 0) { append('hostAliases', hostAliases.map((alias) => ({ ...alias }))); }
  }

  private proxy(): object {
    return {
      name: 'envoy',
      image: this.props.image ?? 'envoyproxy/envoy:distroless-v1.36.2',
      args: ['-c', '/etc/envoy-static/config/envoy.json', '--drain-time-s', '5'],
      restartPolicy: 'Always',
      ports: [{ name: 'mesh', containerPort: INBOUND_PORT }, { name: 'mesh-metrics', containerPort: METRICS_PORT }],
      volumeMounts: [{ name: VOLUMES[0], mountPath: '/etc/envoy-static/config', readOnly: true }, { name: VOLUMES[1], mountPath: TLS_FOLDER, readOnly: true }],
      startupProbe: { httpGet: { path: '/ready', port: METRICS_PORT }, periodSeconds: 1, failureThreshold: 60 },
      // Services listen on their own ports, low ones too.
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
    };
  }
}

/** Everything that one proxy has to know. */
function bootstrap(service: ServicePlan, { listeners, clusters }: Outbound): Json {
  return {
    node: { id: service.identity.spiffeId, cluster: `${service.serviceName}.${service.namespace}` },
    admin: { address: socket('127.0.0.1', ADMIN_PORT) },
    // Names are looked up as the application itself would.
    typed_dns_resolver_config: extension('envoy.network.dns_resolver.getaddrinfo', 'extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig'),
    static_resources: {
      listeners: [...service.ports.length > 0 ? [inboundListener(service)] : [], ...listeners, metricsListener()],
      clusters: [...applicationClusters(service), ...clusters, {
        name: 'admin', type: 'STATIC', load_assignment: { cluster_name: 'admin', endpoints: [{ lb_endpoints: [{ endpoint: { address: socket('127.0.0.1', ADMIN_PORT) } }] }] },
      }],
    },
  };
}

/** Of all that can be asked of a proxy, others see its metrics, and whether it is ready. */
function metricsListener(): Json {
  const route = (path: string, to: string) => ({ match: { path, headers: [{ name: ':method', string_match: { exact: 'GET' } }] }, route: { cluster: 'admin', prefix_rewrite: to } });
  const routes = [route('/metrics', '/stats/prometheus'), route('/ready', '/ready'), { match: { prefix: '/' }, direct_response: { status: 404 } }];
  return { name: 'metrics', address: socket('0.0.0.0', METRICS_PORT), filter_chains: [{ filters: [httpConnectionManager('metrics', { routes }, [])] }] };
}

function emitEndpoints(service: ServicePlan, subset?: SubsetPlan): void {
  const { scope, namespace, podLabels } = service;
  new ApiObject(scope, `Endpoints${subset ? `-${subset.subsetName}` : ''}`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: endpointsName(service, subset?.subsetName), namespace },
    spec: { clusterIP: 'None', selector: { ...podLabels, ...subset?.labels }, ports: [{ name: 'mesh', port: INBOUND_PORT }] },
  });
}

function emitNetworkPolicy({ scope, serviceName, namespace, podLabels }: ServicePlan): void {
  new ApiObject(scope, 'NetworkPolicy', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${serviceName}-envoy`, namespace },
    spec: { podSelector: { matchLabels: { ...podLabels } }, policyTypes: ['Ingress'], ingress: [{ ports: [INBOUND_PORT, METRICS_PORT].map((port) => ({ port, protocol: 'TCP' })) }] },
  });
}
