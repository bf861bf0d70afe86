import * as fc from 'fast-check';
import { byText, compareText } from '../../src/private/compare';
import { holds } from '../support/properties';

const points = (text: string) => [...text].map((char) => char.codePointAt(0)!);

describe('texts are ordered', () => {
  test('by code points, so that astral characters stand last', () => {
    holds(300, fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), ([a, b]) => {
      const [x, y] = [points(a), points(b)];
      const at = x.findIndex((point, index) => point !== y[index]);
      const expected = at < 0 ? x.length - y.length : at >= y.length ? 1 : x[at] - y[at];
      expect(Math.sign(compareText(a, b))).toBe(Math.sign(expected));
    });
    expect(['\u{1f600}', '\uffee', 'z', 'Z', 'ä', 'a'].sort(compareText)).toEqual(['Z', 'a', 'z', 'ä', '\uffee', '\u{1f600}']);
  });

  test('by the key of each value', () => {
    expect([{ key: 'b' }, { key: 'a' }].sort(byText((item) => item.key))).toEqual([{ key: 'a' }, { key: 'b' }]);
  });
});
