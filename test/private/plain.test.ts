import * as fc from 'fast-check';
import { compact, isPlain, mergePlain, sorted } from '../../src/private/plain';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1) * 200, seed: 31 };

describe('plain data', () => {
  test('is told from lists and from instances of classes', () => {
    expect([{}, Object.create(null), { a: 1 }].every(isPlain)).toBe(true);
    expect([[], null, undefined, 'a', 1, new Date(0), new (class { public readonly a = 1; })()].some(isPlain)).toBe(false);
  });

  test('comes out in one order, whatever the order of its keys, without what is undefined', () => {
    const text = JSON.stringify(sorted({ b: [{ d: 1, c: undefined }], a: { 2: 1, 10: 2 }, e: null }));
    expect(text).toBe('{"a":{"2":1,"10":2},"b":[{"d":1}],"e":null}');
  });

  test('is the same after sorting, for any keys in any order', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
      const reversed = Object.fromEntries(Object.entries(data).reverse());
      expect(sorted(data)).toEqual(data);
      expect(JSON.stringify(sorted(reversed))).toBe(JSON.stringify(sorted(data)));
    }), RUNS);
  });

  test('instances of classes stay what they are', () => {
    const date = new Date(0);
    expect(sorted({ date }).date).toBe(date);
  });
});

describe('merging', () => {
  test('joins maps, replaces lists and scalars, and leaves what is undefined', () => {
    expect(mergePlain({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3], e: 5 }, d: undefined, f: { g: 1 } })).toEqual({ a: { b: 1, c: [3], e: 5 }, d: 1, f: { g: 1 } });
  });

  test('changes neither side', () => {
    const [base, addition] = [{ a: { b: 1 } }, { a: { c: 2 } }];
    mergePlain(base, addition);
    expect([base, addition]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });

  test('keeps what inherited names would hide', () => {
    expect(mergePlain({}, { toString: { a: 1 } })).toEqual({ toString: { a: 1 } });
  });
});

test('compacting drops what is undefined and maps that are empty then, and keeps false, null and empty lists', () => {
  expect(compact({ a: { b: { c: undefined } }, d: false, e: null, f: [], g: '' })).toEqual({ d: false, e: null, f: [], g: '' });
  expect(compact({ a: {} })).toBeUndefined();
});
