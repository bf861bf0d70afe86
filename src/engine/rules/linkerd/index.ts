import type { Rule } from '../rule';

/** Linkerd. */
export const LINKERD_RULES: readonly Rule[] = [];
