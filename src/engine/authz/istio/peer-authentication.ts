import type { MtlsMode, PeerAuthentication } from '../../model/istio/policies';
import { orderIsKnown } from '../../model/order';

/** The mutual TLS mode of a workload and the policy that sets it. */
export interface EffectiveMtls {
  readonly mode: MtlsMode;
  /** The policy that the mode comes from; absent for Istio's default, PERMISSIVE. */
  readonly policy?: PeerAuthentication;
  /** Policies of equal rank whose order of creation decides and is not known. */
  readonly tied: readonly PeerAuthentication[];
}

/**
 * The mutual TLS modes of a workload from the policies that apply to it.
 *
 * Mesh, namespace and workload policies override each other in this order; of several in one rank the oldest counts.
 * Port levels are taken from the workload policy only, by port of the workload.
 */
export class WorkloadMtls {
  /** The oldest policy that selects the workload. */
  readonly workload?: PeerAuthentication;
  /** The mode without that policy. */
  readonly inherited: MtlsMode = 'PERMISSIVE';
  private readonly base: EffectiveMtls;

  constructor(rootNamespace: string, policies: readonly PeerAuthentication[]) {
    const whole = (item: PeerAuthentication): boolean => Object.keys(item.selector).length === 0;
    const inRoot = (item: PeerAuthentication): boolean => item.resource.namespace === rootNamespace;
    const ranks = [
      policies.filter(item => whole(item) && inRoot(item)),
      policies.filter(item => whole(item) && !inRoot(item)),
      // A policy of the root namespace that selects workloads is none: it applies nowhere.
      policies.filter(item => !whole(item) && !inRoot(item)),
    ];
    let effective: EffectiveMtls = { mode: 'PERMISSIVE', tied: [] };
    for (const [index, rank] of ranks.entries()) {
      if (index === 2) this.inherited = effective.mode;
      const oldest = rank[0];
      if (!oldest) continue;
      const tied = rank.slice(1).filter(other => !orderIsKnown(oldest.resource, other.resource) && differs(oldest, other));
      effective = oldest.mode
        ? { mode: oldest.mode, policy: oldest, tied: tied.length > 0 ? [oldest, ...tied] : [] }
        : { ...effective, tied: tied.length > 0 ? [oldest, ...tied] : effective.tied };
    }
    this.base = effective;
    this.workload = ranks[2][0];
  }

  /** The mode of a port of the workload. */
  forPort(port: number): EffectiveMtls {
    const policy = this.workload;
    if (!policy?.portLevel.has(port)) return this.base;
    const mode = policy.portLevel.get(port);
    return mode ? { mode, policy, tied: this.base.tied } : this.base;
  }
}

function differs(a: PeerAuthentication, b: PeerAuthentication): boolean {
  return a.mode !== b.mode || [...a.portLevel, ...b.portLevel].some(([port]) => a.portLevel.get(port) !== b.portLevel.get(port));
}

/**
 * The mode that clients assume of a service: only policies of the mesh and of the service's namespace count.
 *
 * @param policies all PeerAuthentications, oldest first
 */
export function assumedMtls(rootNamespace: string, namespace: string, policies: readonly PeerAuthentication[]): MtlsMode {
  const whole = (owner: string): PeerAuthentication | undefined =>
    policies.find(item => item.resource.namespace === owner && Object.keys(item.selector).length === 0);
  const mesh = whole(rootNamespace)?.mode ?? 'PERMISSIVE';
  return (namespace === rootNamespace ? undefined : whole(namespace)?.mode) ?? mesh;
}
