import { said } from './duration';
import { AccessMode, MtlsMode } from '../../core/mesh';
import type { ServicePlan } from '../../core/plan';

/** What the proxies of a service do with calls on ports that no Server speaks of. */
export function defaultInboundPolicy({ access, mtls }: ServicePlan, mtlsInPhases: boolean): string {
  if (access === AccessMode.DECLARED) { return 'deny'; }
  if (access === AccessMode.AUDIT) { return 'audit'; }
  return mtls === MtlsMode.STRICT && !mtlsInPhases ? 'all-authenticated' : 'all-unauthenticated';
}

/**
 * Asks for a proxy in every pod and says what it does by default.
 *
 * @see https://linkerd.io/2/reference/proxy-configuration/
 */
export function enrolWorkloads(service: ServicePlan, mtlsInPhases: boolean): void {
  const annotations = said({
    'linkerd.io/inject': service.mtls === MtlsMode.DISABLED ? 'disabled' : 'enabled',
    'config.linkerd.io/default-inbound-policy': service.mtls === MtlsMode.DISABLED ? undefined : defaultInboundPolicy(service, mtlsInPhases),
    'config.linkerd.io/opaque-ports': opaquePorts(service, 'targetPort'),
  });
  service.workloads.forEach((workload) => workload.addPodAnnotations(annotations));
}

/** Ports whose traffic the proxies pass on unread. What is named here replaces the default list, so it is written even when it is empty of surprises. */
export function opaquePorts(service: ServicePlan, number: 'number' | 'targetPort'): string | undefined {
  const opaque = service.ports.filter((port) => !port.carriesRequests).map((port) => port[number]);
  return opaque.length === 0 ? undefined : [...new Set(opaque)].sort((a, b) => a - b).join(',');
}
