import { IGateway } from './gateway';
import { IListenerSet } from './listener-set';
import { ObjectReference } from './object-reference';
import { IMeshService } from '../core/mesh-service';
import { portNumber } from '../core/private/check-values';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** Which part of a gateway a route is for. */
export interface GatewayParentOptions {
  /**
   * Name of the listener.
   *
   * @default - all listeners that take the route
   */
  readonly listenerName?: string;

  /**
   * Number of the port.
   *
   * @default - all ports
   */
  readonly port?: number;
}

/**
 * What a route is attached to: a gateway for calls from outside, or a service for calls within the mesh (GAMMA).
 */
export class RouteParent {
  /**
   * A gateway.
   *
   * @param gateway the gateway
   */
  public static gateway(gateway: IGateway, options: GatewayParentOptions = {}): RouteParent {
    const reference = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway.resourceName, namespace: gateway.resourceNamespace };
    return new RouteParent(reference, options, { gateway });
  }

  /**
   * A service: the route is for calls to it from within the mesh. A route in the namespace of the service is for all callers, one in another
   * namespace for callers of that namespace only.
   *
   * @param service the service
   * @param servicePort number of the Service port; all that carry requests unless given
   */
  public static service(service: IMeshService, servicePort?: number): RouteParent {
    const numbers = service.servicePorts.map(({ number }) => number);
    if (servicePort !== undefined && !numbers.includes(servicePort)) {
      fail('MESH-E005', `${service.serviceName} has no port ${servicePort}`, `name one of ${numbers.join(', ')}`);
    }
    const reference = { group: '', kind: 'Service', name: service.serviceName, namespace: service.serviceNamespace };
    return new RouteParent(reference, { port: servicePort }, { service });
  }

  /**
   * A Kubernetes Service that is only known by its name.
   *
   * @param name name of the Service
   * @param namespace its namespace; that of the route unless given
   * @param servicePort number of the Service port; all of them unless given
   */
  public static serviceNamed(name: string, namespace?: string, servicePort?: number): RouteParent {
    return RouteParent.of({ group: '', kind: 'Service', name, namespace }, { port: servicePort });
  }

  /**
   * A set of listeners that was added to a gateway.
   *
   * @param set the listeners
   */
  public static listenerSet(set: IListenerSet, options: GatewayParentOptions = {}): RouteParent {
    return RouteParent.of({ group: 'gateway.networking.k8s.io', kind: 'ListenerSet', name: set.resourceName, namespace: set.resourceNamespace }, options);
  }

  /**
   * An object of another kind, such as a ServiceEntry of Istio.
   *
   * @param reference the object
   */
  public static of(reference: ObjectReference, options: GatewayParentOptions = {}): RouteParent {
    dnsSubdomain(`name of a ${reference.kind}`, reference.name);
    if (reference.namespace !== undefined) { dnsLabel('namespace', reference.namespace); }
    return new RouteParent(reference, options, {});
  }

  /** The object. */
  public readonly reference: ObjectReference;
  /** Name of the listener; undefined for all. */
  public readonly listenerName?: string;
  /** Number of the port; undefined for all. */
  public readonly port?: number;
  private readonly known: { readonly gateway?: IGateway; readonly service?: IMeshService };

  private constructor(
    reference: ObjectReference,
    { listenerName, port }: GatewayParentOptions,
    known: { readonly gateway?: IGateway; readonly service?: IMeshService },
  ) {
    if (port !== undefined) { portNumber('port', port); }
    this.reference = reference;
    this.listenerName = listenerName === undefined ? undefined : dnsSubdomain('listener name', listenerName);
    this.port = port;
    this.known = known;
  }

  /** Whether it is a service: the route is for calls within the mesh then. */
  public get inMesh(): boolean {
    return this.reference.kind === 'Service' && this.reference.group === '';
  }

  /** @internal */
  public get _gateway(): IGateway | undefined {
    return this.known.gateway;
  }

  /** @internal */
  public get _service(): IMeshService | undefined {
    return this.known.service;
  }
}
