import type { ServicePlan } from '../../core/plan';
import type { Port } from '../../core/port';

/** Requests by which the kubelet asks for the health of a pod. */
export interface ProbeRequests {
  /** Paths of HTTP probes. */
  readonly paths: readonly string[];
  /** Whether there are gRPC probes. */
  readonly grpc: boolean;
}

interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: number | string };
  readonly grpc?: { readonly port: number };
}

interface Container {
  readonly ports?: readonly { readonly containerPort: number; readonly name?: string }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

/** The probes of a service's pods that come in by one of its ports. */
export function probesOn(service: ServicePlan, port: Port): ProbeRequests {
  const containers = service.workloads.flatMap((workload) => ((workload.podTemplate() as { spec?: { containers?: readonly Container[] } }).spec?.containers ?? []));
  const probes = containers.flatMap((container) => [container.livenessProbe, container.readinessProbe, container.startupProbe].flatMap((probe) => {
    if (probe === undefined) { return []; }
    const wanted = probe.httpGet?.port ?? probe.grpc?.port;
    const number = typeof wanted === 'string' ? container.ports?.find((candidate) => candidate.name === wanted)?.containerPort : wanted;
    return number === port.targetPort ? [probe] : [];
  }));
  return {
    paths: [...new Set(probes.flatMap((probe) => (probe.httpGet ? [probe.httpGet.path ?? '/'] : [])))].sort(),
    grpc: probes.some((probe) => probe.grpc !== undefined),
  };
}
