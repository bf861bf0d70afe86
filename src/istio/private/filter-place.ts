import type { EnvoyContext } from '../envoy-patch-options';
import type { PolicyTarget } from '../policy-target';
import type { WorkloadSelector } from '../workload-selector';

/** Where in which proxies a filter for requests is put. */
export interface FilterPlace {
  readonly context: EnvoyContext;
  readonly workloads?: WorkloadSelector;
  readonly targets?: readonly PolicyTarget[];
  /** Listeners and their chains; the filter is put into each. */
  readonly places: readonly { readonly listenerName?: string; readonly portNumber?: number; readonly chainName?: string }[];
}
