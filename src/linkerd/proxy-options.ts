import { Duration, Size } from 'cdk8s';
import { ProxyTelemetry } from './proxy-telemetry';
import { ServerAccess } from './server';
import { Percent } from '../core/percent';
import { ComputeResources } from '../delivery/compute';

/** Whether pods get a proxy. */
export enum Injection {
  /** They do. */
  ENABLED = 'enabled',
  /** They do not. */
  DISABLED = 'disabled',
  /** They do, and it leaves it to the application where its requests go: for ingress controllers that know of no mesh. */
  INGRESS = 'ingress',
}

/** When images are pulled. */
export enum ImagePullPolicy {
  /** At every start. */
  ALWAYS = 'Always',
  /** When the node has none. */
  IF_NOT_PRESENT = 'IfNotPresent',
  /** Never. */
  NEVER = 'Never',
}

/** Which image runs as a sidecar. */
export interface SidecarImage {
  /**
   * Its name, without version.
   *
   * @default - as the installation says
   */
  readonly image?: string;

  /**
   * Its version.
   *
   * @default - as the installation says
   */
  readonly version?: string;

  /**
   * When it is pulled.
   *
   * @default - as the installation says
   */
  readonly pullPolicy?: ImagePullPolicy;
}

/** Ports that the proxy itself uses. */
export interface ProxyPorts {
  /**
   * Port of its control interface.
   *
   * @default 4190
   */
  readonly control?: number;

  /**
   * Port that arriving calls are led to.
   *
   * @default 4143
   */
  readonly inbound?: number;

  /**
   * Port that calls of the application are led to.
   *
   * @default 4140
   */
  readonly outbound?: number;

  /**
   * Port of its metrics and probes.
   *
   * @default 4191
   */
  readonly admin?: number;
}

/** How long things may take for the proxy. */
export interface ProxyTimeouts {
  /**
   * Time to connect to where the application calls.
   *
   * @default - 1 second
   */
  readonly outboundConnect?: Duration;

  /**
   * Time to connect to the application.
   *
   * @default - 100 milliseconds
   */
  readonly inboundConnect?: Duration;

  /**
   * Time for which it keeps what it knows of services that are not called.
   *
   * @default - 5 seconds
   */
  readonly outboundDiscoveryCache?: Duration;

  /**
   * Time for which it keeps what it knows of ports that are not called.
   *
   * @default - 90 seconds
   */
  readonly inboundDiscoveryCache?: Duration;

  /**
   * Time for which the kernel keeps half-closed connections.
   *
   * @default - as the node says
   */
  readonly closeWait?: Duration;

  /**
   * Time that it has to end when the pod does.
   *
   * @default - 2 minutes
   */
  readonly shutdownGracePeriod?: Duration;

  /**
   * Time that it waits before it ends, in whole seconds.
   *
   * @default - none
   */
  readonly waitBeforeExit?: Duration;
}

/** Which traffic goes past the proxy, or through it unread. Ports are numbers, ranges such as `4000-5000`, or names of container ports. */
export interface ProxyBypass {
  /**
   * Ports of the pod at which calls do not go through the proxy.
   *
   * @default - none
   */
  readonly skipInboundPorts?: string[];

  /**
   * Ports that the application calls past the proxy.
   *
   * @default - none
   */
  readonly skipOutboundPorts?: string[];

  /**
   * Networks that the application calls past the proxy.
   *
   * @default - none
   */
  readonly skipSubnets?: string[];

  /**
   * Ports whose traffic is passed on unread. It takes the place of the default list.
   *
   * @default - 25, 587, 3306, 4444, 5432, 6379, 9300 and 11211
   */
  readonly opaquePorts?: string[];

  /**
   * Ports of the pod that the proxy knows. Linkerd finds them by itself; this is for containers that declare none.
   *
   * @default - the ports that the containers declare
   */
  readonly podInboundPorts?: number[];

  /**
   * Whether the proxy goes on waiting when it cannot tell within 10 seconds what an application speaks that the pod calls.
   *
   * @default false
   */
  readonly disableOutboundDetectTimeout?: boolean;

  /**
   * Whether the proxy goes on waiting when it cannot tell within 10 seconds what a caller speaks.
   *
   * @default false
   */
  readonly disableInboundDetectTimeout?: boolean;
}

/** How the proxy of a pod runs: everything that Linkerd lets workloads and namespaces say. */
export interface ProxyOptions {
  /**
   * Whether there is one.
   *
   * @default - nothing is said: services of a mesh get one anyway
   */
  readonly injection?: Injection;

  /**
   * Its image.
   *
   * @default - as the installation says
   */
  readonly image?: SidecarImage;

  /**
   * A debug container beside it.
   *
   * @default - as the installation says
   */
  readonly debugImage?: SidecarImage;

  /**
   * Whether there is a debug container beside it.
   *
   * @default false
   */
  readonly debugSidecar?: boolean;

  /**
   * Ports that it uses itself.
   *
   * @default - as the installation says
   */
  readonly ports?: ProxyPorts;

  /**
   * Which traffic goes past it, or through it unread.
   *
   * @default - as the installation says
   */
  readonly bypass?: ProxyBypass;

  /**
   * What it is promised, and what it may use.
   *
   * @default - as the installation says
   */
  readonly resources?: ComputeResources;

  /**
   * Ephemeral storage that it is promised.
   *
   * @default - as the installation says
   */
  readonly ephemeralStorageRequest?: Size;

  /**
   * Ephemeral storage that it may use.
   *
   * @default - as the installation says
   */
  readonly ephemeralStorageLimit?: Size;

  /**
   * Share of the node's cores that it works with, more than 0 and less than 100 %.
   *
   * @default - as the installation says
   */
  readonly cpuRatioLimit?: Percent;

  /**
   * User that it runs as.
   *
   * @default 2102
   */
  readonly userId?: number;

  /**
   * Group that it runs as.
   *
   * @default - as the installation says
   */
  readonly groupId?: number;

  /**
   * Whether it can be told to end by its admin port.
   *
   * @default false
   */
  readonly adminShutdown?: boolean;

  /**
   * What it tells.
   *
   * @default - as the installation says
   */
  readonly telemetry?: ProxyTelemetry;

  /**
   * How long things may take for it.
   *
   * @default - as the installation says
   */
  readonly timeouts?: ProxyTimeouts;

  /**
   * Whether profiles of services outside of the cluster are looked for.
   *
   * @default false
   */
  readonly externalProfiles?: boolean;

  /**
   * Ports of the pod at which callers must be known, where no Server says so.
   *
   * @default - none
   */
  readonly requireIdentityPorts?: string[];

  /**
   * Who may call where no Server says so.
   *
   * @default - as the mesh says
   */
  readonly defaultInboundPolicy?: ServerAccess;

  /**
   * Whether the pod is a gateway between clusters.
   *
   * @default false
   */
  readonly gateway?: boolean;

  /**
   * Whether the proxy is a native sidecar of Kubernetes: it then starts before and ends after the application, and Jobs come to their end.
   *
   * @default - as the installation says
   */
  readonly nativeSidecar?: boolean;

  /**
   * Whether the application starts only when the proxy is ready.
   *
   * @default true
   */
  readonly await?: boolean;

  /**
   * Environment variables of the proxy.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
}
