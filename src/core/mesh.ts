import { IConstruct } from 'constructs';
import { Capabilities } from './capability';
import { ICertificateAuthority } from './certificate-authority';
import { EgressDefaults } from './egress-gateway';
import { MeshPlan } from './plan';
import { ProxyTraffic } from './proxy-traffic';
import { TrafficPolicy } from './traffic-policy';

/** Whether calls between workloads of the mesh must be encrypted and authenticated by it. */
export enum MtlsMode {
  /** Calls without mutual TLS are refused. */
  STRICT = 'strict',
  /** Calls with and without mutual TLS are taken. */
  PERMISSIVE = 'permissive',
  /** The mesh neither offers nor takes mutual TLS. */
  DISABLED = 'disabled',
}

/** Who may call a service. */
export enum AccessMode {
  /** Those callers that were declared, and nobody else. */
  DECLARED = 'declared',
  /** Everybody; what access for declared callers only would refuse is reported by the proxies. */
  AUDIT = 'audit',
  /** Everybody; declared edges only document who calls. */
  OPEN = 'open',
}

/** What can be said of every mesh. */
export interface MeshOptions {
  /**
   * Trust domain of the identities that the mesh issues.
   *
   * @default cluster.local
   */
  readonly trustDomain?: string;

  /**
   * DNS domain of the cluster.
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;

  /**
   * Whether calls must be encrypted and authenticated by the mesh.
   *
   * @default MtlsMode.STRICT
   */
  readonly mtls?: MtlsMode;

  /**
   * Who may call the services of the mesh.
   *
   * @default AccessMode.DECLARED
   */
  readonly access?: AccessMode;

  /**
   * Who vouches for the identities of the mesh. Certificates of this app that its namespaces use must chain to it.
   *
   * @default - whoever the installation says; nothing is checked
   */
  readonly authority?: ICertificateAuthority;

  /**
   * How calls behave when neither service, route nor edge says so.
   *
   * @default - as the mesh itself does
   */
  readonly defaults?: TrafficPolicy;

  /**
   * Ids of capabilities that this mesh lacks and that the app can do without. What uses them is left out, and named in the report.
   * An id that the mesh can carry is an error.
   *
   * @default - none: whatever the mesh lacks is an error at synth
   */
  readonly accept?: string[];

  /**
   * Whether interfaces may be used that can still change.
   *
   * @default false
   */
  readonly experimental?: boolean;

  /**
   * Whether the mesh is its enterprise edition.
   *
   * @default false
   */
  readonly enterprise?: boolean;

  /**
   * Whether configuration may reach below the mesh's own interface, for example by an EnvoyFilter.
   *
   * @default false
   */
  readonly allowEscapeHatch?: boolean;
}

/** How a mesh names the ServiceAccount of a gateway that it makes. */
export enum ManagedGatewayAccount {
  /** `GATEWAY-CLASS`. */
  GATEWAY_AND_CLASS = 'gateway-and-class',
  /** Like the gateway. */
  GATEWAY = 'gateway',
}

/** The ways in that a mesh brings along. */
export interface IngressDefaults {
  /** Labels of the pods of the ingress gateway that the mesh installs. */
  readonly selector: { readonly [key: string]: string };
  /** Namespace of that gateway. */
  readonly namespace: string;
  /** ServiceAccount of that gateway. */
  readonly serviceAccountName: string;
  /** GatewayClass for gateways of the Gateway API. */
  readonly className: string;

  /**
   * How the mesh names the ServiceAccount of a gateway of the Gateway API.
   *
   * @default ManagedGatewayAccount.GATEWAY_AND_CLASS
   */
  readonly managedAccount?: ManagedGatewayAccount;

  /**
   * Whether an Ingress that names no gateway gets one of the Gateway API.
   *
   * @default false
   */
  readonly prefersGatewayApi?: boolean;

  /**
   * Label of the pods of a gateway of the Gateway API that holds the name of the gateway.
   *
   * @default - they are known by their namespace only
   */
  readonly managedLabel?: string;
}

/** What the kernel must know of a mesh. */
export interface MeshProfile {
  /** Name of the mesh. */
  readonly meshName: string;
  /** What it can do. */
  readonly capabilities: Capabilities;
  /** Trust domain of its identities. */
  readonly trustDomain: string;
  /** DNS domain of the cluster. */
  readonly clusterDomain: string;
  /** Whether calls must be encrypted and authenticated. */
  readonly mtls: MtlsMode;
  /** Who may call the services. */
  readonly access: AccessMode;

  /**
   * Who vouches for the identities of the mesh. Certificates of this app that its namespaces use must chain to it.
   *
   * @default - whoever the installation says; nothing is checked
   */
  readonly authority?: ICertificateAuthority;

  /**
   * How calls behave when nothing nearer says so.
   *
   * @default - as the mesh itself does
   */
  readonly defaults?: TrafficPolicy;

  /**
   * Ids of missing capabilities that the app can do without.
   *
   * @default - none
   */
  readonly accept?: string[];

  /**
   * Whether interfaces may be used that can still change.
   *
   * @default false
   */
  readonly experimental?: boolean;

  /**
   * Whether the mesh is its enterprise edition.
   *
   * @default false
   */
  readonly enterprise?: boolean;

  /**
   * Whether configuration may reach below the mesh's own interface.
   *
   * @default false
   */
  readonly allowEscapeHatch?: boolean;

  /**
   * The ways in that the mesh brings along.
   *
   * @default - every Ingress must name its gateway
   */
  readonly ingress?: IngressDefaults;

  /**
   * The way out that the mesh brings along.
   *
   * @default - none by which calls could be told to leave; the mesh may have a way of its own
   */
  readonly egress?: EgressDefaults;

  /**
   * What stands in `appProtocol` of a Service port, by protocol.
   *
   * @default - http, kubernetes.io/h2c, grpc, https, tls and tcp
   */
  readonly appProtocols?: { readonly [protocol: string]: string };

  /**
   * What the proxies say on the network beside the calls of the applications.
   *
   * @default - nothing, and calls come by the ports of the application
   */
  readonly traffic?: ProxyTraffic;
}

/**
 * A service mesh. The kernel hands it one plan at synth, in which all that the app declared is already resolved: routes are composed
 * and ordered, policies merged, edges joined to both of their ends, and everything in it is something that the mesh can do. The mesh
 * writes the plan down in its own objects.
 *
 * Anybody can add a mesh by implementing this interface, in any language.
 */
export interface IMesh extends IConstruct {
  /** What the kernel must know of the mesh. */
  readonly profile: MeshProfile;

  /**
   * Writes a plan down. Called at synth, before the objects of the app are collected; the constructs made here become part of the app.
   *
   * @param plan everything that the app declared for this mesh
   */
  lower(plan: MeshPlan): void;
}
