import type { Construct } from 'constructs';
import { MtlsMode } from '../../core/mesh';
import { MetricsMode } from '../../core/metrics';
import type { MeshPlan, ServicePlan } from '../../core/plan';
import * as crd from '../crd';

/** Modes in Istio's words. */
export const MTLS_MODES: { readonly [mode in MtlsMode]: crd.MutualTLSMode } = {
  [MtlsMode.STRICT]: crd.MutualTLSMode.STRICT,
  [MtlsMode.PERMISSIVE]: crd.MutualTLSMode.PERMISSIVE,
  [MtlsMode.DISABLED]: crd.MutualTLSMode.DISABLE,
};

/**
 * Writes the mutual TLS mode: one policy named `default` for each namespace (or for the mesh), and one for each service that differs
 * from it or whose metrics are read without mutual TLS.
 */
export function lowerPeerAuthentication(plan: MeshPlan, mode: MtlsMode, rootNamespace: string | undefined): void {
  const general = { mtls: { mode: MTLS_MODES[mode] } };
  if (rootNamespace !== undefined) {
    emit(plan.scope, 'PeerAuthentication', 'default', rootNamespace, general);
  } else {
    // Beside the first service of its namespace, so that it is written to the chart of the namespace.
    const first = new Map([...plan.services].reverse().map((service) => [service.namespace, service.scope]));
    first.forEach((scope, namespace) => emit(scope, 'PeerAuthentication-Namespace', 'default', namespace, general));
  }
  plan.services.forEach((service) => lowerService(service, mode));
}

function lowerService(service: ServicePlan, general: MtlsMode): void {
  const own = service.mtls ?? general;
  const openPort = own === MtlsMode.STRICT && service.metrics?.mode === MetricsMode.DIRECT ? service.metrics.containerPort : undefined;
  if (own === general && openPort === undefined) { return; }
  emit(service.scope, 'PeerAuthentication', service.serviceName, service.namespace, {
    selector: { matchLabels: { ...service.podLabels } },
    mtls: { mode: MTLS_MODES[own] },
    portLevelMtls: openPort === undefined ? undefined : { [String(openPort)]: { mode: crd.MutualTLSMode.PERMISSIVE } },
  });
}

function emit(scope: Construct, id: string, name: string, namespace: string, spec: crd.PeerAuthenticationSpec): void {
  new crd.PeerAuthentication(scope, id, { metadata: { name, namespace }, spec });
}
