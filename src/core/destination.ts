import { IMeshService } from './mesh-service';
import { Subset } from './subset';
import { Weight } from './weight';

/**
 * Where requests go.
 */
export class Destination {
  /**
   * All pods of a service.
   *
   * @param service the service
   * @param weight its share, when there are several destinations
   * @param servicePort number of the Service port; the one that the request came for unless given
   */
  public static service(service: IMeshService, weight?: Weight, servicePort?: number): Destination {
    return new Destination(service, undefined, weight, servicePort);
  }

  /**
   * Some pods of a service.
   *
   * @param subset the pods
   * @param weight their share, when there are several destinations
   */
  public static subset(subset: Subset, weight?: Weight): Destination {
    return new Destination(subset.service, subset, weight, undefined);
  }

  /** The service. */
  public readonly targetService: IMeshService;
  /** The pods, when not all of them are meant. */
  public readonly targetSubset?: Subset;
  /** The share, when there are several destinations. */
  public readonly weight?: Weight;
  /** Number of the Service port; undefined for the one that the request came for. */
  public readonly servicePort?: number;

  private constructor(service: IMeshService, subset: Subset | undefined, weight: Weight | undefined, servicePort: number | undefined) {
    this.targetService = service;
    this.targetSubset = subset;
    this.weight = weight;
    this.servicePort = servicePort;
  }

  /**
   * The same destination by one port, unless it names a port already or has no such port.
   *
   * @internal
   */
  public _by(port: number): Destination {
    const fits = this.servicePort === undefined && this.targetService.servicePorts.some((candidate) => candidate.number === port);
    return fits ? new Destination(this.targetService, this.targetSubset, this.weight, port) : this;
  }

  /** The destination as people write it, such as `cart/v2 10`. */
  public toString(): string {
    const subset = this.targetSubset ? `/${this.targetSubset.subsetName}` : '';
    return `${this.targetService.serviceName}${subset}${this.weight ? ` ${this.weight.toNumber()}` : ''}`;
  }
}
