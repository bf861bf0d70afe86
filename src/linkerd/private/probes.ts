import type { ServicePlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { probesOf } from '../../core/private/probes';

/** Requests by which the kubelet asks for the health of a pod. */
export interface ProbeRequests {
  /** Paths of HTTP probes. */
  readonly paths: readonly string[];
  /** Whether there are gRPC probes. */
  readonly grpc: boolean;
}

/** The probes of a service's pods that come in by one of its ports. */
export function probesOn(service: ServicePlan, port: Port): ProbeRequests {
  const probes = probesOf(service.workloads).filter((probed) => probed.port === port.targetPort).map(({ probe }) => probe);
  return {
    paths: [...new Set(probes.flatMap((probe) => (probe.httpGet ? [probe.httpGet.path ?? '/'] : [])))].sort(),
    grpc: probes.some((probe) => probe.grpc !== undefined),
  };
}
