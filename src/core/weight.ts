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

  /**
   * A share in relation to the other weights of the split, whatever they sum to: 1 beside 999 is one request of a thousand. Only meshes that
   * take such weights know it; elsewhere the weights of a split sum to 100.
   *
   * @param share a whole number, zero or more
   */
  public static relative(share: number): Weight {
    if (!Number.isInteger(share) || share < 0 || share > 2_147_483_647) {
      fail('MESH-E007', `invalid weight, got ${share}`, 'use a whole number, zero or more');
    }
    return new Weight(share, true);
  }

  /** Whether the weight only has a meaning beside others. */
  public readonly isRelative: boolean;

  private constructor(private readonly parts: number, isRelative: boolean = false) {
    this.isRelative = isRelative;
  }

  /** The weight as a whole number; from 0 to 100 unless it is relative. */
  public toNumber(): number {
    return this.parts;
  }
}
