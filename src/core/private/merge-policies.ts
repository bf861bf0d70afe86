import type { TrafficPolicy } from '../traffic-policy';

/** The policy that holds when a nearer level speaks over a wider one: field by field, the nearer level wins. */
export function mergePolicies(wider: TrafficPolicy | undefined, nearer: TrafficPolicy | undefined): TrafficPolicy {
  return {
    timeout: nearer?.timeout ?? wider?.timeout,
    retries: nearer?.retries ?? wider?.retries,
    loadBalancing: nearer?.loadBalancing ?? wider?.loadBalancing,
    circuitBreaker: nearer?.circuitBreaker ?? wider?.circuitBreaker,
    locality: nearer?.locality ?? wider?.locality,
    warmUp: nearer?.warmUp ?? wider?.warmUp,
    retryBudget: nearer?.retryBudget ?? wider?.retryBudget,
  };
}

/** A text that is equal for policies that say the same about calls. */
export function callPolicyKey(policy: TrafficPolicy): string {
  const { timeout, retries } = policy;
  return JSON.stringify([
    timeout?.toMilliseconds({ integral: false }) ?? null,
    retries ? [retries.maxAttempts, retries.conditions, retries.statusCodes,
      retries.perTryTimeout?.toMilliseconds({ integral: false }) ?? null, retries.backoff?.toMilliseconds({ integral: false }) ?? null] : null,
  ]);
}
