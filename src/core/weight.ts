import { fail } from '../private/errors';

/** The share of a destination in a weighted split. */
export class Weight {
  /**
   * A whole number of parts in a hundred. The weights of one split sum to 100.
   *
   * @param parts from 0 to 100
   */
  public static of(parts: number): Weight {
    if (!Number.isInteger(parts) || parts < 0 || parts > 100) {
      fail('MESH-E007', `invalid weight, got ${parts}`, 'use a whole number from 0 to 100');
    }
    return new Weight(parts);
  }

  private constructor(private readonly parts: number) {}

  /** The weight as a whole number from 0 to 100. */
  public toNumber(): number {
    return this.parts;
  }
}
