import * as fc from 'fast-check';

/** A value or none. */
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** One to three different ones of some values. */
export const some = <T>(...values: T[]): fc.Arbitrary<T[]> => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

/**
 * Objects with few of many fields. Optional fields by themselves would nearly all be there, so that hardly any rule would ever match
 * and the two evaluators would agree on nothing but that.
 */
export function few<T extends object>(fields: { [name in keyof T]: fc.Arbitrary<T[name]> }, least: number, most: number): fc.Arbitrary<Partial<T>> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return fc.tuple(fc.uniqueArray(fc.constantFrom(...names), { minLength: least, maxLength: most }), fc.record(fields) as unknown as fc.Arbitrary<T>)
    .map(([chosen, all]) => Object.fromEntries(chosen.map(name => [name, all[name]])) as Partial<T>);
}

/** Leaves out fields without value, as manifests do. */
export const tidy = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
