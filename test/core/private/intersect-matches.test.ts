import * as fc from 'fast-check';
import { HeaderMatch, HttpMatch, MeshError, MethodMatch, PathMatch } from '../../../src';
import { intersectMatches, matchCovers } from '../../../src/core/private/intersect-matches';
import { Shadows } from '../../../src/core/private/shadows';
import { errorOf } from '../../support/manifests';
import { holds } from '../../support/properties';
import { matches, requests, satisfies } from '../../support/requests';

/** The joined match, or why there is none. */
function join(a: HttpMatch, b: HttpMatch): { readonly match?: HttpMatch; readonly refused?: MeshError } {
  try {
    return { match: intersectMatches(a, b, 'shop/web') };
  } catch (thrown) {
    return { refused: MeshError.parse((thrown as Error).message)[0] };
  }
}

describe('two matches joined', () => {
  test('hold exactly when both hold', () => {
    let joined = 0;
    holds(4000, fc.tuple(matches, matches, fc.array(requests, { minLength: 20, maxLength: 20 })), ([a, b, samples]) => {
      const { match, refused } = join(a, b);
      if (refused) { return; }
      if (match) { joined += 1; }
      for (const request of samples) {
        expect(match !== undefined && satisfies(request, match)).toBe(satisfies(request, a) && satisfies(request, b));
      }
    });
    expect(joined).toBeGreaterThan(100);
  });

  test('come to the same in either order', () => {
    holds(1000, fc.tuple(matches, matches, requests), ([a, b, request]) => {
      const [one, other] = [join(a, b), join(b, a)];
      expect(one.refused === undefined).toBe(other.refused === undefined);
      if (!one.refused) { expect(one.match !== undefined && satisfies(request, one.match)).toBe(other.match !== undefined && satisfies(request, other.match)); }
    });
  });

  test('have one condition of each sort for a header', () => {
    holds(1000, fc.tuple(matches, matches), ([a, b]) => {
      const headers = join(a, b).match?.headers ?? [];
      const names = headers.map((header) => `${header.inverted} ${header.name}`);
      expect(new Set(names).size).toBe(names.length);
    });
  });

  test('that no single match can say are an error', () => {
    const [regex, prefix] = [PathMatch.regex('/a.*'), PathMatch.prefix('/b')];
    expect(errorOf(() => intersectMatches({ path: regex }, { path: prefix }, 'shop/web'))).toMatchObject({
      code: 'MESH-E020',
      constructPath: 'shop/web',
      what: 'a route leads to a service with rules of its own, and regex /a.* and prefix /b cannot be joined in one match',
    });
    const headers = (text: string) => ({ headers: [HeaderMatch.regex('x', text)] });
    expect(errorOf(() => intersectMatches(headers('a+'), headers('b+'), 'shop/web')).what).toContain('x regex a+ and x regex b+');
  });

  test.each<[string, PathMatch, PathMatch, PathMatch | undefined]>([
    ['an exact path below a prefix', PathMatch.exact('/a/b'), PathMatch.prefix('/a'), PathMatch.exact('/a/b')],
    ['an exact path beside a prefix', PathMatch.exact('/ab'), PathMatch.prefix('/a'), undefined],
    ['two prefixes', PathMatch.prefix('/a'), PathMatch.prefix('/a/b'), PathMatch.prefix('/a/b')],
    ['two prefixes side by side', PathMatch.prefix('/a'), PathMatch.prefix('/ab'), undefined],
    ['an exact path of a pattern', PathMatch.exact('/v1'), PathMatch.regex('/v[0-9]'), PathMatch.exact('/v1')],
    ['an exact path of no pattern', PathMatch.exact('/vx'), PathMatch.regex('/v[0-9]'), undefined],
    ['a template below a prefix', PathMatch.template('/a/{*}/c'), PathMatch.prefix('/a'), PathMatch.template('/a/{*}/c')],
    ['a template beside a prefix', PathMatch.template('/b/{*}'), PathMatch.prefix('/a'), undefined],
    ['everything and a pattern', PathMatch.prefix('/'), PathMatch.regex('/v[0-9]'), PathMatch.regex('/v[0-9]')],
  ])('%s', (_, a, b, expected) => {
    expect(intersectMatches({ path: a }, { path: b }, '')?.path).toEqual(expected);
    expect(intersectMatches({ path: b }, { path: a }, '')?.path).toEqual(expected);
  });
});

describe('a match that covers another', () => {
  test('holds wherever the other holds', () => {
    holds(4000, fc.tuple(matches, matches, fc.array(requests, { minLength: 10, maxLength: 10 })), ([wide, narrow, samples]) => {
      if (!matchCovers(wide, narrow)) { return; }
      samples.filter((request) => satisfies(request, narrow)).forEach((request) => expect(satisfies(request, wide)).toBe(true));
    });
  });

  test('is itself, and anything when it is empty', () => {
    holds(300, matches, (match) => {
      expect(matchCovers(match, match)).toBe(true);
      expect(matchCovers({}, match)).toBe(true);
    });
    expect(matchCovers({ method: MethodMatch.GET }, {})).toBe(false);
  });

  test('is found among those before it', () => {
    holds(1000, fc.tuple(fc.array(matches, { maxLength: 4 }), matches), ([before, match]) => {
      const shadows = new Shadows();
      before.forEach((other) => shadows.add(other));
      // Templates and patterns cover only what is written like them, or exact paths, which are not looked for.
      const found = before.some((other) => matchCovers(other, match));
      const literal = before.every((other) => other.path === undefined || other.path.kind === 'prefix' || other.path.kind === 'exact');
      if (literal) { expect(shadows.hide(match)).toBe(found); } else if (shadows.hide(match)) { expect(found).toBe(true); }
    });
  });
});
