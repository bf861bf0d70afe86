import { fail } from '../private/errors';
import { isToken } from './private/check-values';

/** What becomes of the headers of a request or an answer. Names are the same in upper and lower case. */
export interface HeaderChanges {
  /**
   * Headers to set, whether they are there or not.
   *
   * @default - none
   */
  readonly setHeaders?: { readonly [name: string]: string };

  /**
   * Headers to add to those that are there.
   *
   * @default - none
   */
  readonly addHeaders?: { readonly [name: string]: string };

  /**
   * Headers to remove.
   *
   * @default - none
   */
  readonly removeHeaders?: string[];
}

/**
 * Throws when header changes name what is no header, or change one header twice.
 *
 * @internal
 */
export function checkHeaderChanges(changes: HeaderChanges | undefined, path?: string): void {
  if (!changes) { return; }
  const names = [...Object.keys(changes.setHeaders ?? {}), ...Object.keys(changes.addHeaders ?? {}), ...changes.removeHeaders ?? []].map((name) => name.toLowerCase());
  if (names.length === 0) {
    fail('MESH-E020', 'header changes without any change', 'set, add or remove at least one header', path);
  }
  const bad = names.find((name) => !isToken(name) || name === 'host');
  if (bad !== undefined) {
    fail('MESH-E009', `invalid header name, got "${bad}"`, bad === 'host' ? 'change the host with hostRewrite' : 'use letters, digits and dashes', path);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    fail('MESH-E027', `header ${twice} is changed twice`, 'set, add or remove it once', path);
  }
}
