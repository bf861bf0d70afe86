import { Percent } from '../core/percent';

/** What only Istio knows of endpoints that are left alone. */
export interface OutlierTuning {
  /**
   * How many answers 502, 503 or 504 in a row are too many.
   *
   * @default - they count as all server errors do
   */
  readonly consecutiveGatewayErrors?: number;

  /**
   * How many failures in a row are too many of which the server knows nothing: time-outs, and connections that could not be made. They are
   * counted apart from answers then.
   *
   * @default - they count as server errors
   */
  readonly consecutiveLocalFailures?: number;

  /**
   * Whether answers 500 to 599 as such are no reason to leave an endpoint alone.
   *
   * @default false
   */
  readonly ignoreServerErrors?: boolean;

  /**
   * HTTP statuses, from 100 to 599, that count as errors in place of 500 to 599.
   *
   * @default - 500 to 599
   */
  readonly errorStatusCodes?: number[];
}

/** What only Istio knows of consistent hashing. */
export interface HashTuning {
  /**
   * Points on the ring at least, for `HashTable.RING`; more points spread keys more evenly.
   *
   * @default 1024
   */
  readonly minimumRingSize?: number;

  /**
   * Size of the table, for `HashTable.MAGLEV`: a prime number below 5000011.
   *
   * @default 65537
   */
  readonly tableSize?: number;

  /**
   * Attributes of a cookie that the proxy makes, such as `SameSite` or `Secure`; the text may be empty.
   *
   * @default - none
   */
  readonly cookieAttributes?: { readonly [name: string]: string };
}

/** How a new endpoint gets more and more of its share. */
export interface WarmUpTuning {
  /**
   * Share of its share that a new endpoint gets at once.
   *
   * @default 10 %
   */
  readonly minimum?: Percent;

  /**
   * How the share grows: 1 for a straight line, more for a slow beginning, less for a fast one.
   *
   * @default 1
   */
  readonly aggression?: number;
}

/** How calls stay in the zone of the client as long as its endpoints can carry them. */
export interface ZoneAwareness {
  /**
   * Region of the client to the region that stands in when none is left there.
   *
   * @default - any other region
   */
  readonly failoverRegions?: { readonly [region: string]: string };

  /**
   * Keys of labels by which endpoints outside of the region are preferred, the most important first; no labels of the topology.
   *
   * @default - none
   */
  readonly priorityLabels?: string[];

  /**
   * How many endpoints there must be before zones matter.
   *
   * @default 6
   */
  readonly minClusterSize?: number;

  /**
   * Whether zones matter at all.
   *
   * @default true
   */
  readonly enabled?: boolean;
}
