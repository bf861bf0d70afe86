import { Construct } from 'constructs';
import { Capabilities } from '../core/capability';
import { AccessMode, IMesh, MeshOptions, MeshProfile, MtlsMode } from '../core/mesh';
import { MeshPlan } from '../core/plan';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { lowerAuthorization } from './private/authorization';
import { lowerDestinationRule } from './private/destination-rule';
import { enrolWorkload } from './private/enrolment';
import { lowerExternal } from './private/external';
import { lowerIngress } from './private/ingress';
import { lowerPeerAuthentication } from './private/peer-authentication';
import { lowerSidecar } from './private/sidecar';
import { lowerVirtualService } from './private/virtual-service';

/** How an Istio installation is set up, as far as an app must know. */
export interface IstioMeshProps extends MeshOptions {
  /**
   * Revision of the control plane that injects the proxies.
   *
   * @default - the default revision
   */
  readonly revision?: string;

  /**
   * Namespace whose policies hold for the whole mesh.
   *
   * @default istio-system
   */
  readonly rootNamespace?: string;

  /**
   * Whether the mutual TLS mode is written down for the whole mesh, in its root namespace, instead of for the namespaces of this app.
   *
   * @default false
   */
  readonly meshWide?: boolean;
}

/**
 * An Istio mesh with sidecars. Services join it by naming it.
 *
 * Emits a PeerAuthentication for every namespace that has services in the mesh (or one for the whole mesh); everything else is emitted
 * for the services.
 *
 * @see https://istio.io/latest/docs/concepts/
 */
export class IstioMesh extends Construct implements IMesh {
  /** What the kernel must know of the mesh. */
  public readonly profile: MeshProfile;
  /** Revision of the control plane; undefined for the default one. */
  public readonly revision?: string;
  /** Namespace whose policies hold for the whole mesh. */
  public readonly rootNamespace: string;
  private readonly meshWide: boolean;

  public constructor(scope: Construct, id: string, props: IstioMeshProps = {}) {
    super(scope, id);
    const path = this.node.path;
    this.revision = props.revision === undefined ? undefined : dnsLabel('revision', props.revision, path);
    this.rootNamespace = dnsLabel('root namespace', props.rootNamespace ?? 'istio-system', path);
    this.meshWide = props.meshWide ?? false;
    this.profile = {
      ...props,
      meshName: 'istio',
      capabilities: Capabilities.of('istio'),
      trustDomain: dnsSubdomain('trust domain', props.trustDomain ?? 'cluster.local', path),
      clusterDomain: dnsSubdomain('cluster domain', props.clusterDomain ?? 'cluster.local', path),
      mtls: props.mtls ?? MtlsMode.STRICT,
      access: props.access ?? AccessMode.DECLARED,
      ingress: {
        selector: { istio: 'ingressgateway' },
        namespace: 'istio-system',
        serviceAccountName: 'istio-ingressgateway-service-account',
        className: 'istio',
      },
    };
  }

  /**
   * Writes a plan down in Istio's resources.
   *
   * @param plan everything that the app declared for this mesh
   */
  public lower(plan: MeshPlan): void {
    for (const service of plan.services) {
      service.workloads.forEach((workload) => enrolWorkload(workload, service, this.revision));
      lowerDestinationRule(service);
      lowerVirtualService(service);
      lowerAuthorization(service);
      lowerSidecar(service);
    }
    lowerPeerAuthentication(plan, this.profile.mtls, this.meshWide ? this.rootNamespace : undefined);
    plan.externals.forEach((external) => lowerExternal(external));
    plan.ingresses.forEach((ingress) => lowerIngress(ingress, this.profile));
  }
}
