import { Construct } from 'constructs';
import { CallSettings } from './call-settings';
import { Capabilities } from '../core/capability';
import { AccessMode, MeshOptions, MeshProfile, MtlsMode } from '../core/mesh';
import { IMtlsMesh, MtlsPlan } from '../core/mtls-plan';
import { MeshPlan } from '../core/plan';
import { lowerEach } from '../core/private/lower-each';
import { refuseUnwritten } from '../core/private/refuse-unwritten';
import { Protocol } from '../core/protocol';
import { lowerGatewayIngress } from '../gatewayapi/private/ingress';
import { MeshedService } from '../patterns/meshed-service';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';
import { applyConnectTimeouts } from './private/connect-timeouts';
import { lowerEgress } from './private/egress';
import { enrolWorkloads } from './private/enrolment';
import { lowerInbound } from './private/inbound';
import { lowerMtlsPhase } from './private/mtls-phase';
import { lowerNamespace } from './private/namespace';
import { lowerOutboundRoutes } from './private/outbound-routes';
import { TRAFFIC } from './private/proxy-traffic';
import { annotateService, labelExport } from './private/service-annotations';
import { ProxyOptions } from './proxy-options';
import { ExportMode } from './service-export';

/** How a Linkerd installation is set up, as far as an app must know. */
export interface LinkerdMeshProps extends MeshOptions {
  /**
   * Whether services outside of the mesh may be called only when they were declared as ExternalService.
   *
   * @default false
   */
  readonly denyUndeclaredEgress?: boolean;

  /**
   * How proxies run where neither namespace nor workload says so. A ControlPlane is installed with it.
   *
   * @default - as Linkerd has it
   */
  readonly proxies?: ProxyOptions;
}

/**
 * A Linkerd mesh. Services join it by naming it.
 *
 * Emits for services annotations on pods and Services, a Server for each port with AuthorizationPolicies and their authentications, HTTPRoutes
 * and GRPCRoutes; for services outside of the mesh an EgressNetwork with routes.
 *
 * @see https://linkerd.io/2/overview/
 *
 * @example
 *
 * const mesh = new linkerd.LinkerdMesh(this, 'mesh');
 */
export class LinkerdMesh extends Construct implements IMtlsMesh {
  /** What the kernel must know of the mesh. */
  public readonly profile: MeshProfile;
  /** Whether a namespace can have a mutual TLS mode of its own. */
  public readonly hasNamespaceMtls = true;
  private readonly denyUndeclaredEgress: boolean;
  private readonly proxies: ProxyOptions;
  private readonly settings = new Map<string, CallSettings>();
  private readonly exports = new Map<string, ExportMode>();

  public constructor(scope: Construct, id: string, props: LinkerdMeshProps = {}) {
    super(scope, id);
    const path = this.node.path;
    const { authority, defaults, accept, experimental, enterprise, allowEscapeHatch } = props;
    this.denyUndeclaredEgress = props.denyUndeclaredEgress ?? false;
    this.proxies = props.proxies ?? {};
    this.profile = {
      meshName: 'linkerd',
      capabilities: Capabilities.of('linkerd'),
      trustDomain: dnsSubdomain('trust domain', props.trustDomain ?? 'cluster.local', path),
      clusterDomain: dnsSubdomain('cluster domain', props.clusterDomain ?? 'cluster.local', path),
      mtls: props.mtls ?? MtlsMode.STRICT,
      access: props.access ?? AccessMode.DECLARED,
      authority,
      defaults,
      accept,
      experimental,
      enterprise,
      allowEscapeHatch,
      traffic: TRAFFIC,
      // Any other word makes the proxies pass a port on unread, gRPC included.
      appProtocols: {
        [Protocol.GRPC]: 'kubernetes.io/h2c',
        [Protocol.HTTPS]: 'linkerd.io/tcp',
        [Protocol.TLS]: 'linkerd.io/tcp',
        [Protocol.TCP]: 'linkerd.io/opaque',
      },
    };
  }

  /** How proxies run where neither namespace nor workload says so. */
  public get proxyDefaults(): ProxyOptions {
    return { ...this.proxies };
  }

  /**
   * Says how a service is called, beside what all meshes have words for. Routes of the service that say something of timeouts or retries take its
   * place there.
   *
   * @param service a service of this mesh
   * @param settings how it is called
   */
  public tuneCalls(service: MeshedService, settings: CallSettings): void {
    if (settings.experimental && !this.profile.experimental) {
      fail('MESH-E022', 'leaving endpoints alone by their success rate needs cb.outlier.rate, which linkerd offers only by an interface that may still change',
        'set experimental: true on the mesh, or use FailureAccrual.consecutive()', service.node.path);
    }
    if (this.settings.has(service.host)) {
      fail('MESH-E031', `calls to ${service.serviceName} are tuned twice`, 'say all of it in one CallSettings', service.node.path);
    }
    this.settings.set(service.host, settings);
  }

  /**
   * Lets other clusters that are linked to this one call a service.
   *
   * @param service a service of this mesh
   * @param mode how they call it
   */
  public exportService(service: MeshedService, mode: ExportMode = ExportMode.GATEWAY): void {
    this.exports.set(service.host, mode);
  }

  /**
   * Writes a plan down in Linkerd's resources.
   *
   * @param plan everything that the app declared for this mesh
   */
  public lower(plan: MeshPlan): void {
    refuseUnwritten(plan, this.profile.meshName);
    lowerEach(plan.services, (service) => {
      enrolWorkloads(service, plan.mtlsInPhases);
      annotateService(service, this.settings.get(service.host)?.annotations);
      labelExport(service, this.exports.get(service.host));
      lowerInbound(service, plan.mtlsInPhases);
      lowerOutboundRoutes(service);
    });
    applyConnectTimeouts(plan);
    plan.namespaces.forEach(lowerNamespace);
    lowerEgress(plan, this.denyUndeclaredEgress);
    plan.ingresses.forEach((ingress) => lowerGatewayIngress(ingress, this.profile));
  }

  /**
   * Writes down the Servers of one phase of a migration.
   *
   * @param plan what holds in the phase
   * @returns commands that set the default of namespaces and of the mesh
   */
  public lowerMtls(plan: MtlsPlan): string[] {
    return lowerMtlsPhase(plan);
  }
}
