import { Port } from '../core/port';
import { portNumber } from '../core/private/check-values';

/**
 * A port of the pods that a policy is about.
 *
 * Istio's policies know ports by the number that the *container* listens on (by that of the Service only at waypoints). Say which number
 * you mean, and it is translated.
 *
 * @example
 *
 * istio.PolicyPort.service(80);      // port 80 of the Service, whichever port of the container answers it
 * istio.PolicyPort.container(8080);  // port 8080 of the container
 */
export class PolicyPort {
  /**
   * A port of the Service. Only for policies that name the service that they protect.
   *
   * @param number number of the Service port
   */
  public static service(number: number): PolicyPort {
    return new PolicyPort(portNumber('port', number), true);
  }

  /**
   * A port of the container, or of a listener for policies on gateways.
   *
   * @param number number that the container listens on
   */
  public static container(number: number): PolicyPort {
    return new PolicyPort(portNumber('port', number), false);
  }

  /**
   * The port of the container behind a port of a service.
   *
   * @param port the port
   */
  public static of(port: Port): PolicyPort {
    return PolicyPort.container(port.targetPort);
  }

  /** The number. */
  public readonly number: number;
  /** Whether it is one of the Service, rather than of the container. */
  public readonly ofService: boolean;

  private constructor(number: number, ofService: boolean) {
    this.number = number;
    this.ofService = ofService;
  }

  /** The port as people write it, such as `service port 80`. */
  public toString(): string {
    return `${this.ofService ? 'service' : 'container'} port ${this.number}`;
  }
}
