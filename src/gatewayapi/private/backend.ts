import type { Destination } from '../../core/destination';
import type { Port } from '../../core/port';
import { fail } from '../../private/errors';

/** A Service as routes of the Gateway API name it. */
export interface ServiceBackend {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

/**
 * The Service behind a destination. The namespace is always written: implementations differ in what they take its absence for.
 *
 * @param stream the port that connections came in by; undefined for requests
 */
export function backendOf(destination: Destination, path: string, stream?: Port): ServiceBackend {
  const { targetService, targetSubset, servicePort } = destination;
  if (targetSubset) {
    fail('MESH-E021', `${destination.toString()} is a subset, and the Gateway API routes to whole Services`,
      'run each version behind a Service of its own', path);
  }
  const numbers = targetService.servicePorts.filter((port) => port.carriesRequests === (stream === undefined)).map((port) => port.number);
  const port = servicePort ?? (numbers.length === 1 ? numbers[0] : numbers.find((number) => number === stream?.number));
  if (port === undefined) {
    fail('MESH-E005', `${destination.toString()} has ${numbers.length} ports for ${stream ? 'connections' : 'requests'}`, `name one with servicePort (it has ${numbers.join(', ') || 'none'})`, path);
  }
  return { name: targetService.serviceName, namespace: targetService.serviceNamespace, port };
}
