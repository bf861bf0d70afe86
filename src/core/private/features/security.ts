import { Feature, serviceFeature } from './feature';
import type { AccessPart } from '../../access';
import { AccessMode, MtlsMode } from '../../mesh';
import { PeerKind } from '../../peer';
import type { InboundEdgePlan, ServicePlan } from '../../plan';

const guarded = (service: ServicePlan): boolean => service.access === AccessMode.DECLARED || service.access === AccessMode.AUDIT;

/** What is left of a service that cannot be guarded: everybody may call. */
const open = (service: ServicePlan): ServicePlan => ({ ...service, access: AccessMode.OPEN });

/** What is left of a service when its mesh has no say in encryption. */
const noMtls = (service: ServicePlan): ServicePlan => ({ ...service, mtls: undefined });

/** What is left of a service whose mesh knows no tokens. */
const withoutTokens = (service: ServicePlan): ServicePlan => ({ ...service, tokens: [], inbound: service.inbound.map((edge) => ({ ...edge, tokens: [] })) });

/** A way of knowing callers. Without it nobody could tell the declared ones from others, so that everybody may call then, and nobody is kept out. */
function callerFeature(capability: string, what: string, uses: (edge: InboundEdgePlan) => boolean): Feature {
  return serviceFeature(capability, what,
    (service) => (guarded(service) && service.inbound.some(uses)) || service.refused.some(uses),
    (service) => ({
      ...service,
      access: guarded(service) && service.inbound.some(uses) ? AccessMode.OPEN : service.access,
      refused: service.refused.filter((edge) => !uses(edge)),
    }));
}

/** A part of an edge that must be checked. Without the check callers may do more than was declared; nobody is kept out of more than that. */
function accessFeature(capability: string, what: string, uses: (edge: InboundEdgePlan, service: ServicePlan) => boolean, part: AccessPart): Feature {
  const checked = (service: ServicePlan) => (edge: InboundEdgePlan) => uses(edge, service);
  return serviceFeature(capability, what,
    (service) => (guarded(service) && service.inbound.some(checked(service))) || service.refused.some(checked(service)),
    (service) => ({
      ...service,
      inbound: service.inbound.map((edge) => (uses(edge, service) ? { ...edge, access: edge.access._without(part) } : edge)),
      refused: service.refused.filter((edge) => !uses(edge, service)),
    }));
}

/** Whether an edge is about some ports of a service and not about others. */
function namesSomePorts({ access }: InboundEdgePlan, { ports }: ServicePlan): boolean {
  return access.servicePorts.length > 0 && ports.some((port) => !access.servicePorts.includes(port.number));
}

/** Features of identity, encryption and authorization. */
export const SECURITY: readonly Feature[] = [
  serviceFeature('mtls.strict', 'strict mutual TLS', (service) => service.mtls === MtlsMode.STRICT, noMtls),
  serviceFeature('mtls.permissive', 'permissive mutual TLS', (service) => service.mtls === MtlsMode.PERMISSIVE, noMtls),
  serviceFeature('mtls.disable', 'disabled mutual TLS', (service) => service.mtls === MtlsMode.DISABLED, noMtls),
  serviceFeature('authz.defaultDeny', 'access for declared callers only', (service) => service.access === AccessMode.DECLARED, open),
  callerFeature('authz.identity', 'access by identity', ({ caller }) => caller.kind === PeerKind.SERVICE || caller.kind === PeerKind.IDENTITY),
  callerFeature('authz.namespace', 'access by namespace', ({ caller }) => caller.kind === PeerKind.NAMESPACE),
  callerFeature('authz.ip', 'access by address', ({ caller }) => caller.kind === PeerKind.ADDRESSES),
  accessFeature('authz.port', 'access by port', namesSomePorts, 'servicePorts'),
  accessFeature('authz.method', 'access by method', ({ access }) => access.methods.length > 0, 'methods'),
  accessFeature('authz.path', 'access by path', ({ access }) => access.paths.length > 0, 'paths'),
  accessFeature('authz.jwt', 'access by claim of a token', ({ access }) => access.claims.length > 0, 'claims'),
  serviceFeature('authn.jwt', 'tokens in requests', (service) => service.tokens.length > 0, withoutTokens),
  serviceFeature('authz.custom', 'a service that decides about requests', (service) => service.authorizer !== undefined, (service) => ({ ...service, authorizer: undefined })),
  serviceFeature('authz.deny', 'a refused caller', (service) => service.refused.length > 0, (service) => ({ ...service, refused: [] })),
  serviceFeature('authz.audit', 'access that is only reported', (service) => service.access === AccessMode.AUDIT, open),
  accessFeature('authz.header', 'access by header', ({ access }) => access.headers.length > 0, 'headers'),
  serviceFeature('sidecar.scope', 'an egress scope', (service) => service.egressScope, (service) => ({ ...service, egressScope: false })),
];
