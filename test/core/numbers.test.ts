import * as fc from 'fast-check';
import { Percent, Weight } from '../../src';
import { errorOf } from '../support/manifests';
import { holds } from '../support/properties';

describe('a percentage', () => {
  test('keeps up to four decimal places', () => {
    holds(500, fc.integer({ min: 0, max: 1_000_000 }), (parts) => {
      const percent = Percent.of(parts / 10_000);
      expect(percent.toPercent()).toBe(parts / 10_000);
      expect(percent.toRatio()).toBeCloseTo(parts / 1_000_000, 12);
      expect(Percent.ratio(percent.toRatio()).toPercent()).toBe(percent.toPercent());
      expect(percent.toString()).toBe(`${parts / 10_000}%`);
    });
  });

  test.each([-1, 100.1, NaN, Infinity])('is not %d', (amount) => {
    expect(errorOf(() => Percent.of(amount))).toMatchObject({ code: 'MESH-E006', what: `invalid percentage, got ${amount}`, fix: 'use a number from 0 to 100' });
  });

  test('has no more decimal places', () => {
    expect(errorOf(() => Percent.of(0.00001))).toMatchObject({ code: 'MESH-E006', fix: 'use at most four decimal places' });
    expect(errorOf(() => Percent.ratio(1.1))).toMatchObject({ code: 'MESH-E006' });
  });
});

describe('a weight', () => {
  test('is a whole number of parts in a hundred', () => {
    holds(101, fc.integer({ min: 0, max: 100 }), (parts) => expect(Weight.of(parts).toNumber()).toBe(parts));
    for (const parts of [-1, 101, 0.5, NaN]) {
      expect(errorOf(() => Weight.of(parts))).toMatchObject({ code: 'MESH-E007', what: `invalid weight, got ${parts}`, fix: 'use a whole number from 0 to 100' });
    }
  });

  test('may be relative to others', () => {
    expect(Weight.relative(999)).toMatchObject({ isRelative: true });
    expect(errorOf(() => Weight.relative(-1))).toMatchObject({ code: 'MESH-E007' });
  });
});
