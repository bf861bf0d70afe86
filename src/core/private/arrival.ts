import type { Destination } from '../destination';

/**
 * The port by which a call arrives at a destination: the one that was asked for, one of the same number, or the only one for requests.
 * Undefined when nobody can tell.
 *
 * @param called port that the call came for
 */
export function arrivalPort({ targetService, servicePort }: Destination, called: number | undefined): number | undefined {
  const ports = targetService.servicePorts;
  if (servicePort !== undefined) { return ports.some((port) => port.number === servicePort) ? servicePort : undefined; }
  if (ports.length === 1) { return ports[0].number; }
  if (ports.some((port) => port.number === called)) { return called; }
  const requests = ports.filter((port) => port.carriesRequests);
  return requests.length === 1 ? requests[0].number : undefined;
}
