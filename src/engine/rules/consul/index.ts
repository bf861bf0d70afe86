import type { Rule } from '../rule';

/** Consul. */
export const CONSUL_RULES: readonly Rule[] = [];
