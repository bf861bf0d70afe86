import type { Duration } from 'cdk8s';
import { renderDuration } from '../../private/duration-grammar';

/** A length of time in Consul's grammar. */
export function consulDuration(duration: Duration | undefined): string | undefined {
  return duration && renderDuration(duration.toMilliseconds(), 'consul');
}
