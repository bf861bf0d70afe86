import type { Rule } from '../rule';

/** Releases, and who owns what. */
export const RELEASE_RULES: readonly Rule[] = [];
