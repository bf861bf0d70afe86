import { compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import type { CallPolicy, TrafficPolicy } from '../traffic-policy';
import { positive, wholeNumber } from './check-values';

/** The policy that holds when a nearer level speaks over a wider one: field by field, the nearer level wins. */
export function mergePolicies(wider: TrafficPolicy | undefined, nearer: TrafficPolicy | undefined): TrafficPolicy {
  return {
    ...callPolicyOf(wider, nearer),
    loadBalancing: nearer?.loadBalancing ?? wider?.loadBalancing,
    circuitBreaker: nearer?.circuitBreaker ?? wider?.circuitBreaker,
    locality: nearer?.locality ?? wider?.locality,
    warmUp: nearer?.warmUp ?? wider?.warmUp,
    retryBudget: nearer?.retryBudget ?? wider?.retryBudget,
  };
}

/**
 * What holds for calls after some levels had their say, the widest first. A limit for each try that is beyond the one for the whole call,
 * said at another level, limits nothing and goes.
 */
export function callPolicyOf(...levels: readonly (CallPolicy | undefined)[]): CallPolicy {
  const merged = levels.reduce<CallPolicy>((policy, level) => ({ timeout: level?.timeout ?? policy.timeout, retries: level?.retries ?? policy.retries }), {});
  return triesOutlastCall(merged) ? { ...merged, retries: merged.retries?._with({ perTryTimeout: undefined }) } : merged;
}

/** A text that is equal for policies that say the same about calls. */
export function callPolicyKey(policy: CallPolicy): string {
  const { timeout, retries } = policy;
  return JSON.stringify([
    timeout?.toMilliseconds({ integral: false }) ?? null,
    retries ? [retries.maxAttempts, [...retries.conditions].sort(compareText), retries.statusCodes,
      retries.perTryTimeout?.toMilliseconds({ integral: false }) ?? null, retries.backoff?.toMilliseconds({ integral: false }) ?? null] : null,
  ]);
}

/** Throws when a policy says what no mesh can do. */
export function checkPolicy(policy: TrafficPolicy, path: string): void {
  positive('timeout', policy.timeout, path);
  positive('warm-up', policy.warmUp, path);
  wholeNumber('number of retries that there may always be', policy.retryBudget?.minConcurrency, 0, undefined, path);
  if (triesOutlastCall(policy)) {
    fail('MESH-E027', 'a single try that may take longer than the whole call', 'make perTryTimeout of the retries shorter than timeout', path);
  }
}

function triesOutlastCall({ timeout, retries }: CallPolicy): boolean {
  const [whole, single] = [timeout, retries?.perTryTimeout].map((duration) => duration?.toMilliseconds({ integral: false }));
  return whole !== undefined && single !== undefined && single > whole;
}
