import { Construct } from 'constructs';
import { Capabilities } from '../core/capability';
import { AccessMode, MeshOptions, MeshProfile, MtlsMode } from '../core/mesh';
import { IMtlsMesh, MtlsPlan } from '../core/mtls-plan';
import { MeshPlan } from '../core/plan';
import { lowerEach } from '../core/private/lower-each';
import { Protocol } from '../core/protocol';
import { lowerGatewayIngress } from '../gatewayapi/private/ingress';
import { dnsSubdomain } from '../private/dns';
import { lowerEgress } from './private/egress';
import { enrolWorkloads } from './private/enrolment';
import { lowerInbound } from './private/inbound';
import { lowerMtlsPhase } from './private/mtls-phase';
import { lowerNamespace } from './private/namespace';
import { lowerOutboundRoutes } from './private/outbound-routes';
import { TRAFFIC } from './private/proxy-traffic';
import { annotateService } from './private/service-annotations';

/** How a Linkerd installation is set up, as far as an app must know. */
export interface LinkerdMeshProps extends MeshOptions {
  /**
   * Whether services outside of the mesh may be called only when they were declared as ExternalService.
   *
   * @default false
   */
  readonly denyUndeclaredEgress?: boolean;
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

  public constructor(scope: Construct, id: string, props: LinkerdMeshProps = {}) {
    super(scope, id);
    const path = this.node.path;
    const { authority, defaults, accept, experimental, enterprise, allowEscapeHatch } = props;
    this.denyUndeclaredEgress = props.denyUndeclaredEgress ?? false;
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

  /**
   * Writes a plan down in Linkerd's resources.
   *
   * @param plan everything that the app declared for this mesh
   */
  public lower(plan: MeshPlan): void {
    lowerEach(plan.services, (service) => {
      enrolWorkloads(service, plan.mtlsInPhases);
      annotateService(service);
      lowerInbound(service, plan.mtlsInPhases);
      lowerOutboundRoutes(service);
    });
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
