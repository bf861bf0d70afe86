import type { Construct } from 'constructs';
import { MtlsMode } from '../../core/mesh';
import { MetricsMode } from '../../core/metrics';
import type { MtlsPlan } from '../../core/mtls-plan';
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
  if (plan.mtlsInPhases) { return; }
  if (rootNamespace !== undefined) {
    emitGeneral(plan.scope, 'PeerAuthentication', rootNamespace, mode);
  } else {
    // Beside the first service of its namespace, so that it is written to the chart of the namespace.
    const first = new Map([...plan.services].reverse().map((service) => [service.namespace, service.scope]));
    plan.namespaces.forEach(({ namespace, scope }) => first.set(namespace, first.get(namespace) ?? scope));
    first.forEach((scope, namespace) => emitGeneral(scope, 'PeerAuthentication-Namespace', namespace, mode));
  }
  plan.services.forEach((service) => lowerService(service.scope, 'PeerAuthentication', service, service.mtls ?? mode, (service.mtls ?? mode) !== mode));
}

/** Writes the modes of one phase of a migration. */
export function lowerMtlsPhase({ scope, services, namespaces, meshMode }: MtlsPlan, rootNamespace: string): void {
  if (meshMode !== undefined) { emitGeneral(scope, 'PeerAuthentication', rootNamespace, meshMode); }
  namespaces.forEach(({ namespace, mode }) => emitGeneral(scope, `PeerAuthentication-${namespace}`, namespace, mode));
  services.forEach(({ service, mode, ownMode }) => lowerService(scope, `PeerAuthentication-${service.namespace}-${service.serviceName}`, service, mode, ownMode));
}

function lowerService(scope: Construct, id: string, service: ServicePlan, mode: MtlsMode, ownMode: boolean): void {
  const openPort = mode === MtlsMode.STRICT && service.metrics?.mode === MetricsMode.DIRECT ? service.metrics.containerPort : undefined;
  if (!ownMode && openPort === undefined) { return; }
  emit(scope, id, service.serviceName, service.namespace, {
    selector: { matchLabels: { ...service.podLabels } },
    mtls: { mode: MTLS_MODES[mode] },
    portLevelMtls: openPort === undefined ? undefined : { [String(openPort)]: { mode: crd.MutualTLSMode.PERMISSIVE } },
  });
}

function emitGeneral(scope: Construct, id: string, namespace: string, mode: MtlsMode): void {
  emit(scope, id, 'default', namespace, { mtls: { mode: MTLS_MODES[mode] } });
}

function emit(scope: Construct, id: string, name: string, namespace: string, spec: crd.PeerAuthenticationSpec): void {
  new crd.PeerAuthentication(scope, id, { metadata: { name, namespace }, spec });
}
