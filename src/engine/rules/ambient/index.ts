import type { Rule } from '../rule';

/** The ambient mesh. */
export const AMBIENT_RULES: readonly Rule[] = [];
