import type { CelFunc, CelValue } from '@bufbuild/cel';
import { loadCel } from './library';
import { parseGoNanos } from '../text/go-duration';

/** Where the library and CEL's reference implementation in Go disagree, as Go has it. */
export function goFunctions(): CelFunc[] {
  const { cel, protobuf, wellKnown } = loadCel();
  const { INT, STRING, DOUBLE } = cel.CelScalar;
  const DURATION = cel.objectType(wellKnown.DurationSchema);
  return [
    cel.celFunc('duration', [STRING], DURATION, (text) => {
      const nanos = parseGoNanos(text);
      if (nanos === undefined) throw new Error(`"${text}" is no duration`);
      return protobuf.create(wellKnown.DurationSchema, { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) });
    }),
    cel.celFunc('int', [STRING], INT, (text) => {
      if (!/^[+-]?\d+$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) throw new Error(`"${text}" is no integer`);
      return BigInt(text);
    }),
    cel.celFunc('double', [STRING], DOUBLE, (text) => {
      if (text.trim() !== text || text === '' || Number.isNaN(Number(text))) throw new Error(`"${text}" is no number`);
      return Number(text);
    }),
    ...codePointFunctions(),
  ];
}

/** The library counts UTF-16 units; CEL counts code points. */
function codePointFunctions(): CelFunc[] {
  const { cel } = loadCel();
  const { INT, STRING } = cel.CelScalar;
  const within = (position: bigint, length: number): number => {
    if (position < 0n || position > BigInt(length)) throw new Error(`index ${position} out of bounds`);
    return Number(position);
  };
  const find = (text: string, part: string, from: bigint | undefined, isLast: boolean): bigint => {
    const points = [...text];
    const start = from === undefined ? undefined : within(from, points.length);
    const units = start === undefined ? undefined : points.slice(0, start).join('').length;
    const found = isLast ? text.lastIndexOf(part, units) : text.indexOf(part, units);
    return BigInt(found < 0 ? -1 : [...text.slice(0, found)].length);
  };
  const cut = (text: string, from: bigint, to?: bigint): string => {
    const points = [...text];
    const [start, end] = [within(from, points.length), within(to ?? BigInt(points.length), points.length)];
    if (start > end) throw new Error(`invalid range from ${start} to ${end}`);
    return points.slice(start, end).join('');
  };
  return [
    cel.celMethod('charAt', STRING, [INT], STRING, function (position) {
      const points = [...this];
      return points[within(position, points.length)] ?? '';
    }),
    cel.celMethod('substring', STRING, [INT], STRING, function (from) { return cut(this, from); }),
    cel.celMethod('substring', STRING, [INT, INT], STRING, function (from, to) { return cut(this, from, to); }),
    cel.celMethod('indexOf', STRING, [STRING], INT, function (part) { return find(this, part, undefined, false); }),
    cel.celMethod('indexOf', STRING, [STRING, INT], INT, function (part, from) { return find(this, part, from, false); }),
    cel.celMethod('lastIndexOf', STRING, [STRING], INT, function (part) { return find(this, part, undefined, true); }),
    cel.celMethod('lastIndexOf', STRING, [STRING, INT], INT, function (part, from) { return find(this, part, from, true); }),
  ];
}

/** A value that only functions can look into, such as a URL. Equal contents make equal values. */
export function opaque(kind: string, content: CelValue | undefined): CelValue {
  const { cel } = loadCel();
  return cel.celMap(new Map<string, CelValue>(content === undefined ? [['kind', kind]] : [['kind', kind], ['content', content]]));
}

/** What an opaque value holds; fails for one of another kind. */
export function contentOf(value: CelValue, kind: string): CelValue | undefined {
  const { cel } = loadCel();
  if (!cel.isCelMap(value) || value.get('kind') !== kind) throw new Error(`the value is no ${kind}`);
  return value.get('content');
}
