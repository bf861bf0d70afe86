import { AccessMode, MtlsMode } from '../../mesh';
import { PeerKind } from '../../peer';
import type { InboundEdgePlan, ServicePlan } from '../../plan';
import { Feature, serviceFeature } from './feature';

const guarded = (service: ServicePlan): boolean => service.access === AccessMode.DECLARED || service.access === AccessMode.AUDIT;

/** What is left of a service that cannot be guarded: everybody may call. */
const open = (service: ServicePlan): ServicePlan => ({ ...service, access: AccessMode.OPEN });

/** What is left of a service when its mesh has no say in encryption. */
const noMtls = (service: ServicePlan): ServicePlan => ({ ...service, mtls: undefined });

/** A part of an edge that must be checked. Without the check the edge would be wider than declared, so the whole service is open then. */
function edgeFeature(capability: string, what: string, uses: (edge: InboundEdgePlan) => boolean): Feature {
  return serviceFeature(capability, what, (service) => guarded(service) && service.inbound.some(uses), open);
}

/** Whether an edge is about some ports of a service and not about others. */
function namesSomePorts({ ports }: ServicePlan, { access }: InboundEdgePlan): boolean {
  return access.servicePorts.length > 0 && ports.some((port) => !access.servicePorts.includes(port.number));
}

/** Features of identity, encryption and authorization. */
export const SECURITY: readonly Feature[] = [
  serviceFeature('mtls.strict', 'strict mutual TLS', (service) => service.mtls === MtlsMode.STRICT, noMtls),
  serviceFeature('mtls.permissive', 'permissive mutual TLS', (service) => service.mtls === MtlsMode.PERMISSIVE, noMtls),
  serviceFeature('mtls.disable', 'disabled mutual TLS', (service) => service.mtls === MtlsMode.DISABLED, noMtls),
  serviceFeature('authz.defaultDeny', 'access for declared callers only', (service) => service.access === AccessMode.DECLARED, open),
  edgeFeature('authz.identity', 'access by identity', ({ caller }) => caller.kind === PeerKind.SERVICE || caller.kind === PeerKind.IDENTITY),
  edgeFeature('authz.namespace', 'access by namespace', ({ caller }) => caller.kind === PeerKind.NAMESPACE),
  edgeFeature('authz.ip', 'access by address', ({ caller }) => caller.kind === PeerKind.ADDRESSES),
  serviceFeature('authz.port', 'access by port', (service) => guarded(service) && service.inbound.some((edge) => namesSomePorts(service, edge)), open),
  edgeFeature('authz.method', 'access by method', ({ access }) => access.methods.length > 0),
  edgeFeature('authz.path', 'access by path', ({ access }) => access.paths.length > 0),
  edgeFeature('authz.jwt', 'access by claim of a token', ({ access }) => access.claims.length > 0),
  serviceFeature('authn.jwt', 'tokens in requests', (service) => service.tokens.length > 0, (service) => ({ ...service, tokens: [] })),
  serviceFeature('authz.deny', 'a refused caller', (service) => service.refused.length > 0, (service) => ({ ...service, refused: [] })),
  serviceFeature('authz.audit', 'access that is only reported', (service) => service.access === AccessMode.AUDIT, open),
  edgeFeature('authz.header', 'access by header', ({ access }) => access.headers.length > 0),
  serviceFeature('sidecar.scope', 'an egress scope', (service) => service.egressScope, (service) => ({ ...service, egressScope: false })),
];
