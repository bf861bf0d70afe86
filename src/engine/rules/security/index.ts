import type { Rule } from '../rule';

/** Policies and identities of Istio. */
export const SECURITY_RULES: readonly Rule[] = [];
