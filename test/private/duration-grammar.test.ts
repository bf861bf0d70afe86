import * as fc from 'fast-check';
import { DurationGrammar, renderDuration } from '../../src/private/duration-grammar';
import { errorOf } from '../support/manifests';
import { holds } from '../support/properties';

const UNIT: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Parsers written for the tests alone, from each API's own description; undefined for a text that the API refuses. */
const PARSERS: Record<DurationGrammar, (text: string) => number | undefined> = {
  'gateway-api': (text) => (/^([0-9]{1,5}(h|m|s|ms)){1,4}$/.test(text) ? sum(text) : undefined),
  'go': (text) => (/^(\d+(\.\d+)?(h|m|s|ms))+$/.test(text) ? sum(text) : undefined),
  'consul': (text) => (/^(\d+(\.\d+)?(h|m|s|ms))+$/.test(text) ? sum(text) : undefined),
  'linkerd': (text) => (/^\d+(ms|s|m|h)$/.test(text) ? sum(text) : undefined),
  'prometheus': (text) => (/^\d+(ms|s|m|h)$/.test(text) ? sum(text) : undefined),
  'istio': (text) => (/^\d+(\.\d{3})?s$/.test(text) ? Math.round(Number(text.slice(0, -1)) * 1000) : undefined),
};

function sum(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce((total, [, amount, unit]) => total + Math.round(Number(amount) * UNIT[unit]), 0);
}

const YEAR = 366 * 24 * UNIT.h;
const milliseconds = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc.integer({ min: 0, max: YEAR }),
  fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(...Object.values(UNIT))).map(([amount, unit]) => amount * unit),
);

describe.each(Object.keys(PARSERS) as DurationGrammar[])('a duration in the grammar of %s', (grammar) => {
  test('reads back as the same time', () => {
    holds(500, milliseconds, (ms) => expect(PARSERS[grammar](renderDuration(ms, grammar))).toBe(ms));
  });

  test('is no fraction of a millisecond and not negative', () => {
    expect(errorOf(() => renderDuration(0.5, grammar))).toMatchObject({ code: 'MESH-E010', what: 'invalid duration, got 0.5 ms' });
    expect(errorOf(() => renderDuration(-1, grammar))).toMatchObject({ code: 'MESH-E010' });
  });
});

describe('durations are spelled as people would', () => {
  test.each<[number, DurationGrammar, string]>([
    [1500, 'gateway-api', '1s500ms'], [90_000, 'gateway-api', '1m30s'], [1440 * UNIT.h, 'gateway-api', '1440h'], [0, 'gateway-api', '0s'],
    [1500, 'istio', '1.500s'], [90_000, 'istio', '90s'], [250, 'istio', '0.250s'],
    [1500, 'linkerd', '1500ms'], [90_000, 'linkerd', '90s'], [600_000, 'linkerd', '10m'], [1440 * UNIT.h, 'linkerd', '1440h'],
    [1500, 'consul', '1.5s'], [90_000, 'consul', '1m30s'], [1440 * UNIT.h, 'go', '1440h0m0s'], [250, 'go', '250ms'],
    [60_000, 'prometheus', '60s'],
  ])('%d ms in %s: %s', (ms, grammar, expected) => expect(renderDuration(ms, grammar)).toBe(expected));

  test('and the Gateway API has a longest one', () => {
    expect(errorOf(() => renderDuration(100_000 * UNIT.h, 'gateway-api'))).toMatchObject({ code: 'MESH-E010', fix: 'the Gateway API knows at most 99999 hours' });
  });
});
