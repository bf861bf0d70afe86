import * as fc from 'fast-check';
import { compareMinor, compareVersions, parseVersion } from '../../src/private/version';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1) * 200, seed: 31 };

describe('a release', () => {
  test.each([
    ['1.31', { major: 1, minor: 31 }],
    ['1.31.1', { major: 1, minor: 31, patch: 1 }],
    ['1.31.0-beta.1', { major: 1, minor: 31, patch: 0, preRelease: 'beta.1' }],
  ])('%s is read', (text, version) => {
    expect(parseVersion(text)).toEqual({ patch: undefined, preRelease: undefined, ...version });
  });

  test.each(['', '1', 'v1.31.1', '1.31-latest', '1.31.1-', '1.31.x', ' 1.31', '1.31.1.0'])('"%s" is none', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test('the order is that of semver', () => {
    const ordered = ['1.9', '1.10.0-alpha', '1.10.0-alpha.1', '1.10.0-alpha.beta', '1.10.0-beta.2', '1.10.0-beta.11', '1.10.0', '1.10.2', '1.10.10', '2.0.0'];
    const versions = ordered.map((text) => parseVersion(text)!);
    expect([...versions].reverse().sort(compareVersions)).toEqual(versions);
  });

  test('the order by minor release ignores patches', () => {
    expect(compareMinor(parseVersion('1.31.1')!, parseVersion('1.31.0-beta.1')!)).toBe(0);
    expect(compareMinor(parseVersion('1.9.9')!, parseVersion('1.10')!)).toBeLessThan(0);
  });

  test('the order is total', () => {
    const part = fc.constantFrom('alpha', 'beta', 'rc', '0', '1', '11');
    const version = fc.record({ minor: fc.nat(3), patch: fc.nat(2), pre: fc.array(part, { maxLength: 3 }) })
      .map(({ minor, patch, pre }) => parseVersion(`1.${minor}.${patch}${pre.length > 0 ? `-${pre.join('.')}` : ''}`)!);
    fc.assert(fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      expect(compareVersions(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) { expect(compareVersions(a, c)).toBeLessThanOrEqual(0); }
    }), RUNS);
  });
});
