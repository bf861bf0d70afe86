import { compareText } from '../../private/compare';
import { MeshFault } from '../../private/errors';
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

/** What holds for calls at the nearest of some levels, the widest first. */
export function callPolicyOf(...levels: readonly (CallPolicy | undefined)[]): CallPolicy {
  return {
    timeout: levels.reduce<CallPolicy['timeout']>((timeout, level) => level?.timeout ?? timeout, undefined),
    retries: levels.reduce<CallPolicy['retries']>((retries, level) => level?.retries ?? retries, undefined),
  };
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
  const conflict = timeoutConflict(policy, path);
  if (conflict) { throw conflict; }
}

/** A single try that may take longer than the whole call: the second try could never happen. */
export function timeoutConflict({ timeout, retries }: CallPolicy, path: string): MeshFault | undefined {
  const [whole, single] = [timeout, retries?.perTryTimeout].map((duration) => duration?.toMilliseconds({ integral: false }));
  if (whole === undefined || single === undefined || single <= whole) { return undefined; }
  return new MeshFault({
    code: 'MESH-E027',
    what: `a timeout of ${single} ms for each try within one of ${whole} ms for the whole call`,
    fix: 'give the whole call more time than a single try',
    path,
  });
}
