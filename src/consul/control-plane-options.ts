import { Replicas } from '../delivery/replicas';

/** An entry of a Secret. */
export interface SecretKeyRef {
  /** Name of the Secret, in the namespace of Consul. */
  readonly secretName: string;
  /** Key of the entry. */
  readonly secretKey: string;
}

/** A terminating gateway that is installed. */
export interface GatewayInstallOptions {
  /**
   * Name of the gateway; TerminatingGateway has the same.
   *
   * @default terminating-gateway
   */
  readonly gatewayName?: string;

  /**
   * How many pods.
   *
   * @default - those of the chart
   */
  readonly replicas?: Replicas;
}

/** How the gateway between clusters is reached. */
export enum MeshGatewayService {
  /** From outside, by a load balancer. */
  LOAD_BALANCER = 'LoadBalancer',
  /** By ports of the nodes. */
  NODE_PORT = 'NodePort',
  /** From inside of the network only. */
  CLUSTER_IP = 'ClusterIP',
}

/** The gateway between clusters. */
export interface MeshGatewayOptions {
  /**
   * How it is reached.
   *
   * @default MeshGatewayService.LOAD_BALANCER
   */
  readonly serviceType?: MeshGatewayService;

  /**
   * How many pods.
   *
   * @default - those of the chart
   */
  readonly replicas?: Replicas;
}
