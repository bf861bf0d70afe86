import { Access } from '../../../core/access';
import { Identity } from '../../../core/identity';
import { AccessMode } from '../../../core/mesh';
import { PeerKind } from '../../../core/peer';
import type { InboundEdgePlan, ServicePlan } from '../../../core/plan';
import * as crd from '../../crd';
import { accessRules, scrapeRules } from '../authorization';
import type { WaypointUse } from './lower-ambient';

/**
 * Writes who may call a service of an ambient mesh. Without a waypoint ztunnel checks callers and ports. With one, the waypoint checks the
 * calls by a policy that targets the Service, and ztunnel lets in the waypoint only: calls that go around it are refused.
 */
export function lowerAmbientAuthorization(service: ServicePlan, waypoint: WaypointUse | undefined, trustDomain: string): void {
  if (service.access !== AccessMode.DECLARED) { return; }
  const gateways = service.inbound.filter(({ gateway }) => gateway);
  if (!waypoint) {
    emitWorkloadPolicy(service, [...accessRules(service, service.inbound, 'workload'), ...scrapeRules(service)]);
    return;
  }
  const callers = service.inbound.filter(({ gateway }) => !gateway);
  new crd.AuthorizationPolicy(service.scope, 'AuthorizationPolicy', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: {
      action: crd.AuthorizationPolicyAction.ALLOW,
      targetRefs: [{ group: '', kind: 'Service', name: service.serviceName }],
      rules: callers.length > 0 ? accessRules(service, callers, 'service') : undefined,
    },
  });
  const through: InboundEdgePlan[] = [waypointEdge(waypoint, trustDomain), ...gateways];
  emitWorkloadPolicy(service, [...accessRules(service, through, 'workload'), ...scrapeRules(service)], '-waypoint');
}

function emitWorkloadPolicy(service: ServicePlan, rules: crd.Rule[], suffix: string = ''): void {
  new crd.AuthorizationPolicy(service.scope, `AuthorizationPolicy${suffix ? '-Workload' : ''}`, {
    metadata: { name: `${service.serviceName}${suffix}`, namespace: service.namespace },
    spec: {
      action: crd.AuthorizationPolicyAction.ALLOW,
      selector: { matchLabels: { ...service.podLabels } },
      rules: rules.length > 0 ? rules : undefined,
    },
  });
}

/** To ztunnel every call that a waypoint passed on comes from the waypoint. */
function waypointEdge({ name, namespace }: WaypointUse, trustDomain: string): InboundEdgePlan {
  const identity = Identity.serviceAccount(namespace, name, trustDomain);
  return { caller: { kind: PeerKind.IDENTITY, identity, namespace }, access: Access.all(), gateway: false };
}
