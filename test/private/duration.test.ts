import * as fc from 'fast-check';
import { formatGoDuration, formatProtoDuration, parseGoDuration, parseProtoDuration } from '../../src/private/duration';
import { holds } from '../support/properties';

const milliseconds = fc.oneof(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.integer({ min: -1000, max: 1000 }).map((micros) => micros / 1000));

describe('Go durations', () => {
  test('read back as they were written', () => {
    holds(1000, milliseconds, (ms) => expect(parseGoDuration(formatGoDuration(ms))).toBeCloseTo(ms, 6));
  });

  test.each([['1h30m', 5_400_000], ['1.5s', 1500], ['.5s', 500], ['0', 0], ['-2m', -120_000], ['1us', 0.001], ['250ms', 250]])('%s are %d ms', (text, ms) => {
    expect(parseGoDuration(text)).toBeCloseTo(ms, 9);
  });

  test.each(['', '1', 's', '1 s', '1d', '1h x', '--1s'])('"%s" is none', (text) => expect(parseGoDuration(text)).toBeUndefined());

  test.each([[3_600_000, '1h0m0s'], [1500, '1.5s'], [0, '0s'], [-90_000, '-1m30s']])('%d ms are written %s', (ms, text) => expect(formatGoDuration(ms)).toBe(text));
});

describe('protobuf durations', () => {
  test('read back as they were written', () => {
    holds(1000, milliseconds, (ms) => expect(parseProtoDuration(formatProtoDuration(ms))).toBeCloseTo(ms, 5));
  });

  test.each([[1500, '1.500s'], [1000, '1s'], [0, '0s'], [0.5, '0.000500s'], [-250, '-0.250s']])('%d ms are written %s', (ms, text) => expect(formatProtoDuration(ms)).toBe(text));

  test.each(['1', '1m', '1.s', '.5s', '1.0000000001s'])('"%s" is none', (text) => expect(parseProtoDuration(text)).toBeUndefined());
});
