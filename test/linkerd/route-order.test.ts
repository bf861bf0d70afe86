import { App, Yaml } from 'cdk8s';
import { Access, Destination, HeaderMatch, HttpMatch, linkerd, MethodMatch, PathMatch, Retries, RetryOn } from '../../src';
import { decide, estate } from '../engine/support/estate';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf, manifestsOf } from '../support/manifests';

/** The service that a request for `cart` is sent to, by rules for `one`, `two` and so on. */
function taken(rules: readonly (readonly [HttpMatch, boolean?])[], request: { method?: string; path?: string; headers?: { [name: string]: string } }): string {
  const app = new App({ outdir: '/nonexistent' });
  const chart = chartIn(app, 'shop', { namespace: 'shop' });
  const mesh = new linkerd.LinkerdMesh(chart, 'mesh');
  const cart = serviceIn(chart, 'cart', mesh);
  const caller = serviceIn(chart, 'caller', mesh);
  caller.connections.allowTo(cart, Access.all());
  rules.forEach(([match, retried], index) => cart.addRoute({
    matches: [match],
    destinations: [Destination.service(serviceIn(chart, ['one', 'two', 'three'][index], mesh))],
    retries: retried ? Retries.attempts(2, { conditions: [RetryOn.SERVER_ERROR] }) : undefined,
  }));
  const decision = decide(estate(Yaml.stringify(...manifestsOf(app)), { mesh: 'linkerd' }), {
    only: 'routing', server: { host: 'cart.shop', port: 8080 }, http: { authority: 'cart.shop', ...request },
  });
  return decision.route.destinations[0].host.split('.')[0];
}

describe('rules in Linkerd, whose proxy has an order of its own', () => {
  test('for a method stand before those for a header, as on every other mesh', () => {
    const rules: [HttpMatch][] = [[{ method: MethodMatch.GET }], [{ headers: [HeaderMatch.exact('x-a', '1')] }]];
    expect(taken(rules, { headers: { 'x-a': '1' } })).toBe('one');
    expect(taken(rules, { method: 'PUT', headers: { 'x-a': '1' } })).toBe('two');
    expect(taken(rules, { method: 'GET' })).toBe('one');
  });

  test('that ask for equally much keep their places, even where retries put them into routes of their own', () => {
    const header = (name: string): HttpMatch => ({ headers: [HeaderMatch.exact(name, '1')] });
    const all = { headers: { 'x-a': '1', 'x-b': '1', 'x-c': '1' } };
    expect(taken([[header('x-a'), true], [header('x-b')], [header('x-c'), true]], all)).toBe('one');
    expect(taken([[header('x-a'), true], [header('x-b')], [header('x-c'), true]], { headers: { 'x-b': '1', 'x-c': '1' } })).toBe('two');
  });

  test('match whole texts by patterns with alternatives', () => {
    expect(taken([[{ path: PathMatch.regex('/(a|ab)') }]], { path: '/ab' })).toBe('one');
    expect(taken([[{ path: PathMatch.regex('/(a|ab)') }]], { path: '/abc' })).toBe('cart');
    expect(taken([[{ headers: [HeaderMatch.regex('x-a', 'a|ab')] }]], { headers: { 'x-a': 'ab' } })).toBe('one');
  });

  test('are refused where a pattern would be taken before the prefix that stands above it', () => {
    const rules = [[{ path: PathMatch.prefix('/a') }], [{ path: PathMatch.regex('/a.*') }]] as const;
    expect(errorOf(() => taken(rules, { path: '/a/b' }))).toMatchObject({ code: 'MESH-E021' });
  });
});
