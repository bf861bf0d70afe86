/** Pods that are called, and by which ports. */
export interface TrafficPeer {
  /** Namespace of the pods. */
  readonly namespace: string;

  /**
   * Labels of the pods.
   *
   * @default - all pods of the namespace
   */
  readonly labels?: { readonly [key: string]: string };

  /** Container ports that are called. */
  readonly ports: number[];
}

/** What the proxies of a mesh say on the network beside the calls of the applications: a NetworkPolicy must let it through. */
export interface ProxyTraffic {
  /**
   * Ports of a pod at which its proxy takes calls of other proxies.
   *
   * @default - none: they come by the ports of the application
   */
  readonly inboundPorts?: number[];

  /**
   * Whether calls of other proxies come by the ports of the application, possibly beside those above.
   *
   * @default true
   */
  readonly applicationPorts?: boolean;

  /**
   * What the proxies of all pods must reach.
   *
   * @default - nothing
   */
  readonly controlPlane?: TrafficPeer[];

  /**
   * Ports of a pod at which its proxy serves metrics.
   *
   * @default - none
   */
  readonly metricsPorts?: number[];

  /**
   * Whether proxies serve the metrics of their application together with their own when they are asked to.
   *
   * @default false
   */
  readonly mergesMetrics?: boolean;

  /**
   * Ports of a pod that the probes of the kubelet are redirected to.
   *
   * @default - none: they go to the ports of the application
   */
  readonly probePorts?: number[];

  /**
   * Addresses that the probes of the kubelet seem to come from.
   *
   * @default - those of the node, from which Kubernetes lets probes through whatever a NetworkPolicy says
   */
  readonly probeSources?: string[];

  /**
   * Pods through which calls leave the mesh.
   *
   * @default - calls leave it directly
   */
  readonly egressGateway?: TrafficPeer;
}
