import { Feature, policyFeature } from './feature';
import { CircuitBreaker, ConnectionPool, OutlierDetection } from '../../circuit-breaker';
import { HashKeyKind } from '../../hash-key';
import { HashTable, LoadBalancing, LoadBalancingAlgorithm } from '../../load-balancing';
import { RetryOn, RetryOptions } from '../../retry';
import type { TrafficPolicy } from '../../traffic-policy';

/** The policy with its retries changed; without any condition left there are none. */
function changeRetries(policy: TrafficPolicy, change: RetryOptions): TrafficPolicy {
  const { conditions, statusCodes } = { ...policy.retries!, ...change };
  const none = policy.retries!.maxAttempts > 0 && conditions.length === 0 && statusCodes.length === 0;
  return { ...policy, retries: none ? undefined : policy.retries!._with(change) };
}

function retrying(policy: TrafficPolicy): boolean {
  return policy.retries !== undefined && policy.retries.maxAttempts > 0;
}

function conditionFeature(capability: string, what: string, covers: (condition: RetryOn) => boolean): Feature {
  return policyFeature(capability, what,
    (policy) => retrying(policy) && policy.retries!.conditions.some(covers),
    (policy) => changeRetries(policy, { conditions: policy.retries!.conditions.filter((condition) => !covers(condition)) }));
}

const CONNECT = [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM];
const HTTP = [RetryOn.SERVER_ERROR, RetryOn.GATEWAY_ERROR, RetryOn.RESET];

function changeBreaker(policy: TrafficPolicy, outliers: OutlierDetection | undefined, pool: ConnectionPool | undefined): TrafficPolicy {
  const some = <T extends object>(options: T | undefined): T | undefined =>
    (options && Object.values(options).some((field) => field !== undefined) ? options : undefined);
  const [left, right] = [some(outliers), some(pool)];
  return { ...policy, circuitBreaker: left || right ? CircuitBreaker.of({ outliers: left, pool: right }) : undefined };
}

function outlierFeature(capability: string, what: string, fields: (keyof OutlierDetection)[]): Feature {
  return policyFeature(capability, what,
    ({ circuitBreaker }) => circuitBreaker?.outliers !== undefined
      && (fields.length === 0 || fields.some((field) => circuitBreaker.outliers![field] !== undefined)),
    (policy) => changeBreaker(policy, fields.length === 0 ? undefined : without(policy.circuitBreaker!.outliers!, fields), policy.circuitBreaker!.pool));
}

function poolFeature(capability: string, what: string, fields: (keyof ConnectionPool)[]): Feature {
  return policyFeature(capability, what,
    ({ circuitBreaker }) => fields.some((field) => circuitBreaker?.pool?.[field] !== undefined),
    (policy) => changeBreaker(policy, policy.circuitBreaker!.outliers, without(policy.circuitBreaker!.pool!, fields)));
}

function without<T extends object>(options: T, fields: (keyof T)[]): T {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !fields.includes(key as keyof T))) as T;
}

function balancing(capability: string, algorithm: LoadBalancingAlgorithm): Feature {
  return policyFeature(capability, `${algorithm} load balancing`,
    (policy) => policy.loadBalancing?.algorithm === algorithm,
    (policy) => ({ ...policy, loadBalancing: undefined }));
}

function hashing(capability: string, kind: HashKeyKind): Feature {
  return policyFeature(capability, `consistent hashing by ${kind}`,
    (policy) => policy.loadBalancing?.hashKey?.kind === kind,
    (policy) => ({ ...policy, loadBalancing: undefined }));
}

function failsOver({ locality }: TrafficPolicy): boolean {
  return locality !== undefined && (Object.keys(locality.failoverRegions).length > 0 || locality.priorityLabels.length > 0);
}

function noLocality(policy: TrafficPolicy): TrafficPolicy {
  return { ...policy, locality: undefined };
}

/** Features of how calls behave. */
export const RESILIENCE: readonly Feature[] = [
  policyFeature('timeout.request', 'a timeout', (policy) => policy.timeout !== undefined, (policy) => ({ ...policy, timeout: undefined })),
  policyFeature('timeout.perTry', 'a timeout for each try', (policy) => policy.retries?.perTryTimeout !== undefined,
    (policy) => changeRetries(policy, { perTryTimeout: undefined })),
  policyFeature('retry.count', 'a number of retries', retrying, (policy) => ({ ...policy, retries: undefined })),
  conditionFeature('retry.connect', 'a retry after a failed connection', (condition) => CONNECT.includes(condition)),
  conditionFeature('retry.grpc', 'a retry after a gRPC status', (condition) => !CONNECT.includes(condition) && !HTTP.includes(condition)),
  conditionFeature('retry.http', 'a retry after an HTTP error', (condition) => HTTP.includes(condition)),
  policyFeature('retry.http', 'a retry after an HTTP status', (policy) => retrying(policy) && policy.retries!.statusCodes.length > 0,
    (policy) => changeRetries(policy, { statusCodes: [] })),
  policyFeature('retry.backoff', 'a back-off between retries', (policy) => policy.retries?.backoff !== undefined,
    (policy) => changeRetries(policy, { backoff: undefined })),
  outlierFeature('cb.outlier.5xx', 'leaving failing endpoints alone', []),
  outlierFeature('cb.outlier.ejection', 'a limit on ejection', ['interval', 'baseEjectionTime', 'maxEjection', 'minHealth']),
  poolFeature('cb.pool.tcp', 'a limit on connections', ['maxConnections']),
  poolFeature('cb.pool.http', 'a limit on requests', ['maxPendingRequests', 'maxRequests', 'maxRequestsPerConnection', 'maxRetries']),
  poolFeature('timeout.connect', 'a connect timeout', ['connectTimeout']),
  poolFeature('timeout.idle', 'an idle timeout', ['idleTimeout']),
  policyFeature('retry.budget', 'a retry budget', (policy) => policy.retryBudget !== undefined, (policy) => ({ ...policy, retryBudget: undefined })),
  policyFeature('warmup', 'a warm-up of new endpoints', (policy) => policy.warmUp !== undefined, (policy) => ({ ...policy, warmUp: undefined })),
  hashing('lb.hash.header', HashKeyKind.HEADER),
  hashing('lb.hash.cookie', HashKeyKind.COOKIE),
  hashing('lb.hash.ip', HashKeyKind.SOURCE_IP),
  hashing('lb.hash.query', HashKeyKind.QUERY),
  policyFeature('lb.algo.ring', 'a hash table', (policy) => policy.loadBalancing?.hashTable === HashTable.MAGLEV,
    (policy) => ({ ...policy, loadBalancing: LoadBalancing.consistentHash(policy.loadBalancing!.hashKey!) })),
  policyFeature('locality.prefer', 'a preference for near endpoints', (policy) => policy.locality !== undefined && !failsOver(policy), noLocality),
  policyFeature('locality.failover', 'an order of places', failsOver, noLocality),
  balancing('lb.roundRobin', LoadBalancingAlgorithm.ROUND_ROBIN),
  balancing('lb.leastRequest', LoadBalancingAlgorithm.LEAST_REQUEST),
  balancing('lb.random', LoadBalancingAlgorithm.RANDOM),
  balancing('lb.passthrough', LoadBalancingAlgorithm.PASSTHROUGH),
];
