import { fail } from '../private/errors';
import { isToken } from './private/check-values';

/** What of a request has a count of its own. */
export enum CountKeyKind {
  /** The value of a header. */
  HEADER = 'header',
  /** The address of the client. */
  CLIENT_ADDRESS = 'client-address',
}

/**
 * What of a request has a count of its own, so that a rate limit holds for each of them.
 */
export class CountKey {
  /**
   * Every value of a header, such as an API key. Requests without the header are not limited.
   *
   * @param name name of the header
   */
  public static header(name: string): CountKey {
    if (!isToken(name)) {
      fail('MESH-E009', `invalid header name, got "${name}"`, 'use letters, digits and dashes');
    }
    return new CountKey(CountKeyKind.HEADER, name.toLowerCase());
  }

  /** Every address of a client, as far as the proxy trusts what it is told. */
  public static clientAddress(): CountKey {
    return new CountKey(CountKeyKind.CLIENT_ADDRESS, 'remote_address');
  }

  /** What kind of thing it is. */
  public readonly kind: CountKeyKind;
  /** Name under which it is counted: the header, or `remote_address`. */
  public readonly name: string;

  private constructor(kind: CountKeyKind, name: string) {
    this.kind = kind;
    this.name = name;
  }
}
