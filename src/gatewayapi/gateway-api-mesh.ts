import { Construct } from 'constructs';
import { Capabilities } from '../core/capability';
import { AccessMode, IMesh, MeshOptions, MeshProfile, MtlsMode } from '../core/mesh';
import { MeshPlan } from '../core/plan';
import { lowerEach } from '../core/private/lower-each';
import { refuseUnwritten } from '../core/private/refuse-unwritten';
import { dnsSubdomain } from '../private/dns';
import { lowerGamma } from './private/gamma';
import { lowerGatewayIngress } from './private/ingress';

/** Which interfaces of the Gateway API may be used. */
export enum GatewayApiChannel {
  /** Those that will not change any more. */
  STANDARD = 'standard',
  /** Those that may still change, too. */
  EXPERIMENTAL = 'experimental',
}

/** How an implementation of the Gateway API is set up, as far as an app must know. */
export interface GatewayApiMeshProps extends MeshOptions {
  /**
   * Which interfaces may be used.
   *
   * @default GatewayApiChannel.STANDARD
   */
  readonly channel?: GatewayApiChannel;
}

/**
 * Any mesh that implements the Gateway API for calls between services (GAMMA), and only by that API.
 *
 * Emits HTTPRoutes, TCPRoutes and TLSRoutes that are bound to Services, and in the experimental channel XBackendTrafficPolicies. The API has no
 * identities, encryption or authorization: an app that wants them must accept the loss by name, or use a mesh's own module.
 *
 * @see https://gateway-api.sigs.k8s.io/mesh/
 *
 * @example
 *
 * const mesh = new gatewayapi.GatewayApiMesh(this, 'mesh', { accept: ['mtls.strict', 'authz.defaultDeny'] });
 */
export class GatewayApiMesh extends Construct implements IMesh {
  /** What the kernel must know of the mesh. */
  public readonly profile: MeshProfile;

  public constructor(scope: Construct, id: string, props: GatewayApiMeshProps = {}) {
    super(scope, id);
    const path = this.node.path;
    const { authority, defaults, accept, enterprise, allowEscapeHatch } = props;
    this.profile = {
      meshName: 'gateway-api',
      capabilities: Capabilities.of('gateway-api'),
      trustDomain: dnsSubdomain('trust domain', props.trustDomain ?? 'cluster.local', path),
      clusterDomain: dnsSubdomain('cluster domain', props.clusterDomain ?? 'cluster.local', path),
      mtls: props.mtls ?? MtlsMode.STRICT,
      access: props.access ?? AccessMode.DECLARED,
      authority,
      defaults,
      accept,
      experimental: props.experimental ?? props.channel === GatewayApiChannel.EXPERIMENTAL,
      enterprise,
      allowEscapeHatch,
    };
  }

  /**
   * Writes a plan down in routes.
   *
   * @param plan everything that the app declared for this mesh
   */
  public lower(plan: MeshPlan): void {
    refuseUnwritten(plan, this.profile.meshName);
    const experimental = this.profile.experimental ?? false;
    lowerEach(plan.services, (service) => lowerGamma(service, experimental));
    plan.ingresses.forEach((ingress) => lowerGatewayIngress(ingress, this.profile));
  }
}
