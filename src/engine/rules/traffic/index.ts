import type { Rule } from '../rule';

/** Routing and connections of Istio. */
export const TRAFFIC_RULES: readonly Rule[] = [];
