import { linkerdDuration, said } from './duration';
import { opaquePorts } from './enrolment';
import type { OutlierDetection } from '../../core/circuit-breaker';
import type { ServicePlan } from '../../core/plan';
import { fail } from '../../private/errors';

/** Says on the Service what every client's proxy must know of it: opaque ports and when endpoints are left alone. */
export function annotateService(service: ServicePlan): void {
  const outliers = service.policy.circuitBreaker?.outliers;
  const annotations = said({
    'config.linkerd.io/opaque-ports': opaquePorts(service, 'number'),
    ...(outliers ? failureAccrual(outliers, service.scope.node.scope?.node.path) : {}),
  });
  Object.entries(annotations).forEach(([key, text]) => service.serviceObject?.metadata.addAnnotation(key, text));
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
