import { Construct } from 'constructs';
import { ExtensionProvider, ProviderPurpose } from './extension-provider';
import { MeshSettings, OutboundPolicy, ProxyDefaults } from './mesh-settings';
import { IRevisionTag } from './revision-tag';
import { Capabilities } from '../core/capability';
import { AccessMode, MeshOptions, MeshProfile, MtlsMode } from '../core/mesh';
import { IMeshService } from '../core/mesh-service';
import { IMtlsMesh, MtlsPlan } from '../core/mtls-plan';
import { MeshPlan } from '../core/plan';
import { checkSettings, renderMeshConfig } from './private/mesh-config';
import { lowerMtlsPhase } from './private/peer-authentication';
import { registerProvider } from './private/provider-registry';
import { authorizationProvider } from './private/request-guards';
import { lowerEach } from '../core/private/lower-each';
import { MeshApp } from '../core/private/mesh-app';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { fail, together } from '../private/errors';
import { lowerAmbient } from './private/ambient/lower-ambient';
import { checkStreams } from './private/check-streams';
import { EGRESS_DEFAULTS } from './private/egress/egress-hop';
import { lowerIngress } from './private/ingress';
import { lowerSidecars } from './private/lower-sidecars';
import { controlPlane, proxyTraffic } from './private/proxy-traffic';
import { IWaypoint } from './waypoint';

/** Where the proxies of a mesh run. */
export enum DataPlane {
  /** A proxy beside every pod. */
  SIDECAR = 'sidecar',
  /** A proxy on every node for identity and encryption, and waypoints for what needs a look into requests. */
  AMBIENT = 'ambient',
}

/** How an Istio installation is set up, as far as an app must know. */
export interface IstioMeshProps extends MeshOptions, MeshSettings {
  /**
   * Where the proxies run.
   *
   * @default DataPlane.SIDECAR
   */
  readonly dataPlane?: DataPlane;

  /**
   * Revision of the control plane that injects the proxies. A `revisionTag` can move from one revision to another without any change here.
   *
   * @default - the revision tag, or the default revision
   */
  readonly revision?: string;

  /**
   * Revision tag of the control plane that injects the proxies.
   *
   * @default - the revision, or the default revision
   */
  readonly revisionTag?: IRevisionTag;

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
export class IstioMesh extends Construct implements IMtlsMesh {
  /** What the kernel must know of the mesh. */
  public readonly profile: MeshProfile;
  /** Whether a namespace can have a mutual TLS mode of its own. */
  public readonly hasNamespaceMtls = true;
  /** Where the proxies run. */
  public readonly dataPlane: DataPlane;
  /** Revision (or revision tag) of the control plane; undefined for the default one. */
  public readonly revision?: string;
  /** Revision tag of the control plane; undefined when the mesh names none. */
  public readonly revisionTag?: IRevisionTag;
  /** Namespace whose policies hold for the whole mesh. */
  public readonly rootNamespace: string;
  private readonly settings: MeshSettings;
  private readonly meshWide: boolean;
  private readonly waypoint?: IWaypoint;
  private readonly waypoints = new Map<string, IWaypoint>();

  public constructor(scope: Construct, id: string, props: IstioMeshProps = {}) {
    super(scope, id);
    const path = this.node.path;
    this.dataPlane = props.dataPlane ?? DataPlane.SIDECAR;
    if (props.revision !== undefined && props.revisionTag) {
      fail('MESH-E031', 'a mesh with a revision and a revision tag', 'give one of them', path);
    }
    this.revisionTag = props.revisionTag;
    this.revision = props.revision === undefined ? props.revisionTag?.tagName : dnsLabel('revision', props.revision, path);
    this.rootNamespace = dnsLabel('root namespace', props.rootNamespace ?? 'istio-system', path);
    this.meshWide = props.meshWide ?? false;
    this.waypoint = props.waypoint;
    this.profile = profileOf(props, this.dataPlane, path);
    this.settings = props;
    checkSettings(props, this.profile, this.dataPlane === DataPlane.AMBIENT, path);
    const { accessLogging, tracing, metrics } = props.defaultProviders ?? {};
    accessLogging?.forEach((provider) => provider._usedBy(this, ProviderPurpose.ACCESS_LOGGING));
    tracing?.forEach((provider) => provider._usedBy(this, ProviderPurpose.TRACING));
    metrics?.forEach((provider) => provider._usedBy(this, ProviderPurpose.METRICS));
    props.extensionProviders?.forEach((provider) => registerProvider(provider, this));
  }

  /** Other trust domains whose identities count as the mesh's own. */
  public get trustDomainAliases(): string[] {
    return [...this.settings.trustDomainAliases ?? []];
  }

  /** What becomes of calls to hosts that nothing in the mesh declares. */
  public get outboundPolicy(): OutboundPolicy {
    return this.settings.outboundPolicy ?? OutboundPolicy.ALLOW_ANY;
  }

  /** How proxies run, unless their pods say otherwise. */
  public get proxyDefaults(): ProxyDefaults {
    return { ...this.settings.proxyDefaults };
  }

  /**
   * The mesh config as it stands now, with the providers that resources of the app use by now. A ControlPlane installs it; whoever
   * installs Istio otherwise puts it into `meshConfig` of the values for istiod.
   *
   * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
   */
  public meshConfig(): { [field: string]: any } {
    this.registerAuthorizers();
    const providers = ExtensionProvider.usedIn(this).filter(({ isDeclared }) => !isDeclared);
    return renderMeshConfig({ settings: this.settings, profile: this.profile, rootNamespace: this.rootNamespace, providers });
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
    this.registerAuthorizers();
    together([
      () => this.lowerServices(plan),
      () => lowerEach(plan.ingresses, (ingress) => lowerIngress(ingress, this.profile)),
    ]);
  }

  /** Services that decide about requests have to stand in the mesh config. */
  private registerAuthorizers(): void {
    for (const { mesh, guards, construct } of MeshApp.of(this).services) {
      if (mesh === this && guards.authorizer) { registerProvider(authorizationProvider(guards.authorizer), construct); }
    }
  }

  /** Whether proxies answer DNS, so that every host gets an address of its own. */
  private get answersDns(): boolean {
    return this.settings.proxyDefaults?.environment?.ISTIO_META_DNS_CAPTURE === 'true';
  }

  /**
   * Writes down the PeerAuthentications of one phase of a migration.
   *
   * @param plan what holds in the phase
   * @returns no commands: the objects say it all
   */
  public lowerMtls(plan: MtlsPlan): string[] {
    lowerMtlsPhase(plan, this.rootNamespace);
    return [];
  }

  private lowerServices(plan: MeshPlan): void {
    const rootNamespace = this.meshWide ? this.rootNamespace : undefined;
    if (this.dataPlane === DataPlane.SIDECAR) {
      if (!this.answersDns) { checkStreams(plan); }
      lowerSidecars(plan, { mtls: this.profile.mtls, revision: this.revision, rootNamespace, clusterDomain: this.profile.clusterDomain });
      return;
    }
    lowerAmbient(plan, {
      mtls: this.profile.mtls,
      trustDomain: this.profile.trustDomain,
      experimental: this.profile.experimental ?? false,
      rootNamespace,
      controlPlane: controlPlane(this.rootNamespace),
      revision: this.revision,
      waypointOf: (host, general) => this.waypoints.get(host) ?? (general ? this.waypoint : undefined),
    });
  }
}

function profileOf(props: IstioMeshProps, dataPlane: DataPlane, path: string): MeshProfile {
  const meshName = dataPlane === DataPlane.AMBIENT ? 'istio-ambient' : 'istio';
  const { authority, defaults, accept, experimental, enterprise, allowEscapeHatch } = props;
  return {
    meshName,
    capabilities: Capabilities.of(meshName),
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
    ingress: {
      selector: { istio: 'ingressgateway' },
      namespace: 'istio-system',
      serviceAccountName: 'istio-ingressgateway-service-account',
      className: 'istio',
      managedLabel: 'gateway.networking.k8s.io/gateway-name',
    },
    egress: dataPlane === DataPlane.SIDECAR ? EGRESS_DEFAULTS : undefined,
    traffic: proxyTraffic(dataPlane === DataPlane.AMBIENT, props.rootNamespace ?? 'istio-system'),
  };
}
