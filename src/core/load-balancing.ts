/** How a client proxy picks one endpoint of many. */
export enum LoadBalancingAlgorithm {
  /** One after another. */
  ROUND_ROBIN = 'round-robin',
  /** The less busy one of two picked at random. */
  LEAST_REQUEST = 'least-request',
  /** Any, with equal chances. */
  RANDOM = 'random',
  /** The address that the client asked for. */
  PASSTHROUGH = 'passthrough',
}

/**
 * How calls are spread over the endpoints of a service.
 */
export class LoadBalancing {
  /** One endpoint after another. */
  public static roundRobin(): LoadBalancing {
    return new LoadBalancing(LoadBalancingAlgorithm.ROUND_ROBIN);
  }

  /** The less busy one of two endpoints picked at random. */
  public static leastRequest(): LoadBalancing {
    return new LoadBalancing(LoadBalancingAlgorithm.LEAST_REQUEST);
  }

  /** Any endpoint, with equal chances. */
  public static random(): LoadBalancing {
    return new LoadBalancing(LoadBalancingAlgorithm.RANDOM);
  }

  /** The address that the client asked for, without choice of the mesh. */
  public static passthrough(): LoadBalancing {
    return new LoadBalancing(LoadBalancingAlgorithm.PASSTHROUGH);
  }

  /** The algorithm. */
  public readonly algorithm: LoadBalancingAlgorithm;

  private constructor(algorithm: LoadBalancingAlgorithm) {
    this.algorithm = algorithm;
  }
}
