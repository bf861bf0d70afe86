import { IWaypoint } from './waypoint';
import { IMeshService } from '../core/mesh-service';
import { IMeshResource } from '../core/resource';
import { IGateway } from '../gatewayapi/gateway';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/**
 * What an object is attached to when it is enforced by a waypoint or by a gateway of the Gateway API. Target and object stand in the same
 * namespace.
 *
 * @see https://istio.io/latest/docs/ambient/usage/l7-features/#targeting-policies-or-routing-rules
 */
export class PolicyTarget {
  /**
   * A service of this app.
   *
   * @param service the service
   */
  public static service(service: IMeshService): PolicyTarget {
    return new PolicyTarget('', 'Service', service.serviceName, service.serviceNamespace, service);
  }

  /**
   * A Kubernetes Service that is only known by its name.
   *
   * @param name name of the Service
   */
  public static kubernetesService(name: string): PolicyTarget {
    return new PolicyTarget('', 'Service', dnsSubdomain('Service name', name));
  }

  /**
   * A service outside of the cluster.
   *
   * @param serviceEntry the ServiceEntry
   */
  public static serviceEntry(serviceEntry: IMeshResource): PolicyTarget {
    return new PolicyTarget('networking.istio.io', 'ServiceEntry', serviceEntry.resourceName, serviceEntry.resourceNamespace);
  }

  /**
   * A waypoint: everything that goes through it.
   *
   * @param waypoint the waypoint
   */
  public static waypoint(waypoint: IWaypoint): PolicyTarget {
    return new PolicyTarget('gateway.networking.k8s.io', 'Gateway', waypoint.waypointName, waypoint.waypointNamespace);
  }

  /**
   * A gateway of the Gateway API.
   *
   * @param gateway the gateway
   */
  public static gateway(gateway: IGateway): PolicyTarget {
    return new PolicyTarget('gateway.networking.k8s.io', 'Gateway', gateway.resourceName, gateway.resourceNamespace, undefined, gateway);
  }

  /**
   * A waypoint or another gateway of the Gateway API that is only known by its name.
   *
   * @param name name of the Gateway
   */
  public static gatewayNamed(name: string): PolicyTarget {
    return new PolicyTarget('gateway.networking.k8s.io', 'Gateway', dnsSubdomain('Gateway name', name));
  }

  /**
   * All gateways of a class, such as all waypoints. The object stands in the root namespace of the mesh then.
   *
   * @param name name of the GatewayClass; `istio-waypoint` unless given
   */
  public static gatewayClass(name: string = 'istio-waypoint'): PolicyTarget {
    return new PolicyTarget('gateway.networking.k8s.io', 'GatewayClass', dnsSubdomain('GatewayClass name', name));
  }

  /** API group of the target; empty for a Service. */
  public readonly group: string;
  /** Kind of the target. */
  public readonly kind: string;
  /** Name of the target. */
  public readonly name: string;
  /** Namespace of the target; undefined when it is not known. */
  public readonly namespace?: string;
  private readonly service?: IMeshService;
  private readonly gateway?: IGateway;

  private constructor(group: string, kind: string, name: string, namespace?: string, service?: IMeshService, gateway?: IGateway) {
    this.group = group;
    this.kind = kind;
    this.name = name;
    this.namespace = namespace;
    this.service = service;
    this.gateway = gateway;
  }

  /**
   * The gateway, when it is one of this app.
   *
   * @internal
   */
  public get _gateway(): IGateway | undefined {
    return this.gateway;
  }

  /**
   * The service, when it is one of this app.
   *
   * @internal
   */
  public get _service(): IMeshService | undefined {
    return this.service;
  }

  /**
   * The reference in an object of a namespace; throws when it cannot be attached from there.
   *
   * @internal
   */
  public _within(namespace: string | undefined): { readonly group: string; readonly kind: string; readonly name: string } {
    if (this.namespace !== undefined && namespace !== undefined && namespace !== this.namespace) {
      fail('MESH-E031', `an object of namespace ${namespace} is attached to ${this.kind} "${this.name}" of namespace ${this.namespace}`,
        `put the object into namespace ${this.namespace}`);
    }
    return { group: this.group, kind: this.kind, name: this.name };
  }
}
