import { Duration } from 'cdk8s';
import { ComputeResources } from '../delivery/compute';
import { Replicas } from '../delivery/replicas';

/** Kubernetes distributions on which Istio has to be set up in a way of their own. */
export enum InstallPlatform {
  /** Google Kubernetes Engine. */
  GKE = 'gke',
  /** k3d. */
  K3D = 'k3d',
  /** k3s. */
  K3S = 'k3s',
  /** MicroK8s. */
  MICROK8S = 'microk8s',
  /** minikube. */
  MINIKUBE = 'minikube',
  /** OpenShift. */
  OPENSHIFT = 'openshift',
}

/** The agent on every node that leads the traffic of pods to their proxies. */
export interface CniOptions {
  /**
   * Namespace that it runs in.
   *
   * @default - the namespace of the control plane; `istio-cni` where the Sail operator runs it
   */
  readonly namespace?: string;

  /**
   * Namespaces whose pods it leaves alone.
   *
   * @default - kube-system, and that of the control plane
   */
  readonly excludeNamespaces?: string[];

  /**
   * Folder of the node for CNI programs.
   *
   * @default - as the platform has it
   */
  readonly binDirectory?: string;

  /**
   * Folder of the node for CNI configurations.
   *
   * @default - as the platform has it
   */
  readonly configDirectory?: string;

  /**
   * What it is promised, and what it may use.
   *
   * @default - as its chart has it
   */
  readonly resources?: ComputeResources;

  /**
   * Values of the chart `cni` (those below its key `cni`) that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalValues?: { readonly [key: string]: any };
}

/** The proxy on every node of an ambient mesh. */
export interface ZtunnelOptions {
  /**
   * Namespace that it runs in.
   *
   * @default - the namespace of the control plane; `ztunnel` where the Sail operator runs it
   */
  readonly namespace?: string;

  /**
   * What it is promised, and what it may use.
   *
   * @default - as its chart has it
   */
  readonly resources?: ComputeResources;

  /**
   * How long a proxy that is replaced goes on with connections that it has; then it cuts them. Nodes are upgraded one after another, so a
   * long time makes upgrades long.
   *
   * @default - 30 seconds
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * Values of the chart `ztunnel` that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalValues?: { readonly [key: string]: any };
}

/** How the cluster shows a gateway. */
export enum GatewayServiceType {
  /** By a load balancer of the cloud. */
  LOAD_BALANCER = 'LoadBalancer',
  /** By a port of every node. */
  NODE_PORT = 'NodePort',
  /** Within the cluster only. */
  CLUSTER_IP = 'ClusterIP',
}

/** A gateway: a proxy of its own, at the edge of the mesh. */
export interface GatewayInstall {
  /**
   * Name of the gateway and of all its objects. Gateways select its pods by `istio: NAME`, without a leading `istio-`.
   *
   * @default istio-ingressgateway
   */
  readonly gatewayName?: string;

  /**
   * Namespace that it runs in.
   *
   * @default - the namespace of the control plane
   */
  readonly namespace?: string;

  /**
   * How many pods it has.
   *
   * @default - two
   */
  readonly replicas?: Replicas;

  /**
   * What its pods are promised, and what they may use.
   *
   * @default - as its chart has it
   */
  readonly resources?: ComputeResources;

  /**
   * How the cluster shows it.
   *
   * @default GatewayServiceType.LOAD_BALANCER
   */
  readonly serviceType?: GatewayServiceType;

  /**
   * Annotations of its Service, which clouds read.
   *
   * @default - none
   */
  readonly serviceAnnotations?: { readonly [key: string]: string };

  /**
   * Values of the chart `gateway` that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalValues?: { readonly [key: string]: any };
}
