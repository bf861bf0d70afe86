import { Construct } from 'constructs';
import { Capabilities } from '../core/capability';
import { AccessMode, IMesh, MeshOptions, MeshProfile, MtlsMode } from '../core/mesh';
import { IMeshService } from '../core/mesh-service';
import { MeshPlan } from '../core/plan';
import { lowerEach } from '../core/private/lower-each';
import { MeshApp } from '../core/private/mesh-app';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { together } from '../private/errors';
import { lowerAmbient } from './private/ambient/lower-ambient';
import { lowerExternal } from './private/external';
import { lowerIngress } from './private/ingress';
import { lowerSidecars } from './private/lower-sidecars';
import { IWaypoint } from './waypoint';

/** Where the proxies of a mesh run. */
export enum DataPlane {
  /** A proxy beside every pod. */
  SIDECAR = 'sidecar',
  /** A proxy on every node for identity and encryption, and waypoints for what needs a look into requests. */
  AMBIENT = 'ambient',
}

/** How an Istio installation is set up, as far as an app must know. */
export interface IstioMeshProps extends MeshOptions {
  /**
   * Where the proxies run.
   *
   * @default DataPlane.SIDECAR
   */
  readonly dataPlane?: DataPlane;

  /**
   * Revision (or revision tag) of the control plane that injects the proxies.
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

  /**
   * The waypoint that all services of an ambient mesh use.
   *
   * @default - one is made for every namespace that has a service which needs it
   */
  readonly waypoint?: IWaypoint;
}

/**
 * An Istio mesh, with sidecars or ambient. Services join it by naming it.
 *
 * Emits a PeerAuthentication for every namespace that has services in the mesh (or one for the whole mesh) and, when it is ambient, the
 * waypoints that are needed; everything else is emitted for the services.
 *
 * @see https://istio.io/latest/docs/concepts/
 *
 * @example
 *
 * const mesh = new istio.IstioMesh(this, 'mesh', { dataPlane: istio.DataPlane.AMBIENT });
 */
export class IstioMesh extends Construct implements IMesh {
  /** What the kernel must know of the mesh. */
  public readonly profile: MeshProfile;
  /** Where the proxies run. */
  public readonly dataPlane: DataPlane;
  /** Revision of the control plane; undefined for the default one. */
  public readonly revision?: string;
  /** Namespace whose policies hold for the whole mesh. */
  public readonly rootNamespace: string;
  private readonly meshWide: boolean;
  private readonly waypoint?: IWaypoint;
  private readonly waypoints = new Map<string, IWaypoint>();

  public constructor(scope: Construct, id: string, props: IstioMeshProps = {}) {
    super(scope, id);
    const path = this.node.path;
    this.dataPlane = props.dataPlane ?? DataPlane.SIDECAR;
    this.revision = props.revision === undefined ? undefined : dnsLabel('revision', props.revision, path);
    this.rootNamespace = dnsLabel('root namespace', props.rootNamespace ?? 'istio-system', path);
    this.meshWide = props.meshWide ?? false;
    this.waypoint = props.waypoint;
    this.profile = profileOf(props, this.dataPlane, path);
  }

  /**
   * Makes a service of an ambient mesh use a waypoint other than the one of the mesh.
   *
   * @param service the service
   * @param waypoint the waypoint
   */
  public useWaypoint(service: IMeshService, waypoint: IWaypoint): void {
    this.waypoints.set(service.host, waypoint);
    MeshApp.of(this).touch();
  }

  /**
   * Writes a plan down in Istio's resources.
   *
   * @param plan everything that the app declared for this mesh
   */
  public lower(plan: MeshPlan): void {
    together([
      () => this.lowerServices(plan),
      () => lowerEach(plan.externals, lowerExternal),
      () => lowerEach(plan.ingresses, (ingress) => lowerIngress(ingress, this.profile)),
    ]);
  }

  private lowerServices(plan: MeshPlan): void {
    const rootNamespace = this.meshWide ? this.rootNamespace : undefined;
    if (this.dataPlane === DataPlane.SIDECAR) {
      lowerSidecars(plan, { mtls: this.profile.mtls, revision: this.revision, rootNamespace });
      return;
    }
    lowerAmbient(plan, {
      mtls: this.profile.mtls,
      trustDomain: this.profile.trustDomain,
      experimental: this.profile.experimental ?? false,
      rootNamespace,
      waypointOf: (service) => this.waypoints.get(service.host) ?? this.waypoint,
    });
  }
}

function profileOf(props: IstioMeshProps, dataPlane: DataPlane, path: string): MeshProfile {
  const meshName = dataPlane === DataPlane.AMBIENT ? 'istio-ambient' : 'istio';
  const { defaults, accept, experimental, enterprise, allowEscapeHatch } = props;
  return {
    meshName,
    capabilities: Capabilities.of(meshName),
    trustDomain: dnsSubdomain('trust domain', props.trustDomain ?? 'cluster.local', path),
    clusterDomain: dnsSubdomain('cluster domain', props.clusterDomain ?? 'cluster.local', path),
    mtls: props.mtls ?? MtlsMode.STRICT,
    access: props.access ?? AccessMode.DECLARED,
    defaults,
    accept,
    experimental,
    enterprise,
    allowEscapeHatch,
    ingress: {
      selector: { istio: 'ingressgateway' },
      namespace: 'istio-system',
      serviceAccountName: 'istio-ingressgateway-service-account',
      className: 'istio',
    },
  };
}
