import type { Construct } from 'constructs';
import * as gateway from '../../../gatewayapi/crd';

/** What the Gateway of a waypoint says. */
export interface WaypointGateway {
  readonly name: string;
  readonly namespace: string;
  readonly traffic: string;
  /** Whether services of other namespaces may use it. */
  readonly shared: boolean;
}

/** Writes the Gateway that Istio makes a waypoint of. */
export function emitWaypoint(scope: Construct, id: string, { name, namespace, traffic, shared }: WaypointGateway): void {
  new gateway.Gateway(scope, id, {
    metadata: { name, namespace, labels: { 'istio.io/waypoint-for': traffic } },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{
        name: 'mesh',
        port: 15008,
        protocol: 'HBONE',
        allowedRoutes: shared ? { namespaces: { from: gateway.FromNamespaces.ALL } } : undefined,
      }],
    },
  });
}
