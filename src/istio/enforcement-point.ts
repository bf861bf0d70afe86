import { EnvoyContext } from './envoy-patch-options';
import { PolicyTarget } from './policy-target';
import { IMeshService } from '../core/mesh-service';
import { Port } from '../core/port';
import { IGateway } from '../gatewayapi/gateway';
import { MeshedService } from '../patterns/meshed-service';
import { fail } from '../private/errors';
import { FilterPlace } from './private/filter-place';
import { IWaypoint } from './waypoint';
import { WorkloadSelector } from './workload-selector';

/**
 * The proxies at which something is enforced.
 */
export class EnforcementPoint {
  /**
   * The sidecars of a service, for requests to it.
   *
   * @param service the service
   * @param servicePort number of one Service port; all that carry requests unless given
   */
  public static service(service: MeshedService, servicePort?: number): EnforcementPoint {
    if ('dataPlane' in service.mesh && service.mesh.dataPlane === 'ambient') {
      fail('MESH-E031', `limits at the sidecars of ${service.serviceName}, which runs in an ambient mesh and has none`, 'use EnforcementPoint.waypoint()');
    }
    const ports = requestPorts(service, servicePort);
    return new EnforcementPoint({
      context: EnvoyContext.SIDECAR_INBOUND,
      workloads: WorkloadSelector.service(service),
      places: ports.map((port) => ({ listenerName: 'virtualInbound', portNumber: port.targetPort })),
    }, service.serviceNamespace);
  }

  /**
   * The sidecars of some pods, for requests to any of their ports.
   *
   * @param workloads the pods
   */
  public static workloads(workloads: WorkloadSelector): EnforcementPoint {
    return new EnforcementPoint({ context: EnvoyContext.SIDECAR_INBOUND, workloads, places: [{ listenerName: 'virtualInbound' }] }, workloads.namespace);
  }

  /**
   * A gateway of Istio, for all requests that come in by it. The object stands in the namespace of its pods.
   *
   * @param workloads the pods of the gateway
   */
  public static gateway(workloads: WorkloadSelector): EnforcementPoint {
    return new EnforcementPoint({ context: EnvoyContext.GATEWAY, workloads, places: [{}] }, workloads.namespace);
  }

  /**
   * A gateway of the Gateway API, for all requests that come in by it. The object stands in its namespace.
   *
   * @param gateway the gateway
   */
  public static gatewayApi(gateway: IGateway): EnforcementPoint {
    return new EnforcementPoint({ context: EnvoyContext.GATEWAY, targets: [PolicyTarget.gateway(gateway)], places: [{}] }, gateway.resourceNamespace);
  }

  /**
   * A gateway of the Gateway API that is only known by its name. The object stands in its namespace.
   *
   * @param name name of the Gateway
   */
  public static gatewayApiNamed(name: string): EnforcementPoint {
    return new EnforcementPoint({ context: EnvoyContext.GATEWAY, targets: [PolicyTarget.gatewayNamed(name)], places: [{}] }, undefined);
  }

  /**
   * A waypoint, for requests that go through it.
   *
   * @param waypoint the waypoint
   * @param service the service whose requests are meant; all unless given
   */
  public static waypoint(waypoint: IWaypoint, service?: IMeshService): EnforcementPoint {
    const chains = service ? requestPorts(service).map((port) => ({ chainName: `inbound-vip|${port.number}|http|${service.host}` })) : [{}];
    return new EnforcementPoint({
      // Istio patches waypoints as sidecars that take calls; of their listeners this one sees the requests.
      context: EnvoyContext.SIDECAR_INBOUND,
      targets: [PolicyTarget.waypoint(waypoint)],
      places: chains.map((chain) => ({ listenerName: 'main_internal', ...chain })),
    }, waypoint.waypointNamespace);
  }

  /** Namespace that objects for these proxies stand in; undefined when it is not known. */
  public readonly namespace?: string;
  /** @internal */
  public readonly _place: FilterPlace;

  private constructor(place: FilterPlace, namespace: string | undefined) {
    this._place = place;
    this.namespace = namespace;
  }
}

function requestPorts(service: IMeshService, wanted?: number): Port[] {
  const ports = service.servicePorts.filter((port) => port.carriesRequests && (wanted === undefined || port.number === wanted));
  if (ports.length === 0) {
    fail('MESH-E005', `${service.serviceName} has no port ${wanted ?? ''} that carries requests`.replace('port  that', 'port that'),
      'declare one with Port.http(), Port.http2() or Port.grpc()');
  }
  return ports;
}
