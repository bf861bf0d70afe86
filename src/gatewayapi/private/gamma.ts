import { HashKey, HashKeyKind } from '../../core/hash-key';
import type { ServicePlan } from '../../core/plan';
import * as crd from '../crd';
import { consumerRules } from './consumer-routes';
import { gatewayDuration } from './http-route';
import { preferNear } from './prefer-near';
import { emitConnectionRoutes, emitServiceRoutes } from './service-routes';

/** Writes what happens to calls of a service in routes that are bound to it. */
export function lowerGamma(service: ServicePlan, experimental: boolean): void {
  emitServiceRoutes(service, service.httpRules.filter((rule) => rule.clients === undefined), { experimental });
  for (const { namespace, rules } of consumerRules(service)) {
    emitServiceRoutes(service, rules, { experimental, namespace, suffix: `-${namespace}` });
  }
  emitConnectionRoutes(service);
  lowerTrafficPolicy(service);
  preferNear(service);
}

/** Writes how many retries there may be in all, and what keeps a client with one endpoint. */
function lowerTrafficPolicy({ scope, serviceName, namespace, policy: { retryBudget, loadBalancing } }: ServicePlan): void {
  const cookie = loadBalancing?.hashKey?.kind === HashKeyKind.COOKIE ? loadBalancing.hashKey : undefined;
  if (!retryBudget && !cookie) { return; }
  new crd.XBackendTrafficPolicy(scope, 'XBackendTrafficPolicy', {
    metadata: { name: serviceName, namespace },
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: serviceName }],
      retryConstraint: retryBudget && {
        budget: { percent: Math.round(retryBudget.share.toPercent()) },
        minRetryRate: retryBudget.minConcurrency === undefined ? undefined : { count: retryBudget.minConcurrency, interval: '1s' },
      },
      sessionPersistence: cookie && renderCookie(cookie),
    },
  });
}

function renderCookie({ name, path, ttl }: HashKey): crd.SessionPersistence {
  return {
    type: crd.SessionPersistenceType.COOKIE,
    absoluteTimeout: gatewayDuration(ttl),
    cookie: { name, path, lifetimeType: ttl ? crd.CookieLifetimeType.PERMANENT : undefined },
  };
}
