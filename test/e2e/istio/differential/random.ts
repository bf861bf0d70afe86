const MODULUS = 2_147_483_647;
const FACTOR = 48_271;

/** Numbers that only a seed decides (Lehmer's generator). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed % (MODULUS - 1) + 1;
    // The first numbers of neighbouring seeds are alike.
    for (let skipped = 0; skipped < 8; skipped++) this.next();
  }

  /** From 0 to below 1. */
  next(): number {
    this.state = this.state * FACTOR % MODULUS;
    return (this.state - 1) / (MODULUS - 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)];
  }

  /** Some values, in their order. */
  some<T>(values: readonly T[], least: number, most: number): T[] {
    const chosen = new Set<number>();
    const count = Math.min(values.length, this.integer(least, most));
    while (chosen.size < count) chosen.add(this.integer(0, values.length - 1));
    return values.filter((_, index) => chosen.has(index));
  }

  times<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.integer(least, most) }, (_, index) => make(index));
  }

  /** A value sometimes, else nothing to spread. */
  maybe<T extends object>(probability: number, make: () => T): T | Record<string, never> {
    return this.chance(probability) ? make() : {};
  }
}
