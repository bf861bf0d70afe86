import { Random } from '../../support/validate/random';
import { survive } from '../../support/validate/survive';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1);

describe('changed texts', () => {
  test('are read, checked and reported on without a crash, each finding with its file', () => {
    const { failures, findings, documents } = survive(150 * RUNS, new Random(20261121));
    expect(failures).toEqual([]);
    expect(findings).toBeGreaterThan(20);
    expect(documents).toBeGreaterThan(20);
  });
});
