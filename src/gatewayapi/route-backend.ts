import { HttpFilters } from './http-filters';
import { ObjectReference } from './object-reference';
import { IMeshService } from '../core/mesh-service';
import { Port } from '../core/port';
import { portNumber } from '../core/private/check-values';
import { Weight } from '../core/weight';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** How calls reach a backend. */
export interface BackendOptions {
  /**
   * Share of the calls, when there are several backends.
   *
   * @default - an equal share
   */
  readonly weight?: Weight;

  /**
   * What becomes of requests to this backend only. Not for connections, and for gRPC only headers, mirrors and extensions.
   *
   * @default - nothing
   */
  readonly filters?: HttpFilters;
}

/** How calls reach a service of this app. */
export interface ServiceBackendOptions extends BackendOptions {
  /**
   * Number of the Service port.
   *
   * @default - the only one that fits the route
   */
  readonly servicePort?: number;
}

/**
 * Where a route sends calls. From another namespace than the route's, it needs a ReferenceGrant, which the route emits.
 */
export class RouteBackend {
  /**
   * A service.
   *
   * @param service the service
   */
  public static service(service: IMeshService, options: ServiceBackendOptions = {}): RouteBackend {
    const { servicePort } = options;
    const numbers = service.servicePorts.map(({ number }) => number);
    if (servicePort !== undefined && !numbers.includes(servicePort)) {
      fail('MESH-E005', `${service.serviceName} has no port ${servicePort}`, `name one of ${numbers.join(', ')}`);
    }
    return new RouteBackend({ group: '', kind: 'Service', name: service.serviceName, namespace: service.serviceNamespace }, servicePort, options, service);
  }

  /**
   * A Kubernetes Service that is only known by its name.
   *
   * @param name name of the Service
   * @param servicePort number of the Service port
   * @param namespace its namespace; that of the route unless given
   */
  public static serviceNamed(name: string, servicePort: number, namespace?: string, options: BackendOptions = {}): RouteBackend {
    return RouteBackend.of({ group: '', kind: 'Service', name, namespace }, servicePort, options);
  }

  /**
   * An object of another kind, such as a ServiceImport, or a Hostname of Istio.
   *
   * @param reference the object
   * @param port number of the port; needed for Services
   */
  public static of(reference: ObjectReference, port?: number, options: BackendOptions = {}): RouteBackend {
    dnsSubdomain(`name of a ${reference.kind}`, reference.name);
    if (reference.namespace !== undefined) { dnsLabel('namespace', reference.namespace); }
    if (port === undefined && reference.kind === 'Service' && reference.group === '') {
      fail('MESH-E030', `Service "${reference.name}" without port`, 'give the number of its port');
    }
    return new RouteBackend(reference, port, options);
  }

  /** The object. */
  public readonly reference: ObjectReference;
  /** Share of the calls; undefined for an equal share. */
  public readonly weight?: Weight;
  /** What becomes of requests to this backend only. */
  public readonly filters?: HttpFilters;
  private readonly named?: number;
  private readonly service?: IMeshService;

  private constructor(reference: ObjectReference, port: number | undefined, options: BackendOptions, service?: IMeshService) {
    if (port !== undefined) { portNumber('port', port); }
    if (options.weight && options.weight.toNumber() > 1_000_000) {
      fail('MESH-E007', `invalid weight, got ${options.weight.toNumber()}`, 'use at most 1000000');
    }
    this.reference = reference;
    this.weight = options.weight;
    this.filters = options.filters;
    this.named = port;
    this.service = service;
  }

  /** The backend as people write it, such as `Service cart:80`. */
  public toString(): string {
    return `${this.reference.kind} ${this.reference.name}${this.named === undefined ? '' : `:${this.named}`}`;
  }

  /**
   * The number of the port.
   *
   * @param fits whether a port can be meant when none is named
   *
   * @internal
   */
  public _port(fits: (port: Port) => boolean): number | undefined {
    if (this.named !== undefined || !this.service) { return this.named; }
    const candidates = this.service.servicePorts.filter(fits);
    if (candidates.length !== 1) {
      const have = this.service.servicePorts.map((port) => port.toString()).join(', ') || 'none';
      fail('MESH-E005', `${this.service.serviceName} has ${candidates.length === 0 ? 'no port' : 'several ports'} that the route can mean`, `name one with servicePort (it has ${have})`);
    }
    return candidates[0].number;
  }

  /**
   * The port, where the protocol is known.
   *
   * @internal
   */
  public get _knownPort(): Port | undefined {
    return this.service?.servicePorts.find(({ number }) => number === this.named);
  }
}
