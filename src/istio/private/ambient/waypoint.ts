import type { Construct } from 'constructs';
import * as gateway from '../../../gatewayapi/crd';
import { REVISION_LABEL } from '../control-plane/revision-tag';

/** What the Gateway of a waypoint says. */
export interface WaypointGateway {
  readonly name: string;
  readonly namespace: string;
  readonly traffic: string;
  /** Whether services of other namespaces may use it. */
  readonly shared: boolean;
  /** Revision, or revision tag, of the control plane that runs it. */
  readonly revision?: string;
}

/** Writes the Gateway that Istio makes a waypoint of. */
export function emitWaypoint(scope: Construct, id: string, { name, namespace, traffic, shared, revision }: WaypointGateway): void {
  new gateway.Gateway(scope, id, {
    metadata: { name, namespace, labels: { 'istio.io/waypoint-for': traffic, ...(revision === undefined ? {} : { [REVISION_LABEL]: revision }) } },
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
