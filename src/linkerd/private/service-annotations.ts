import type { Duration } from 'cdk8s';
import { linkerdDuration, said } from './duration';
import { opaquePorts } from './enrolment';
import type { OutlierDetection } from '../../core/circuit-breaker';
import { LoadBalancingAlgorithm } from '../../core/load-balancing';
import type { ServicePlan } from '../../core/plan';
import { preferNear } from '../../gatewayapi/private/prefer-near';
import { fail } from '../../private/errors';
import { ExportMode } from '../service-export';

/** Says on the Service what every client's proxy must know of it: opaque ports and when endpoints are left alone. */
export function annotateService(service: ServicePlan, own: { readonly [key: string]: string } = {}): void {
  const { circuitBreaker, retryBudget, loadBalancing } = service.policy;
  const path = service.scope.node.scope?.node.path;
  if (retryBudget) {
    fail('MESH-E021', 'a retry budget needs retry.budget, which linkerd has in ServiceProfiles only', 'leave it out, or write a linkerd.ServiceProfile in place of routes', path);
  }
  if (loadBalancing?.algorithm === LoadBalancingAlgorithm.PASSTHROUGH) {
    fail('MESH-E021', 'passthrough needs lb.passthrough, which linkerd has for ports that go past the proxy only',
      'give clients linkerd.ProxySettings with skipOutboundPorts, which leaves out mutual TLS too', path);
  }
  const outliers = circuitBreaker?.outliers;
  const annotations = said({
    'config.linkerd.io/opaque-ports': opaquePorts(service, 'number'),
    'timeout.linkerd.io/idle': linkerdDuration(idleTimeout(service)),
    ...(outliers ? failureAccrual(outliers, path) : {}),
    ...own,
  });
  Object.entries(annotations).forEach(([key, text]) => service.serviceObject?.metadata.addAnnotation(key, text));
  preferNear(service);
}

/** Labels by which the mirror controllers of other clusters know a service. As annotations they would have no effect. */
const EXPORTS: { readonly [mode in ExportMode]: readonly [string, string] } = {
  [ExportMode.GATEWAY]: ['mirror.linkerd.io/exported', 'true'],
  [ExportMode.DIRECT]: ['mirror.linkerd.io/exported', 'remote-discovery'],
  [ExportMode.FEDERATED]: ['mirror.linkerd.io/federated', 'member'],
};

/** Lets other clusters call a service. */
export function labelExport({ serviceObject }: ServicePlan, mode: ExportMode | undefined): void {
  if (mode !== undefined) { serviceObject?.metadata.addLabel(...EXPORTS[mode]); }
}

/** Time in which nothing comes either way, after which a call ends. */
export function idleTimeout({ policy }: ServicePlan): Duration | undefined {
  return policy.circuitBreaker?.pool?.idleTimeout;
}

/** Failures in a row, in Linkerd's words. It knows penalties that grow, and no share of endpoints. */
function failureAccrual(outliers: OutlierDetection, path: string | undefined): { [key: string]: string | undefined } {
  const unknown = (['interval', 'maxEjection', 'minHealth'] as const).find((field) => outliers[field] !== undefined);
  if (unknown) {
    fail('MESH-E021', `${unknown} of a circuit breaker needs cb.outlier.ejection, of which linkerd knows only the time`,
      'leave it out, or set baseEjectionTime only', path);
  }
  return {
    'balancer.linkerd.io/failure-accrual': 'consecutive',
    'balancer.linkerd.io/failure-accrual-consecutive-max-failures': outliers.consecutiveServerErrors === undefined ? undefined : String(outliers.consecutiveServerErrors),
    'balancer.linkerd.io/failure-accrual-consecutive-min-penalty': linkerdDuration(outliers.baseEjectionTime),
  };
}
