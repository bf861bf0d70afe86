import { Destination } from './destination';
import { Percent } from './percent';

/**
 * A second destination that gets a copy of requests. Its answers are thrown away, and its failures hurt nobody.
 */
export class Mirror {
  /**
   * Sends copies to a destination. A weight of the destination means nothing here.
   *
   * @param destination where copies go
   * @param share how many requests are copied; all unless given
   */
  public static to(destination: Destination, share: Percent = Percent.of(100)): Mirror {
    return new Mirror(destination, share);
  }

  /** Where copies go. */
  public readonly destination: Destination;
  /** How many requests are copied. */
  public readonly share: Percent;

  private constructor(destination: Destination, share: Percent) {
    this.destination = destination;
    this.share = share;
  }

  /**
   * The same mirror by one port, unless its destination names a port already or has no such port.
   *
   * @internal
   */
  public _by(port: number): Mirror {
    return new Mirror(this.destination._by(port), this.share);
  }
}
