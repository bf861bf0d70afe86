import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { Capabilities, Destination, DirectResponse, HeaderMatch, HttpMatch, HttpRule, HttpRulePlan, PathMatch, PeerKind, Redirect, Retries } from '../../../src';
import { composeRules } from '../../../src/core/private/compose-rules';
import { compareMatches, matchKey } from '../../../src/core/private/rule-order';
import { MeshFault } from '../../../src/private/errors';
import { FakeMesh } from '../../support/fake-mesh';
import { chartIn, serviceIn } from '../../support/fixtures';
import { holds } from '../../support/properties';
import { matches, Request, requests, satisfies } from '../../support/requests';

const chart = chartIn();
const mesh = new FakeMesh(chart, 'mesh', Capabilities.of('istio'));
const cart = serviceIn(chart, 'cart', mesh);
const owners = ['a', 'b', 'c'].map((id) => new Construct(chart, id));

interface Sample { readonly rule: HttpRule; readonly owner: number }

/** Rules, no two of which speak of the same requests by their writing, each recognizable by its name. */
const samples: fc.Arbitrary<Sample[]> = fc.uniqueArray(matches, { selector: matchKey, maxLength: 12 })
  .chain((list) => fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 })), { minLength: list.length, maxLength: list.length })
    .map((marks) => group(list, marks)));

function group(list: readonly HttpMatch[], marks: readonly (readonly [number, number])[]): Sample[] {
  const rules = new Map<number, { matches: HttpMatch[]; owner: number }>();
  list.forEach((match, index) => {
    const [rule, owner] = marks[index];
    const known = rules.get(rule);
    if (known) { known.matches.push(match); } else { rules.set(rule, { matches: [match], owner }); }
  });
  return [...rules].map(([id, { matches: own, owner }]) => ({ rule: { ruleName: `rule-${id}`, matches: own }, owner }));
}

function compose(list: readonly Sample[], faults: MeshFault[] = []): HttpRulePlan[] {
  return composeRules({
    rules: list.map(({ rule, owner }) => ({ rule, owner: owners[owner] })),
    fallback: Destination.service(cart),
    policy: {},
    clientPolicies: [],
    path: 'cart',
    report: (fault) => faults.push(fault),
  });
}

function decide(rules: readonly HttpRulePlan[], request: Request): HttpRulePlan | undefined {
  return rules.find((rule) => rule.matches.some((match) => satisfies(request, match)));
}

describe('rules of one host', () => {
  test('come in an order that depends on what they say alone', () => {
    const said = (rules: readonly HttpRulePlan[]) => rules.map((rule) => [rule.ruleName, rule.matches.map(matchKey)]);
    const rearranged = samples.chain((list) => fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray(list, { minLength: list.length }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: list.length, maxLength: list.length }),
    ));
    holds(500, rearranged, ([list, shuffled, other]) => {
      const faults: MeshFault[] = [];
      const expected = said(compose(list, faults));
      expect(faults).toEqual([]);
      expect(said(compose(shuffled))).toEqual(expected);
      expect(said(compose(list.map(({ rule }, index) => ({ rule, owner: other[index] }))))).toEqual(expected);
    });
  });

  test('are all there, each match once', () => {
    holds(500, samples, (list) => {
      const before = list.flatMap(({ rule }) => rule.matches!.map((match) => `${rule.ruleName} ${matchKey(match)}`)).sort();
      const after = compose(list).filter((rule) => rule.ruleName !== undefined).flatMap((rule) => rule.matches.map((match) => `${rule.ruleName} ${matchKey(match)}`)).sort();
      expect(after).toEqual(before);
    });
  });

  test('decide for the most specific match that holds', () => {
    holds(1000, fc.tuple(samples, fc.array(requests, { minLength: 10, maxLength: 10 })), ([list, some]) => {
      const rules = compose(list);
      for (const request of some) {
        const fitting = list.flatMap(({ rule }) => rule.matches!.filter((match) => satisfies(request, match)).map((match) => ({ match, name: rule.ruleName })));
        const decided = decide(rules, request);
        if (fitting.length === 0) {
          expect(decided?.ruleName).toBeUndefined();
          continue;
        }
        const first = decided!.matches.find((match) => satisfies(request, match))!;
        expect(fitting.map(({ name }) => name)).toContain(decided!.ruleName);
        fitting.forEach(({ match }) => expect(compareMatches(first, match)).toBeLessThanOrEqual(0));
      }
    });
  });

  test('leave no request without an answer', () => {
    holds(300, fc.tuple(samples, requests), ([list, request]) => expect(list.length === 0 || decide(compose(list), request) !== undefined).toBe(true));
  });
});

describe('specificity', () => {
  test('is a consistent order', () => {
    holds(2000, fc.tuple(matches, matches, matches), ([a, b, c]) => {
      expect(Math.sign(compareMatches(a, b)) + Math.sign(compareMatches(b, a))).toBe(0);
      if (compareMatches(a, b) <= 0 && compareMatches(b, c) <= 0) { expect(compareMatches(a, c)).toBeLessThanOrEqual(0); }
    });
  });

  test('takes the prefix / for no condition at all', () => {
    const [all, header] = [{ path: PathMatch.prefix('/') }, { headers: [HeaderMatch.present('x')] }];
    expect(compose([{ rule: { matches: [all] }, owner: 0 }, { rule: { matches: [header] }, owner: 0 }]).map((rule) => rule.matches)).toEqual([[header], [all]]);
  });

  test('puts exact paths before templates, those before longer and shorter prefixes, those before patterns and everything else', () => {
    const list = [PathMatch.regex('/a.*'), PathMatch.prefix('/'), PathMatch.prefix('/a'), PathMatch.template('/a/{*}'), PathMatch.prefix('/a/b'), PathMatch.exact('/a')];
    const rules = compose(list.map((path, index) => ({ rule: { ruleName: String(index), matches: [{ path }] }, owner: 0 })));
    expect(rules.map((rule) => rule.matches[0].path!.toString())).toEqual(['exact /a', 'template /a/{*}', 'prefix /a/b', 'prefix /a', 'regex /a.*', 'prefix /']);
  });
});

describe('two rules for the same requests', () => {
  test('are an error that names both constructs, each pair once', () => {
    const rule = (path: string): HttpRule => ({ matches: [{ path: PathMatch.prefix(path) }] });
    const faults: MeshFault[] = [];
    compose([{ rule: rule('/a'), owner: 1 }, { rule: rule('/b'), owner: 0 }, { rule: rule('/a/'), owner: 0 }, { rule: rule('/b'), owner: 0 }], faults);
    expect(faults.map(({ code, what, path }) => ({ code, what, path }))).toEqual([
      { code: 'MESH-E019', what: 'test/a and test/b both route requests for prefix /a', path: 'test/b' },
      { code: 'MESH-E019', what: 'two rules of test/a both route requests for prefix /b', path: 'test/a' },
    ]);
  });

  test('are no error within one rule', () => {
    const faults: MeshFault[] = [];
    const rules = compose([{ rule: { matches: [{ path: PathMatch.prefix('/a') }, { path: PathMatch.prefix('/a/') }] }, owner: 0 }], faults);
    expect(faults).toEqual([]);
    expect(rules[0].matches).toHaveLength(1);
  });
});

describe('policies of rules', () => {
  const sources = (rule: HttpRule) => ({
    rules: [{ rule, owner: owners[0] }],
    fallback: Destination.service(cart),
    path: 'cart',
    report: () => undefined,
    clientPolicies: [],
    policy: { timeout: Duration.seconds(1), retries: Retries.attempts(2, { perTryTimeout: Duration.millis(900) }) },
  });
  const seconds = (rule: HttpRulePlan) => rule.policy.timeout?.toMilliseconds();
  const client = { kind: PeerKind.SERVICE, namespace: 'x' };

  test('are those of the service, unless the rule says otherwise, unless the caller does', () => {
    const rule = { timeout: Duration.seconds(2), matches: [{ path: PathMatch.prefix('/a') }] };
    expect(composeRules(sources(rule)).map(seconds)).toEqual([2000, 1000]);
    expect(composeRules({ ...sources(rule), shared: { timeout: Duration.seconds(3) } }).map(seconds)).toEqual([3000, 3000]);
    const withClient = composeRules({ ...sources(rule), clientPolicies: [{ clients: [client], policy: { timeout: Duration.seconds(3) } }] });
    expect(withClient.map((plan) => [plan.clients?.length ?? 0, seconds(plan)])).toEqual([[1, 3000], [0, 2000], [1, 3000], [0, 1000]]);
  });

  test('lose a limit for each try that is beyond the whole call', () => {
    const [rule] = composeRules(sources({ timeout: Duration.millis(500) }));
    expect(rule.policy.retries).toMatchObject({ maxAttempts: 2, perTryTimeout: undefined });
  });

  test('mean nothing where nobody is asked', () => {
    for (const rule of [{ redirect: Redirect.toHttps() }, { directResponse: DirectResponse.of(404) }]) {
      const plans = composeRules({ ...sources(rule), clientPolicies: [{ clients: [client], policy: { timeout: Duration.seconds(3) } }] });
      expect(plans).toHaveLength(1);
      expect(plans[0]).toMatchObject({ policy: {}, destinations: [] });
    }
  });

  test('alone are enough to speak of every request', () => {
    expect(composeRules({ ...sources({}), rules: [] })).toMatchObject([{ matches: [{}], destinations: [{ targetService: cart }] }]);
    expect(composeRules({ ...sources({}), rules: [], policy: {} })).toEqual([]);
  });
});

