import type { ConnectionPool, OutlierDetection } from '../../core/circuit-breaker';
import { HashKey, HashKeyKind } from '../../core/hash-key';
import { HashTable, LoadBalancing, LoadBalancingAlgorithm } from '../../core/load-balancing';
import type { Locality } from '../../core/locality';
import type { Percent } from '../../core/percent';
import type { TrafficPolicy } from '../../core/traffic-policy';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { istioDuration } from './duration';

const SIMPLE: { readonly [algorithm in LoadBalancingAlgorithm]: crd.SimpleLB | undefined } = {
  [LoadBalancingAlgorithm.ROUND_ROBIN]: crd.SimpleLB.ROUND_ROBIN,
  [LoadBalancingAlgorithm.LEAST_REQUEST]: crd.SimpleLB.LEAST_REQUEST,
  [LoadBalancingAlgorithm.RANDOM]: crd.SimpleLB.RANDOM,
  [LoadBalancingAlgorithm.PASSTHROUGH]: crd.SimpleLB.PASSTHROUGH,
  [LoadBalancingAlgorithm.CONSISTENT_HASH]: undefined,
};

/** Balancing and limits as Istio writes them; empty when nothing is said. */
export function renderTrafficPolicy(policy: TrafficPolicy): crd.TrafficPolicy {
  const { circuitBreaker, retryBudget, locality } = policy;
  const loadBalancer = renderLoadBalancer(policy);
  if (locality && !circuitBreaker?.outliers && locality.shares.length === 0) {
    fail('MESH-E027', 'a preference for places without a circuit breaker that notices failing endpoints, which Istio then ignores',
      'add circuitBreaker: CircuitBreaker.consecutiveErrors(5)');
  }
  return {
    ...(loadBalancer ? { loadBalancer } : {}),
    ...(circuitBreaker?.pool ? { connectionPool: renderPool(circuitBreaker.pool) } : {}),
    ...(circuitBreaker?.outliers ? { outlierDetection: renderOutliers(circuitBreaker.outliers) } : {}),
    ...(retryBudget ? { retryBudget: { percent: retryBudget.share.toPercent(), minRetryConcurrency: retryBudget.minConcurrency } } : {}),
  };
}

function renderLoadBalancer({ loadBalancing, locality, warmUp }: TrafficPolicy): crd.LoadBalancerSettings | undefined {
  if (!loadBalancing && !locality && !warmUp) { return undefined; }
  return {
    simple: loadBalancing && SIMPLE[loadBalancing.algorithm],
    consistentHash: loadBalancing?.hashKey && renderHash(loadBalancing.hashKey, loadBalancing),
    localityLbSetting: locality && renderLocality(locality),
    warmup: warmUp && { duration: istioDuration(warmUp) },
  };
}

function renderHash(key: HashKey, { hashTable }: LoadBalancing): crd.ConsistentHashLB {
  const table: crd.ConsistentHashLB = hashTable === HashTable.MAGLEV ? { maglev: {} } : {};
  switch (key.kind) {
    case HashKeyKind.HEADER: return { httpHeaderName: key.name, ...table };
    case HashKeyKind.COOKIE: return { httpCookie: { name: key.name, ttl: istioDuration(key.ttl) ?? '0s', path: key.path }, ...table };
    case HashKeyKind.SOURCE_IP: return { useSourceIp: true, ...table };
    case HashKeyKind.QUERY: return { httpQueryParameterName: key.name, ...table };
  }
}

function renderLocality(locality: Locality): crd.LocalityLoadBalancerSetting {
  const failover = Object.entries(locality.failoverRegions).map(([from, to]) => ({ from, to })).sort(byText((pair) => pair.from));
  const distribute = locality.shares.map(({ origin, shares }) => ({
    from: origin,
    to: Object.fromEntries(Object.entries(shares).map(([place, weight]) => [place, weight.toNumber()])),
  })).sort(byText((share) => share.from));
  return {
    enabled: true,
    distribute: distribute.length > 0 ? distribute : undefined,
    failover: failover.length > 0 ? failover : undefined,
    failoverPriority: locality.priorityLabels.length > 0 ? [...locality.priorityLabels] : undefined,
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
