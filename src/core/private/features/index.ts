import { ACTIONS } from './actions';
import { EGRESS } from './egress';
import type { Feature } from './feature';
import { LIMITS } from './limits';
import { MATCHING } from './matching';
import { RESILIENCE } from './resilience';
import { SECURITY } from './security';

/** Everything that a plan may ask of a mesh, capability by capability. */
export const FEATURES: readonly Feature[] = [...MATCHING, ...ACTIONS, ...RESILIENCE, ...SECURITY, ...EGRESS, ...LIMITS];
