import { onlyPort } from './protocol';
import { MetricsMode } from '../../core/metrics';
import type { ServicePlan } from '../../core/plan';
import type { Workload } from '../../core/workload';
import { fail } from '../../private/errors';

const PREFIX = 'consul.hashicorp.com';

/**
 * Asks for a proxy in every pod and registers the pods under the name of the service.
 *
 * @see https://developer.hashicorp.com/consul/docs/k8s/annotations-and-labels
 */
export function enrolWorkloads(service: ServicePlan): void {
  const path = service.scope.node.scope?.node.path;
  if (service.identity.serviceAccountName !== service.serviceName) {
    fail('MESH-E011', `service "${service.serviceName}" runs under ServiceAccount "${service.identity.serviceAccountName}", and Consul takes the name of the account for the name of the service`,
      'give both the same name', path);
  }
  for (const workload of service.workloads) {
    workload.addPodAnnotations({
      [`${PREFIX}/connect-inject`]: 'true',
      [`${PREFIX}/transparent-proxy-overwrite-probes`]: 'true',
      ...(service.ports.length > 0 ? { [`${PREFIX}/connect-service-port`]: String(onlyPort(service).targetPort) } : {}),
      ...metaAnnotations(service, workload, path),
      ...metricsAnnotations(service),
    });
  }
}

/** Labels that tell subsets apart become metadata of the registered instances, which is what Consul tells them apart by. */
function metaAnnotations({ subsets }: ServicePlan, workload: Workload, path: string | undefined): { [key: string]: string } {
  const keys = [...new Set(subsets.flatMap((subset) => Object.keys(subset.labels)))];
  const odd = keys.find((key) => !/^[A-Za-z0-9_-]+$/.test(key));
  if (odd !== undefined) {
    fail('MESH-E001', `a subset told apart by label ${odd}, which cannot be metadata in Consul`, 'use a label of letters, digits, dashes and underscores, such as "version"', path);
  }
  const labels = workload.podLabels;
  return Object.fromEntries(keys.filter((key) => labels[key] !== undefined).map((key) => [`${PREFIX}/service-meta-${key}`, labels[key]]));
}

function metricsAnnotations({ metrics }: ServicePlan): { [key: string]: string } {
  if (metrics === undefined) { return {}; }
  if (metrics.mode === MetricsMode.DIRECT) { return { [`${PREFIX}/transparent-proxy-exclude-inbound-ports`]: String(metrics.containerPort) }; }
  return {
    [`${PREFIX}/enable-metrics`]: 'true',
    [`${PREFIX}/enable-metrics-merging`]: 'true',
    [`${PREFIX}/service-metrics-port`]: String(metrics.containerPort),
    [`${PREFIX}/service-metrics-path`]: metrics.path,
  };
}
