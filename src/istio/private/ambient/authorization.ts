import { Access } from '../../../core/access';
import { Identity } from '../../../core/identity';
import { AccessMode } from '../../../core/mesh';
import { PeerKind } from '../../../core/peer';
import type { InboundEdgePlan, ServicePlan } from '../../../core/plan';
import * as crd from '../../crd';
import { accessRules, lowerRefusals, lowerTokenCheck, policyMetadata, PolicyTarget, scrapeRules } from '../authorization';
import { lowerRequestAuthentication } from '../request-authentication';
import { lowerAuthorizer } from '../request-guards';
import type { WaypointUse } from './lower-ambient';
import { isDirect } from './needs-waypoint';

/** A service of an ambient mesh, and the waypoints that its calls pass. */
export interface WaypointUses {
  /** The one of the service itself; undefined when it has none. */
  readonly own?: WaypointUse;
  /** Those of services whose rules send calls here: these do not pass the service's own. */
  readonly others: readonly WaypointUse[];
}

/**
 * Writes who may call a service of an ambient mesh. Without a waypoint ztunnel checks callers and ports. With one, the waypoint checks the
 * calls by a policy that targets the Service, and ztunnel lets in the waypoint only: calls that go around it are refused. Calls that the
 * rules of another service send here were judged by the waypoint of that service, and come from there.
 */
export function lowerAmbientAuthorization(whole: ServicePlan, { own, others }: WaypointUses, trustDomain: string): void {
  const service = { ...whole, inbound: whole.inbound.filter(isDirect), refused: whole.refused.filter(isDirect) };
  const pods: PolicyTarget = { selector: { matchLabels: { ...service.podLabels } } };
  const target: PolicyTarget = own ? { targetRefs: [{ group: '', kind: 'Service', name: service.serviceName }] } : pods;
  const view = own ? 'service' : 'workload';
  lowerRequestAuthentication(service, target);
  lowerRefusals(service, target, view);
  lowerAuthorizer(service, target, view);
  if (service.access === AccessMode.OPEN) {
    lowerTokenCheck(service, target, view);
    return;
  }
  const sent = others.map((waypoint) => waypointEdge(waypoint, trustDomain));
  if (!own) {
    emit(service, '', pods, [...accessRules(service, [...service.inbound, ...sent], view), ...scrapeRules(service)]);
    return;
  }
  emit(service, '', target, accessRules(service, service.inbound.filter(({ gateway }) => !gateway), view));
  // No tokens are seen here.
  const gateways = service.inbound.filter(({ gateway }) => gateway).map((edge) => ({ ...edge, tokens: [] }));
  emit(service, '-waypoint', pods, [...accessRules(service, [waypointEdge(own, trustDomain), ...sent, ...gateways], 'workload'), ...scrapeRules(service)]);
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
  return { caller: { kind: PeerKind.IDENTITY, identity, namespace }, access: Access.all(), gateway: false, tokens: [] };
}
