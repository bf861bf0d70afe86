/** Where an endpoint runs. */
export interface Locality {
  readonly region: string;
  readonly zone?: string;
  readonly subzone?: string;
}

/** An endpoint that requests may go to. */
export interface Host {
  /** Address with its port, by which rings know it. */
  readonly address: string;
  /** @default 1 */
  readonly weight?: number;
  /** @default true */
  readonly healthy?: boolean;
  readonly locality?: Locality;
}

/** What a balancer looks at in a request. */
export interface BalancedRequest {
  /** What the hash policy takes from the request, such as a header's value; absent when it has none of it. */
  readonly hashKey?: string;
}

/** Chooses an endpoint for each request of a series. */
export interface Balancer {
  /** The endpoint of the next request; undefined when there is none. */
  next(request: BalancedRequest): Host | undefined;
  /** Says that a request that was sent to a host has ended, for balancers that count them. */
  done?(host: Host): void;
}

/** The weight of a host. */
export function weightOf(host: Host): number {
  return host.weight ?? 1;
}
