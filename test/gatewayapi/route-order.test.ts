import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { Capabilities, Destination, HeaderMatch, HttpMatch, HttpRulePlan, PathMatch, PathMatchKind } from '../../src';
import { compareMatches, isCatchAll } from '../../src/core/private/rule-order';
import { refuseReordering, reordering } from '../../src/gatewayapi/private/route-order';
import { routeBatches } from '../../src/gatewayapi/private/service-routes';
import { FakeMesh } from '../support/fake-mesh';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf } from '../support/manifests';
import { holds } from '../support/properties';
import { matches, requests, satisfies } from '../support/requests';

const chart = chartIn(new App());
const destination = Destination.service(serviceIn(chart, 'cart', new FakeMesh(chart, 'mesh', Capabilities.of('istio'))));
const rule = (...list: HttpMatch[]): HttpRulePlan => ({ matches: list, destinations: [destination], policy: {}, constructPath: 'shop/cart' });

/** Precedence of the Gateway API's specification, with patterns last, as Istio has them. */
function precedence(match: HttpMatch): number[] {
  const kind = match.path?.kind;
  const pattern = kind === PathMatchKind.REGEX || kind === PathMatchKind.TEMPLATE;
  return [kind === PathMatchKind.EXACT ? 1 : 0, pattern ? 0 : match.path?.path.length ?? 1, match.method ? 1 : 0, match.headers?.length ?? 0, match.queryParams?.length ?? 0];
}

function byPrecedence(a: HttpMatch, b: HttpMatch): number {
  if (isCatchAll(a) || isCatchAll(b)) { return Number(isCatchAll(a)) - Number(isCatchAll(b)); }
  const [x, y] = [precedence(a), precedence(b)];
  const at = x.findIndex((rank, index) => rank !== y[index]);
  return at < 0 ? 0 : y[at] - x[at];
}

describe('a list of rules in which the first match decides', () => {
  test('is read by implementations of the Gateway API alike, or refused', () => {
    let compared = 0;
    const list = fc.array(matches.map((match) => ({ ...match, servicePort: undefined })), { minLength: 2, maxLength: 5 });
    holds(6000, fc.tuple(list, fc.array(requests, { minLength: 20, maxLength: 20 })), ([some, samples]) => {
      const rules = some.map((match) => rule(match));
      if (reordering(rules)) { return; }
      for (const request of samples) {
        const fitting = some.filter((match) => satisfies(request, match));
        if (fitting.length < 2) { continue; }
        const best = [...fitting].sort(byPrecedence);
        // Of equals the first in the list decides.
        expect(byPrecedence(fitting[0], best[0])).toBe(0);
        compared += 1;
      }
    });
    expect(compared).toBeGreaterThan(100);
  });

  test('in our own order is refused only where patterns stand before literal paths', () => {
    holds(1000, fc.array(matches.map((match) => ({ ...match, servicePort: undefined })), { maxLength: 6 }), (some) => {
      const rules = [...some].sort(compareMatches).map((match) => rule(match));
      const found = reordering(rules);
      if (found) { expect([PathMatchKind.TEMPLATE, PathMatchKind.REGEX]).toContain(found.first.match.path?.kind); }
    });
  });

  test('is refused with both rules', () => {
    const rules = [rule({ path: PathMatch.template('/a/{*}/c') }), rule({ path: PathMatch.prefix('/a/b') })];
    expect(errorOf(() => refuseReordering(rules))).toMatchObject({
      code: 'MESH-E021', constructPath: 'shop/cart', what: 'a rule for template /a/{*}/c that stands before one for prefix /a/b, which routes of the Gateway API look at first',
    });
    expect(() => refuseReordering([...rules].reverse())).not.toThrow();
    expect(errorOf(() => refuseReordering([rule({ headers: [HeaderMatch.present('x')] }), rule({ path: PathMatch.prefix('/a') })])).what).toContain('a rule for every path');
  });
});

describe('routes of the Gateway API', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index): HttpMatch => ({ path: PathMatch.exact(`/${index}`) }));

  test('hold no more rules and matches than the API takes, and all of them in order', () => {
    holds(200, fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 40 }), (counts) => {
      const rules = counts.map((count) => rule(...many(count)));
      const batches = routeBatches(rules);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(16);
        expect(batch.reduce((sum, part) => sum + part.matches.length, 0)).toBeLessThanOrEqual(128);
        batch.forEach((part) => expect(part.matches.length).toBeLessThanOrEqual(64));
      }
      expect(batches.flat().flatMap((part) => part.matches)).toEqual(rules.flatMap((part) => part.matches));
    });
  });

  test('give the parts of a long rule names of their own', () => {
    expect(routeBatches([{ ...rule(...many(130)), ruleName: 'long' }]).flat().map(({ ruleName }) => ruleName)).toEqual(['long', 'long-2', 'long-3']);
  });
});
