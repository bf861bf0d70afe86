import type { Workload } from '../workload';

/** How the kubelet asks for the health of a container. */
export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: number | string };
  readonly tcpSocket?: { readonly port: number | string };
  readonly grpc?: { readonly port: number };
}

/** A probe that comes in by a port. */
export interface ProbedPort {
  readonly port: number;
  readonly probe: Probe;
}

interface Container {
  readonly ports?: readonly { readonly containerPort: number; readonly name?: string }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

/** The probes of some workloads that come in by a port, with its number. */
export function probesOf(workloads: readonly Workload[]): ProbedPort[] {
  const containers = workloads.flatMap((workload) => ((workload.podTemplate() as { spec?: { containers?: readonly Container[] } }).spec?.containers ?? []));
  return containers.flatMap((container) => [container.livenessProbe, container.readinessProbe, container.startupProbe].flatMap((probe) => {
    const wanted = probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port;
    const port = typeof wanted === 'string' ? container.ports?.find((candidate) => candidate.name === wanted)?.containerPort : wanted;
    return probe === undefined || port === undefined ? [] : [{ port, probe }];
  }));
}
