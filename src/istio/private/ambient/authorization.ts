import { Access } from '../../../core/access';
import { Identity } from '../../../core/identity';
import { AccessMode } from '../../../core/mesh';
import { PeerKind } from '../../../core/peer';
import type { InboundEdgePlan, ServicePlan } from '../../../core/plan';
import * as crd from '../../crd';
import { accessRules, lowerRefusals, lowerTokenCheck, policyMetadata, PolicyTarget, scrapeRules } from '../authorization';
import { lowerRequestAuthentication } from '../request-authentication';
import type { WaypointUse } from './lower-ambient';

/**
 * Writes who may call a service of an ambient mesh. Without a waypoint ztunnel checks callers and ports. With one, the waypoint checks the
 * calls by a policy that targets the Service, and ztunnel lets in the waypoint only: calls that go around it are refused.
 */
export function lowerAmbientAuthorization(service: ServicePlan, waypoint: WaypointUse | undefined, trustDomain: string): void {
  const pods: PolicyTarget = { selector: { matchLabels: { ...service.podLabels } } };
  const target: PolicyTarget = waypoint ? { targetRefs: [{ group: '', kind: 'Service', name: service.serviceName }] } : pods;
  const view = waypoint ? 'service' : 'workload';
  lowerRequestAuthentication(service, target);
  lowerRefusals(service, target, view);
  if (service.access === AccessMode.OPEN) {
    lowerTokenCheck(service, target, view);
    return;
  }
  if (!waypoint) {
    emit(service, '', pods, [...accessRules(service, service.inbound, view), ...scrapeRules(service)]);
    return;
  }
  emit(service, '', target, accessRules(service, service.inbound.filter(({ gateway }) => !gateway), view));
  const around: InboundEdgePlan[] = [waypointEdge(waypoint, trustDomain), ...service.inbound.filter(({ gateway }) => gateway)];
  emit(service, '-waypoint', pods, [...accessRules({ ...service, tokens: [] }, around, 'workload'), ...scrapeRules(service)]);
}

function emit(service: ServicePlan, suffix: string, target: PolicyTarget, rules: crd.Rule[]): void {
  new crd.AuthorizationPolicy(service.scope, `AuthorizationPolicy${suffix}`, {
    metadata: policyMetadata(service, suffix),
    spec: { action: crd.AuthorizationPolicyAction.ALLOW, ...target, rules: rules.length > 0 ? rules : undefined },
  });
}

/** To ztunnel every call that a waypoint passed on comes from the waypoint. */
function waypointEdge({ name, namespace }: WaypointUse, trustDomain: string): InboundEdgePlan {
  const identity = Identity.serviceAccount(namespace, name, trustDomain);
  return { caller: { kind: PeerKind.IDENTITY, identity, namespace }, access: Access.all(), gateway: false };
}
