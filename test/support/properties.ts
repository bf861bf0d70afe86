import * as fc from 'fast-check';

/** How often properties are tried: few times by default, more often with PROPERTY_RUNS. */
export function runs(count: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.ceil(count * Number(process.env.PROPERTY_RUNS ?? 1)), seed: 20260821 };
}

/** Asserts a property, always on the same samples. */
export function holds<T>(count: number, samples: fc.Arbitrary<T>, property: (sample: T) => void): void {
  fc.assert(fc.property(samples, (sample) => { property(sample); }), runs(count));
}
