/** How services of other clusters call an exported one. */
export enum ExportMode {
  /** Through the gateway of this cluster, as `NAME-CLUSTER`. */
  GATEWAY = 'gateway',
  /** Without gateway, as `NAME-CLUSTER`: pods of both clusters must reach each other. */
  DIRECT = 'direct',
  /** As one service with those of the same name in other clusters, `NAME-federated`. */
  FEDERATED = 'federated',
}
