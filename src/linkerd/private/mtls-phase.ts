import { accessPolicy, emitPortServer } from './inbound';
import { AccessMode, MtlsMode } from '../../core/mesh';
import type { MtlsPlan, MtlsServicePlan } from '../../core/mtls-plan';

const DEFAULTS = { [MtlsMode.STRICT]: 'all-authenticated', [MtlsMode.PERMISSIVE]: 'all-unauthenticated', [MtlsMode.DISABLED]: 'all-unauthenticated' };

/**
 * Writes the Servers of one phase of a migration, which speak over every default, and says how the defaults of namespaces and of the mesh are set.
 * They hold for pods that are made from then on.
 */
export function lowerMtlsPhase({ scope, services, namespaces, meshMode }: MtlsPlan): string[] {
  for (const plan of services) {
    const { service } = plan;
    service.ports.forEach((port) => emitPortServer(scope, `Server-${service.namespace}-${service.serviceName}-${port.name}`, service, port, accessOf(plan)));
  }
  return [
    ...namespaces.map(({ namespace, mode }) => `kubectl annotate namespace ${namespace} config.linkerd.io/default-inbound-policy=${DEFAULTS[mode]} --overwrite`),
    ...(meshMode === undefined ? [] : [`linkerd upgrade --set proxy.defaultInboundPolicy=${DEFAULTS[meshMode]} | kubectl apply -f -`]),
  ];
}

function accessOf({ service, mode }: MtlsServicePlan): string {
  if (mode !== MtlsMode.STRICT) { return DEFAULTS[mode]; }
  return service.access === AccessMode.OPEN ? DEFAULTS[mode] : accessPolicy(service);
}
