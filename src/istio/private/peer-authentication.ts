import type { Construct } from 'constructs';
import { MtlsMode } from '../../core/mesh';
import { MetricsMode } from '../../core/metrics';
import type { MeshPlan, ServicePlan } from '../../core/plan';
import { compareText } from '../../private/compare';
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
  const namespaces = rootNamespace === undefined ? plan.services.map((service) => service.namespace) : [rootNamespace];
  for (const namespace of [...new Set(namespaces)].sort(compareText)) {
    emit(plan.scope, `PeerAuthentication-${namespace}`, 'default', namespace, { mtls: { mode: MTLS_MODES[mode] } });
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
