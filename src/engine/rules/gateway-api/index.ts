import type { Rule } from '../rule';

/** Gateway API. */
export const GATEWAY_API_RULES: readonly Rule[] = [];
