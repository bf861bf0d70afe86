import { Duration } from 'cdk8s';
import type { MeshPolicyFields } from '../mesh-policy';

/** Every field that a policy may set, in a fixed order. */
export const POLICY_FIELDS = ['timeout', 'retries', 'retryBudget', 'loadBalancing', 'circuitBreaker', 'locality', 'warmUp', 'mtls', 'access', 'egressScope'] as const satisfies
readonly (keyof MeshPolicyFields)[];

/** The first field that both set, and set differently. */
export function conflictOf(a: MeshPolicyFields, b: MeshPolicyFields): string | undefined {
  return POLICY_FIELDS.find((field) => a[field] !== undefined && b[field] !== undefined && valueKey(a[field]) !== valueKey(b[field]));
}

/** The fields of the nearer policy, and those of the wider one that the nearer does not set. */
export function layered(nearer: MeshPolicyFields, wider: MeshPolicyFields): MeshPolicyFields {
  return { ...wider, ...nearer };
}

/** A text that is equal for values that mean the same. */
export function valueKey(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Duration ? part.toMilliseconds({ integral: false }) : part));
}
