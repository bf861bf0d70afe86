import type { JsonObject } from '../model/json';

/** What a proxy did with a request, told only when somebody wants the evidence. */
export interface Hop {
  readonly kind: 'client-proxy' | 'connection' | 'gateway' | 'node-proxy' | 'server-proxy' | 'telemetry' | 'waypoint';
  explain(): JsonObject;
}
