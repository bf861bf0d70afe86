import type { WaypointUse } from './lower-ambient';
import { AccessMode } from '../../../core/mesh';
import { PeerKind } from '../../../core/peer';
import type { ExternalPlan } from '../../../core/plan';
import { Protocol } from '../../../core/protocol';
import { fail } from '../../../private/errors';
import * as crd from '../../crd';
import { renderCallers } from '../authorization';
import { lowerExternal } from '../egress/external';

/** Whether anything about a service outside of the mesh is done by a waypoint: ztunnel passes calls on as they are. */
export function externalNeedsWaypoint({ egressGateway, httpRules, originateTls, policy }: ExternalPlan): boolean {
  const { loadBalancing, circuitBreaker, locality, retryBudget, warmUp } = policy;
  return egressGateway !== undefined || httpRules.length > 0 || originateTls
    || [loadBalancing, circuitBreaker, locality, retryBudget, warmUp].some((setting) => setting !== undefined);
}

/** Makes a service outside of an ambient mesh known, and lets the declared callers out by its waypoint. */
export function lowerAmbientExternal(external: ExternalPlan, waypoint: WaypointUse | undefined): void {
  const path = external.scope.node.scope?.node.path;
  if (external.egressGateway && Object.values(external.egressGateway.options).some((option) => option !== undefined)) {
    fail('MESH-E031', 'a shared egress gateway in an ambient mesh, in which calls leave by waypoints',
      'use EgressGateway.ofMesh(), and choose the waypoint with useWaypoint() of the mesh', path);
  }
  const wildcard = external.hosts.find((host) => host.startsWith('*'));
  const odd = external.ports.find((port) => !port.carriesRequests && port.protocol !== Protocol.TLS);
  if (waypoint && wildcard !== undefined && external.endpoints.length === 0 && odd) {
    fail('MESH-E031', `port ${odd.toString()} of ${wildcard} by way of a waypoint, which asks DNS for the name of each request or TLS connection`, 'declare the port with Port.http() or Port.tls()', path);
  }
  lowerExternal(external, { waypoint });
  if (waypoint) { guard(external); }
}

/** Lets the declared callers out, where only those may call. */
function guard({ scope, serviceName, namespace, inbound, access, egressGateway }: ExternalPlan): void {
  if (!egressGateway || access === AccessMode.OPEN || inbound.length === 0) { return; }
  const callers = inbound.map(({ caller }) => caller);
  new crd.AuthorizationPolicy(scope, 'AuthorizationPolicy', {
    metadata: { name: `${serviceName}-egress`, namespace, annotations: access === AccessMode.AUDIT ? { 'istio.io/dry-run': 'true' } : undefined },
    spec: {
      action: crd.AuthorizationPolicyAction.ALLOW,
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: serviceName }],
      rules: [{ from: callers.some(({ kind }) => kind === PeerKind.ANYONE) ? undefined : renderCallers(callers, undefined) }],
    },
  });
}
