import { Host } from './host';
import { HostSubset } from './host-subset';
import { Destination } from '../core/destination';
import { HeaderChanges } from '../core/header-changes';
import { Percent } from '../core/percent';
import { Weight } from '../core/weight';

/** How requests reach a destination. */
export interface RouteTargetOptions {
  /**
   * Share of the requests, when there are several destinations.
   *
   * @default - none; a single destination gets all
   */
  readonly weight?: Weight;

  /**
   * Number of the Service port.
   *
   * @default - the only port of the service
   */
  readonly servicePort?: number;

  /**
   * What becomes of the headers of requests, for this destination only.
   *
   * @default - nothing
   */
  readonly requestHeaders?: HeaderChanges;

  /**
   * What becomes of the headers of answers, from this destination only.
   *
   * @default - nothing
   */
  readonly responseHeaders?: HeaderChanges;

  /**
   * Host name that this destination is asked by.
   *
   * @default - the one of the request
   */
  readonly hostRewrite?: string;
}

/**
 * Where requests or connections go.
 */
export class RouteTarget {
  /**
   * All pods of a host.
   *
   * @param host the host
   */
  public static host(host: Host, options: RouteTargetOptions = {}): RouteTarget {
    return new RouteTarget(host, undefined, undefined, options);
  }

  /**
   * Some pods of a host.
   *
   * @param subset the pods, as a DestinationRule tells them apart
   */
  public static subset(subset: HostSubset, options: RouteTargetOptions = {}): RouteTarget {
    return new RouteTarget(subset.host, subset.subsetName, subset, options);
  }

  /**
   * A destination as services of the app name it; weight and port are those of the destination unless said here.
   *
   * @param destination service or subset
   */
  public static destination(destination: Destination, options: RouteTargetOptions = {}): RouteTarget {
    return new RouteTarget(Host.service(destination.targetService), destination.targetSubset?.subsetName, undefined, {
      ...options,
      weight: options.weight ?? destination.weight,
      servicePort: options.servicePort ?? destination.servicePort,
    });
  }

  /** The host. */
  public readonly targetHost: Host;
  /** Name of the subset, when not all pods are meant. */
  public readonly subsetName?: string;
  /** Share of the requests, when there are several destinations. */
  public readonly weight?: Weight;
  /** Number of the Service port, when it was named. */
  public readonly servicePort?: number;
  /** @internal */
  public readonly _subset?: HostSubset;
  /** @internal */
  public readonly _options: RouteTargetOptions;

  private constructor(targetHost: Host, subsetName: string | undefined, subset: HostSubset | undefined, options: RouteTargetOptions) {
    this.targetHost = targetHost;
    this.subsetName = subsetName;
    this.weight = options.weight;
    this.servicePort = options.servicePort;
    this._subset = subset;
    this._options = options;
  }

  /** The destination as people write it, such as `cart.shop.svc.cluster.local/v2 10`. */
  public toString(): string {
    const port = this.servicePort === undefined ? '' : `:${this.servicePort}`;
    return `${this.targetHost.hostName}${port}${this.subsetName ? `/${this.subsetName}` : ''}${this.weight ? ` ${this.weight.toNumber()}` : ''}`;
  }
}

/** A destination that gets copies of requests. Its answers are thrown away. */
export interface RouteMirror {
  /** Where copies go; a weight means nothing here. */
  readonly target: RouteTarget;

  /**
   * How many requests are copied.
   *
   * @default - all
   */
  readonly share?: Percent;
}
