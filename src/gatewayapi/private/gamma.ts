import type { ServicePlan } from '../../core/plan';
import * as crd from '../crd';
import { consumerRules } from './consumer-routes';
import { emitConnectionRoutes, emitServiceRoutes } from './service-routes';

/** Writes what happens to calls of a service in routes that are bound to it. */
export function lowerGamma(service: ServicePlan, experimental: boolean): void {
  emitServiceRoutes(service, service.httpRules.filter((rule) => rule.clients === undefined), { experimental });
  for (const { namespace, rules } of consumerRules(service)) {
    emitServiceRoutes(service, rules, { experimental, namespace, suffix: `-${namespace}` });
  }
  emitConnectionRoutes(service);
  lowerTrafficPolicy(service);
}

/** Writes how many retries there may be in all. */
function lowerTrafficPolicy({ scope, serviceName, namespace, policy: { retryBudget } }: ServicePlan): void {
  if (!retryBudget) { return; }
  new crd.XBackendTrafficPolicy(scope, 'XBackendTrafficPolicy', {
    metadata: { name: serviceName, namespace },
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: serviceName }],
      retryConstraint: {
        budget: { percent: Math.round(retryBudget.share.toPercent()) },
        minRetryRate: retryBudget.minConcurrency === undefined ? undefined : { count: retryBudget.minConcurrency, interval: '1s' },
      },
    },
  });
}
