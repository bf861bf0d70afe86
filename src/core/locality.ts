import { Weight } from './weight';
import { fail } from '../private/errors';

/** How calls are shared out between places. */
export interface LocalityShare {
  /** Place of the client, as `region`, `region/zone` or `region/zone/subzone`; the last part may be `*`. */
  readonly origin: string;
  /** Share of each place, by the same spelling; the weights sum to 100. */
  readonly shares: { readonly [place: string]: Weight };
}

/**
 * Which places calls go to, when a service runs in several. It needs a circuit breaker that leaves failing endpoints alone: without one
 * nobody would notice that a place has failed.
 */
export class Locality {
  /** Endpoints of the client's own zone first, then of its region, then all others. */
  public static preferLocal(): Locality {
    return new Locality([], {}, []);
  }

  /**
   * Prefers the client's own place, and says which region stands in for which when none is left there.
   *
   * @param failover region of the client to the region that stands in
   */
  public static failover(failover: { [region: string]: string }): Locality {
    const same = Object.entries(failover).find(([from, to]) => from === to);
    if (same) { fail('MESH-E028', `region ${same[0]} stands in for itself`, 'name another region'); }
    const odd = Object.entries(failover).flat().find((region) => region === '' || /[*/]/.test(region));
    if (odd !== undefined) { fail('MESH-E028', `invalid region, got "${odd}"`, 'name a region, without zone and without "*"'); }
    return new Locality([], { ...failover }, []);
  }

  /**
   * Prefers endpoints that share labels with the client, in this order. `topology.kubernetes.io/region` and the like are such labels.
   *
   * @param labels keys of labels, the most important first
   */
  public static failoverPriority(...labels: string[]): Locality {
    if (labels.length === 0) { fail('MESH-E030', 'a failover priority without labels', 'name at least one label key'); }
    return new Locality([], {}, labels);
  }

  /**
   * Shares calls out between places, whatever the client's own.
   *
   * @param shares for each place of clients
   */
  public static distribute(...shares: LocalityShare[]): Locality {
    for (const { origin, shares: weights } of shares) {
      const sum = Object.values(weights).reduce((total, weight) => total + weight.toNumber(), 0);
      if (sum !== 100) { fail('MESH-E008', `shares of clients in ${origin} that sum to ${sum}`, 'make them sum to 100'); }
    }
    return new Locality(shares, {}, []);
  }

  /** How calls are shared out between places; empty when places are preferred instead. */
  public readonly shares: LocalityShare[];
  /** Which region stands in for which. */
  public readonly failoverRegions: { readonly [region: string]: string };
  /** Keys of labels by which endpoints are preferred. */
  public readonly priorityLabels: string[];

  private constructor(shares: LocalityShare[], failoverRegions: { readonly [region: string]: string }, priorityLabels: string[]) {
    this.shares = shares;
    this.failoverRegions = failoverRegions;
    this.priorityLabels = priorityLabels;
  }
}
