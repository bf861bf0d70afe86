import { fail } from '../private/errors';

/** A share of a hundred. */
export class Percent {
  /**
   * A share of a hundred.
   *
   * @param amount from 0 to 100; fractions down to 0.0001 are kept
   */
  public static of(amount: number): Percent {
    if (!Number.isFinite(amount) || amount < 0 || amount > 100) {
      fail('MESH-E006', `invalid percentage, got ${amount}`, 'use a number from 0 to 100');
    }
    if (Math.abs(amount * 10_000 - Math.round(amount * 10_000)) > 1e-6) {
      fail('MESH-E006', `invalid percentage, got ${amount}`, 'use at most four decimal places');
    }
    return new Percent(amount);
  }

  /**
   * A share of one.
   *
   * @param ratio from 0 to 1
   */
  public static ratio(ratio: number): Percent {
    return Percent.of(Math.round(ratio * 1_000_000) / 10_000);
  }

  private constructor(private readonly amount: number) {}

  /** The share as a number from 0 to 100. */
  public toPercent(): number {
    return this.amount;
  }

  /** The share as a number from 0 to 1. */
  public toRatio(): number {
    return this.amount / 100;
  }

  /** The share as people write it, such as `12.5%`. */
  public toString(): string {
    return `${this.amount}%`;
  }
}
