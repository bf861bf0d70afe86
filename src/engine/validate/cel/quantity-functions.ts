import type { CelFunc } from '@bufbuild/cel';
import { contentOf, opaque } from './functions';
import { loadCel } from './library';
import { parseQuantity } from '../text/quantity';

const ONE = 1_000_000_000n;
const LARGEST = 2n ** 63n - 1n;

/** Quantities such as `500m`; held in billionths. @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library */
export function quantityFunctions(): CelFunc[] {
  const { cel } = loadCel();
  const { BOOL, INT, STRING, DOUBLE, DYN } = cel.CelScalar;
  const QUANTITY = cel.mapType(DYN, DYN);
  const parse = (text: string): bigint => {
    const value = parseQuantity(text);
    if (value === undefined) throw new Error(`"${text}" is no quantity`);
    return value;
  };
  const read = (value: Parameters<typeof contentOf>[0]): bigint => contentOf(value, 'quantity') as bigint;
  const compared = (name: string, test: (a: bigint, b: bigint) => boolean): CelFunc =>
    cel.celMethod(name, QUANTITY, [QUANTITY], BOOL, function (other) { return test(read(this), read(other)); });
  const computed = (name: string, operate: (a: bigint, b: bigint) => bigint): CelFunc[] => [
    cel.celMethod(name, QUANTITY, [QUANTITY], DYN, function (other) { return opaque('quantity', operate(read(this), read(other))); }),
    cel.celMethod(name, QUANTITY, [INT], DYN, function (other) { return opaque('quantity', operate(read(this), other * ONE)); }),
  ];
  return [
    cel.celFunc('isQuantity', [STRING], BOOL, (text) => parseQuantity(text) !== undefined),
    cel.celFunc('quantity', [STRING], DYN, (text) => opaque('quantity', parse(text))),
    cel.celMethod('sign', QUANTITY, [], INT, function () { return read(this) === 0n ? 0n : read(this) < 0n ? -1n : 1n; }),
    cel.celMethod('isInteger', QUANTITY, [], BOOL, function () { return read(this) % ONE === 0n && read(this) / ONE <= LARGEST; }),
    cel.celMethod('asInteger', QUANTITY, [], INT, function () {
      if (read(this) % ONE !== 0n || read(this) / ONE > LARGEST) throw new Error('the quantity is no integer');
      return read(this) / ONE;
    }),
    cel.celMethod('asApproximateFloat', QUANTITY, [], DOUBLE, function () { return Number(read(this)) / Number(ONE); }),
    compared('isGreaterThan', (a, b) => a > b),
    compared('isLessThan', (a, b) => a < b),
    cel.celMethod('compareTo', QUANTITY, [QUANTITY], INT, function (other) { return read(this) < read(other) ? -1n : read(this) > read(other) ? 1n : 0n; }),
    ...computed('add', (a, b) => a + b),
    ...computed('sub', (a, b) => a - b),
  ];
}
