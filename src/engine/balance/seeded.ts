const MODULUS = 2_147_483_647;
const FACTOR = 48_271;

/** Numbers that only a seed decides (Lehmer's generator). */
export class Seeded {
  private state: number;

  constructor(seed: number) {
    this.state = Math.abs(Math.trunc(seed)) % (MODULUS - 1) + 1;
    // The first numbers of neighbouring seeds are alike.
    for (let skipped = 0; skipped < 8; skipped++) this.next();
  }

  /** From 0 to below 1. */
  next(): number {
    this.state = this.state * FACTOR % MODULUS;
    return (this.state - 1) / (MODULUS - 1);
  }

  /** From 0 to below a bound. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }
}
