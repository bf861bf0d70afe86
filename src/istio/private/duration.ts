import type { Duration } from 'cdk8s';
import { renderDuration } from '../../private/duration-grammar';

/** A length of time in Istio's grammar. */
export function istioDuration(duration: Duration): string;
export function istioDuration(duration: Duration | undefined): string | undefined;
export function istioDuration(duration: Duration | undefined): string | undefined {
  return duration && renderDuration(duration.toMilliseconds(), 'istio');
}
