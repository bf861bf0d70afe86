import { HashKey } from './hash-key';

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
  /** The same endpoint for the same key. */
  CONSISTENT_HASH = 'consistent-hash',
}

/** How keys are laid over endpoints. */
export enum HashTable {
  /** A ring: weights count, and few keys move when endpoints come and go. */
  RING = 'ring',
  /** Maglev's table: faster to look up, and more even. */
  MAGLEV = 'maglev',
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

  /**
   * Equal keys go to the same endpoint, as long as it is there.
   *
   * @param key what of a request decides
   * @param table how keys are laid over endpoints; a ring unless given
   */
  public static consistentHash(key: HashKey, table: HashTable = HashTable.RING): LoadBalancing {
    return new LoadBalancing(LoadBalancingAlgorithm.CONSISTENT_HASH, key, table);
  }

  /** The algorithm. */
  public readonly algorithm: LoadBalancingAlgorithm;
  /** What of a request decides, with consistent hashing. */
  public readonly hashKey?: HashKey;
  /** How keys are laid over endpoints, with consistent hashing. */
  public readonly hashTable?: HashTable;

  private constructor(algorithm: LoadBalancingAlgorithm, hashKey?: HashKey, hashTable?: HashTable) {
    this.algorithm = algorithm;
    this.hashKey = hashKey;
    this.hashTable = hashTable;
  }
}
