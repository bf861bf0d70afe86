/** Where a workload runs, be it a virtual machine, a bare program or a server outside of the mesh. */
export interface WorkloadEndpoint {
  /**
   * IP address, full DNS name, or `unix:///path` of a socket.
   *
   * @default - none: it is reached through the gateway of its network, or told when the workload registers
   */
  readonly address?: string;

  /**
   * Network that the address belongs to; without an address, the network whose gateway is called.
   *
   * @default - the network of the mesh
   */
  readonly network?: string;

  /**
   * Where it is: `region`, `region/zone` or `region/zone/subzone`.
   *
   * @default - not known
   */
  readonly locality?: string;

  /**
   * Share of the calls in relation to the other endpoints.
   *
   * @default - all endpoints get the same
   */
  readonly weight?: number;

  /**
   * Labels of the workload.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Port numbers of the workload by port name, where they differ from those of the service.
   *
   * @default - the target ports of the service
   */
  readonly ports?: { readonly [portName: string]: number };

  /**
   * ServiceAccount that the workload runs under; it is its identity.
   *
   * @default - it has no identity
   */
  readonly serviceAccountName?: string;
}
