import { Metrics, MetricsMode } from '../../core/metrics';
import type { ServicePlan } from '../../core/plan';
import type { Workload } from '../../core/workload';

/** Kinds whose pods end by themselves: the proxy must end with them. */
const ENDING_KINDS = ['Job', 'CronJob'];

/**
 * Asks for a proxy beside every pod, and lets the kubelet's probes go through the agent, which is reachable without mutual TLS.
 *
 * @see https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/
 */
export function enrolWorkload(workload: Workload, service: ServicePlan, revision: string | undefined): void {
  workload.addPodLabels(revision === undefined ? { 'sidecar.istio.io/inject': 'true' } : { 'istio.io/rev': revision });
  const annotations: { [key: string]: string } = { 'sidecar.istio.io/rewriteAppHTTPProbers': 'true' };
  if (ENDING_KINDS.includes(workload.apiObject?.kind ?? '')) {
    annotations['sidecar.istio.io/nativeSidecar'] = 'true';
  }
  workload.addPodAnnotations({ ...annotations, ...scrapeAnnotations(service.metrics) });
}

/** The agent reads these, fetches the application's metrics by itself and serves them with those of the proxy. */
function scrapeAnnotations(metrics: Metrics | undefined): { [key: string]: string } {
  if (metrics?.mode !== MetricsMode.MERGED) { return {}; }
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(metrics.containerPort),
    'prometheus.io/path': metrics.path,
  };
}
