import type { Duration } from 'cdk8s';
import { renderDuration } from '../../private/duration-grammar';

/** A length of time in the grammar of Linkerd's annotations. */
export function linkerdDuration(duration: Duration | undefined): string | undefined {
  return duration && renderDuration(duration.toMilliseconds(), 'linkerd');
}

/** The annotations that say something. */
export function said(annotations: { readonly [key: string]: string | undefined }): { [key: string]: string } {
  return Object.fromEntries(Object.entries(annotations).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
