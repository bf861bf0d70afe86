import type { Rule } from '../rule';

/** Certificates. */
export const CERTIFICATE_RULES: readonly Rule[] = [];
