import * as fc from 'fast-check';
import { HeaderMatch, PathMatch } from '../../../src';
import { excludes, implies, satisfies as textSatisfies } from '../../../src/core/private/conditions';
import { isEveryPath, pathExcludes, pathImplies, pathSatisfies } from '../../../src/core/private/paths';
import { holds } from '../../support/properties';
import { pathMatches, requests, satisfies } from '../../support/requests';

const paths = fc.array(requests.map((request) => request.path), { minLength: 30, maxLength: 30 });

describe('path matchers', () => {
  test('hold for the paths that they mean', () => {
    holds(2000, fc.tuple(pathMatches, requests), ([path, request]) => expect(pathSatisfies(request.path, path)).toBe(satisfies(request, { path })));
  });

  test('imply and exclude each other only when no path shows otherwise', () => {
    holds(4000, fc.tuple(pathMatches, pathMatches, paths), ([a, b, some]) => {
      for (const path of some) {
        const [inA, inB] = [pathSatisfies(path, a), pathSatisfies(path, b)];
        if (pathImplies(a, b)) { expect(inB || !inA).toBe(true); }
        if (pathExcludes(a, b)) { expect(inA && inB).toBe(false); }
      }
    });
  });

  test('imply and exclude whatever is plain to see', () => {
    expect(pathImplies(PathMatch.template('/a/{*}'), PathMatch.prefix('/a'))).toBe(true);
    expect(pathImplies(PathMatch.exact('/a/x'), PathMatch.template('/a/{*}'))).toBe(true);
    expect(pathExcludes(PathMatch.prefix('/a'), PathMatch.template('/ab/{*}'))).toBe(true);
    expect(pathExcludes(PathMatch.prefix('/a/b'), PathMatch.template('/a/{*}'))).toBe(false);
    expect([undefined, PathMatch.prefix('/'), PathMatch.prefix('/a')].map(isEveryPath)).toEqual([true, true, false]);
  });
});

describe('conditions on texts', () => {
  const text = fc.constantFrom('a', 'ab', 'abc', 'b');
  const conditions = fc.oneof(text.map((value) => HeaderMatch.exact('x', value)), text.map((value) => HeaderMatch.prefix('x', value)),
    fc.constantFrom('a.*', 'a|b').map((value) => HeaderMatch.regex('x', value)), fc.constant(HeaderMatch.present('x')));

  test('imply and exclude each other only when no text shows otherwise', () => {
    holds(2000, fc.tuple(conditions, conditions, text), ([a, b, some]) => {
      const [inA, inB] = [textSatisfies(some, a), textSatisfies(some, b)];
      if (implies(a, b)) { expect(inB || !inA).toBe(true); }
      if (excludes(a, b)) { expect(inA && inB).toBe(false); }
    });
  });
});
