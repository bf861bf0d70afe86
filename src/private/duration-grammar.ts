import { formatGoDuration, formatProtoDuration } from './duration';
import { fail } from './errors';

/** The ways in which the APIs that we write spell a length of time. */
export type DurationGrammar = 'gateway-api' | 'istio' | 'linkerd' | 'consul' | 'prometheus' | 'go';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1_000;

/**
 * Spells a length of time in the grammar of one API.
 *
 * | grammar | 1.5 s | 90 s | 60 days |
 * |---|---|---|---|
 * | gateway-api (GEP-2257) | 1s500ms | 1m30s | 1440h |
 * | istio (protobuf JSON) | 1.500s | 90s | 5184000s |
 * | linkerd annotation | 1500ms | 90s | 1440h |
 * | consul (Go) | 1.5s | 1m30s | 1440h0m0s |
 * | prometheus, Flagger, Argo | 1500ms | 90s | 1440h |
 * | go, canonical (cert-manager) | 1.5s | 1m30s | 1440h0m0s |
 */
export function renderDuration(milliseconds: number, grammar: DurationGrammar): string {
  if (!Number.isInteger(milliseconds) || milliseconds < 0) {
    fail('MESH-E010', `invalid duration, got ${milliseconds} ms`, 'use a whole number of milliseconds, zero or more');
  }
  switch (grammar) {
    case 'gateway-api': return gatewayApi(milliseconds);
    case 'istio': return formatProtoDuration(milliseconds);
    case 'linkerd':
    case 'prometheus': return singleUnit(milliseconds);
    case 'consul':
    case 'go': return formatGoDuration(milliseconds);
  }
}

function gatewayApi(ms: number): string {
  if (ms === 0) { return '0s'; }
  const parts: [number, string][] = [
    [Math.floor(ms / HOUR), 'h'],
    [Math.floor((ms % HOUR) / MINUTE), 'm'],
    [Math.floor((ms % MINUTE) / SECOND), 's'],
    [ms % SECOND, 'ms'],
  ];
  if (parts[0][0] > 99_999) {
    fail('MESH-E010', `invalid duration, got ${parts[0][0]} hours`, 'the Gateway API knows at most 99999 hours');
  }
  return parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`).join('');
}

function singleUnit(ms: number): string {
  if (ms % HOUR === 0 && ms > 0) { return `${ms / HOUR}h`; }
  if (ms % MINUTE === 0 && ms >= 10 * MINUTE) { return `${ms / MINUTE}m`; }
  return ms % SECOND === 0 ? `${ms / SECOND}s` : `${ms}ms`;
}
