import type { ConnectionPool, OutlierDetection } from '../../core/circuit-breaker';
import { LoadBalancingAlgorithm } from '../../core/load-balancing';
import { MtlsMode } from '../../core/mesh';
import type { Percent } from '../../core/percent';
import type { ServicePlan } from '../../core/plan';
import type { TrafficPolicy } from '../../core/traffic-policy';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { istioDuration } from './duration';

const SIMPLE: { readonly [algorithm in LoadBalancingAlgorithm]: crd.SimpleLB } = {
  [LoadBalancingAlgorithm.ROUND_ROBIN]: crd.SimpleLB.ROUND_ROBIN,
  [LoadBalancingAlgorithm.LEAST_REQUEST]: crd.SimpleLB.LEAST_REQUEST,
  [LoadBalancingAlgorithm.RANDOM]: crd.SimpleLB.RANDOM,
  [LoadBalancingAlgorithm.PASSTHROUGH]: crd.SimpleLB.PASSTHROUGH,
};

/** Writes a DestinationRule when there is something to say about subsets, balancing or limits. It stands before the routes that name its subsets. */
export function lowerDestinationRule(service: ServicePlan): void {
  const policy = {
    ...renderTrafficPolicy(service.policy),
    ...(service.mtls === MtlsMode.DISABLED ? { tls: { mode: crd.ClientTLSMode.DISABLE } } : {}),
  };
  const speaks = Object.keys(policy).length > 0;
  if (!speaks && service.subsets.length === 0) { return; }
  new crd.DestinationRule(service.scope, 'DestinationRule', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: {
      host: service.host,
      trafficPolicy: speaks ? policy : undefined,
      subsets: service.subsets.length > 0 ? service.subsets.map(({ subsetName, labels }) => ({ name: subsetName, labels })) : undefined,
    },
  });
}

/** Balancing and limits as Istio writes them; empty when nothing is said. */
export function renderTrafficPolicy(policy: TrafficPolicy): crd.TrafficPolicy {
  const { loadBalancing, circuitBreaker } = policy;
  return {
    ...(loadBalancing ? { loadBalancer: { simple: SIMPLE[loadBalancing.algorithm] } } : {}),
    ...(circuitBreaker?.pool ? { connectionPool: renderPool(circuitBreaker.pool) } : {}),
    ...(circuitBreaker?.outliers ? { outlierDetection: renderOutliers(circuitBreaker.outliers) } : {}),
  };
}

function renderPool(pool: ConnectionPool): crd.ConnectionPoolSettings {
  const tcp = defined<crd.TCPSettings>({
    maxConnections: pool.maxConnections,
    connectTimeout: istioDuration(pool.connectTimeout),
  });
  const http = defined<crd.HTTPSettings>({
    http1MaxPendingRequests: pool.maxPendingRequests,
    http2MaxRequests: pool.maxRequests,
    maxRequestsPerConnection: pool.maxRequestsPerConnection,
    maxRetries: pool.maxRetries,
    idleTimeout: istioDuration(pool.idleTimeout),
  });
  return { tcp, http };
}

function renderOutliers(outliers: OutlierDetection): crd.OutlierDetection {
  return {
    consecutive5xxErrors: outliers.consecutiveServerErrors,
    interval: istioDuration(outliers.interval),
    baseEjectionTime: istioDuration(outliers.baseEjectionTime),
    maxEjectionPercent: wholePercent('largest share to eject', outliers.maxEjection),
    minHealthPercent: wholePercent('smallest healthy share', outliers.minHealth),
  };
}

function wholePercent(what: string, percent: Percent | undefined): number | undefined {
  const amount = percent?.toPercent();
  if (amount !== undefined && !Number.isInteger(amount)) {
    fail('MESH-E006', `invalid ${what}, got ${amount} %`, 'Istio takes whole percentages here');
  }
  return amount;
}

function defined<T extends object>(fields: T): T | undefined {
  return Object.values(fields).some((field) => field !== undefined) ? fields : undefined;
}
