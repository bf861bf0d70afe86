import { App, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Capabilities, Destination, HeaderMatch, HttpMatch, HttpRulePlan, Ingress, MeshedService, MethodMatch, Mirror, PathMatch, Port, Redirect, Weight,
} from '../../../src';
import { compareMatches, matchKey } from '../../../src/core/private/rule-order';
import { FakeMesh } from '../../support/fake-mesh';
import { chartIn, serviceIn } from '../../support/fixtures';
import { errorOf, errorsOf, namesOf } from '../../support/manifests';
import { holds } from '../../support/properties';
import { matches, Request, requests, satisfies } from '../../support/requests';

const INGRESS = { selector: {}, namespace: 'gateways', serviceAccountName: 'gateway', className: 'own' };

function setUp() {
  const chart = chartIn(new App(), 'shop', { namespace: 'shop' });
  const mesh = new FakeMesh(chart, 'mesh', Capabilities.custom('own', Capabilities.ids()), { ingress: INGRESS });
  const ingress = new Ingress(chart, 'in', { mesh, hosts: ['shop.example.com'] });
  const service = (id: string, ...ports: Port[]): MeshedService => serviceIn(chart, id, mesh, ports.length > 0 ? { ports } : {});
  const rules = (): HttpRulePlan[] => { namesOf(chart); return mesh.plan.ingresses[0].httpRules; };
  const lines = () => rules().map((rule) => `${rule.matches.map((match) => [match.path, match.method, ...match.headers ?? []].filter(Boolean).join(' & ') || 'all').join(' | ')} → ${rule.destinations.map((to) => `${to}${to.servicePort ? `:${to.servicePort}` : ''}`).join(' + ')}`);
  return { chart, mesh, ingress, service, rules, lines };
}

const path = (text: string): HttpMatch => ({ path: PathMatch.prefix(text) });

describe('a call from outside', () => {
  test('meets the rules of the service that it goes to', () => {
    const { ingress, service, lines } = setUp();
    const [web, v2] = [service('web'), service('v2')];
    web.splitTo(Destination.service(web, Weight.of(90)), Destination.service(v2, Weight.of(10)));
    web.addRoute({ matches: [{ headers: [HeaderMatch.exact('x-tester', 'yes')] }], destinations: [Destination.service(v2)] });
    ingress.route(web);
    expect(lines()).toEqual(['x-tester exact yes → v2:8080', 'all → web 90:8080 + v2 10:8080']);
  });

  test('goes to the destinations that the route names, past the rules of the service', () => {
    const { ingress, service, lines } = setUp();
    const [web, v2] = [service('web'), service('v2')];
    web.addRoute({ destinations: [Destination.service(v2)] });
    ingress.route(web, { destinations: [Destination.service(web)] });
    expect(lines()).toEqual(['all → web:8080']);
  });

  test('is decided by the most specific route first, and by the service after that', () => {
    const { ingress, service, lines } = setUp();
    const [web, cart, api] = ['web', 'cart', 'api'].map((id) => service(id));
    web.addRoute({ matches: [path('/cart/special'), path('/about')], destinations: [Destination.service(api)] });
    cart.addRoute({ matches: [path('/cart/add')], destinations: [Destination.service(api)] });
    ingress.route(web);
    ingress.route(cart, { matches: [path('/cart')] });
    expect(lines()).toEqual(['prefix /cart/add → api:8080', 'prefix /cart → cart:8080', 'prefix /about → api:8080', 'all → web:8080']);
  });

  test('is an error when two routes both take it', () => {
    const { chart, ingress, service } = setUp();
    ['web', 'cart'].forEach((id) => ingress.route(service(id), { matches: [path('/a')] }));
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E019', constructPath: 'shop/in', what: 'two rules of shop/in both route requests for prefix /a' });
  });

  test('is no error when two routes lead through one rule', () => {
    const { ingress, service, lines } = setUp();
    const web = service('web');
    web.addRoute({ matches: [path('/a/b')], timeout: Duration.seconds(1) });
    ingress.route(web, { matches: [path('/'), path('/a'), path('/a/b/c')] });
    expect(lines()).toEqual(['prefix /a/b/c | prefix /a/b → web:8080', 'prefix /a | prefix / → web:8080']);
  });

  test('to patterns that cannot be joined is an error for each pair', () => {
    const { chart, ingress, service } = setUp();
    const web = service('web');
    ['/a.*', '/b.*'].forEach((pattern) => web.addRoute({ matches: [{ path: PathMatch.regex(pattern) }] }));
    ingress.route(web, { matches: [path('/x')] });
    expect(errorsOf(() => namesOf(chart)).map(({ code, constructPath, what }) => [code, constructPath, what])).toEqual(['/a.*', '/b.*'].map((pattern) => [
      'MESH-E020', 'shop/in', `a route leads to a service with rules of its own, and prefix /x and regex ${pattern} cannot be joined in one match`,
    ]));
  });

  test('has the patience of mesh, service, rule and route, the later over the earlier', () => {
    const { ingress, service, rules, mesh } = setUp();
    const web = service('web');
    web.addRoute({ matches: [path('/slow')], timeout: Duration.seconds(9) });
    ingress.route(web);
    const timeouts = () => rules().map(({ policy }) => policy.timeout?.toSeconds());
    expect(timeouts()).toEqual([9, undefined]);
    const impatient = setUp();
    const cart = impatient.service('cart');
    cart.addRoute({ matches: [path('/slow')], timeout: Duration.seconds(9) });
    impatient.ingress.route(cart, { timeout: Duration.seconds(2), ruleName: 'all' });
    expect(impatient.rules().map(({ ruleName, policy }) => [ruleName, policy.timeout?.toSeconds()])).toEqual([['all', 2], ['all', 2]]);
    expect(mesh.plan.ingresses[0].identity.spiffeId).toBe('spiffe://cluster.local/ns/gateways/sa/gateway');
  });

  test('goes by the port of the route, and past rules for other ports', () => {
    const { ingress, service, lines, rules } = setUp();
    const [web, other] = [service('web', Port.http(80), Port.grpc(90)), service('other', Port.http(80), Port.grpc(90))];
    web.addRoute({ matches: [{ servicePort: 80, ...path('/a') }], destinations: [Destination.service(other)] });
    web.addRoute({ matches: [{ servicePort: 90, ...path('/b') }], mirrors: [Mirror.to(Destination.service(other))] });
    ingress.route(web, { servicePort: 90 });
    expect(lines()).toEqual(['prefix /b → web:90', 'all → web:90']);
    expect(rules()[0].mirrors![0].destination.servicePort).toBe(90);
  });

  test('is answered where the service answers by itself, without destinations', () => {
    const { ingress, service, rules } = setUp();
    const web = service('web');
    web.addRoute({ matches: [path('/old')], redirect: Redirect.to({ host: 'new.example.com' }) });
    ingress.route(web, { timeout: Duration.seconds(1) });
    expect(rules()[0]).toMatchObject({ destinations: [], policy: {}, redirect: { host: 'new.example.com' } });
  });

  test('is let in by the services that it arrives at, by just the ports that it goes to', () => {
    const { mesh, ingress, service, rules } = setUp();
    const [web, v2, far] = [service('web', Port.http(80), Port.tcp(90)), service('v2'), service('far', Port.http(81), Port.grpc(82))];
    ingress.route(web);
    ingress.route(web, { matches: [path('/v2')], destinations: [Destination.service(v2, Weight.of(50)), Destination.service(far, Weight.of(50), 82)] });
    rules();
    const planOf = (id: string) => mesh.plan.services.find((plan) => plan.serviceName === id)!;
    const inbound = (id: string) => planOf(id).inbound.map(({ caller, access, gateway }) => [caller.identity!.serviceAccountName, access.servicePorts, gateway]);
    expect(inbound('web')).toEqual([['gateway', [80], true]]);
    expect(inbound('v2')).toEqual([['gateway', [], true]]);
    expect(inbound('far')).toEqual([['gateway', [82], true]]);
  });
});

describe('the rules of a way in', () => {
  interface Sample { readonly outer: HttpMatch[]; readonly inner: HttpMatch[] }
  const unique = (list: readonly HttpMatch[]) => [...new Map(list.map((match) => [matchKey(match), match])).values()];
  const portless = matches.map((match) => ({ ...match, servicePort: undefined }));
  const samples = fc.record({ outer: fc.array(portless, { minLength: 1, maxLength: 5 }), inner: fc.array(portless, { maxLength: 5 }) })
    .map(({ outer, inner }): Sample => ({ outer: unique(outer), inner: unique(inner) }));

  /** Decides as the two levels are meant: the most specific route that holds, then the most specific rule of its service. */
  function decide({ outer, inner }: Sample, request: Request): string | undefined {
    const best = (list: readonly HttpMatch[]) => list.map((match, index) => ({ match, index })).filter(({ match }) => satisfies(request, match))
      .sort((a, b) => compareMatches(a.match, b.match) || (matchKey(a.match) < matchKey(b.match) ? -1 : 1))[0]?.index;
    const route = best(outer);
    return route === undefined ? undefined : `${route}/${best(inner) ?? 'self'}`;
  }

  test('decide as route and service do one after the other', () => {
    let compared = 0;
    holds(400, fc.tuple(samples, fc.array(requests, { minLength: 20, maxLength: 20 })), ([sample, some]) => {
      const { ingress, service, rules, chart } = setUp();
      const web = service('web');
      sample.inner.forEach((match, index) => web.addRoute({ ruleName: `${index}`, matches: [match] }));
      sample.outer.forEach((match, index) => ingress.route(web, { matches: [match], timeout: Duration.seconds(index + 1) }));
      let planned: HttpRulePlan[];
      try { planned = rules(); } catch { expect(errorsOf(() => namesOf(chart)).every(({ code }) => code === 'MESH-E020')).toBe(true); return; }
      for (const request of some) {
        const rule = planned.find((candidate) => candidate.matches.some((match) => satisfies(request, match)));
        const decided = rule && `${rule.policy.timeout!.toSeconds() - 1}/${rule.ruleName ?? 'self'}`;
        expect(decided).toBe(decide(sample, request));
        compared += 1;
      }
    });
    expect(compared).toBeGreaterThan(1000);
  });
});

describe('a route is refused when it is added', () => {
  test('to a port that the service lacks, or to one of several', () => {
    const { ingress, service } = setUp();
    const web = service('web', Port.http(80), Port.http(81), Port.tcp(82));
    expect(errorOf(() => ingress.route(web))).toMatchObject({ code: 'MESH-E005', constructPath: 'shop/in', what: 'web has several ports for requests', fix: 'name one with servicePort (it has 80, 81)' });
    expect(errorOf(() => ingress.route(web, { servicePort: 82 }))).toMatchObject({ code: 'MESH-E005', what: 'web has no such port for requests' });
    expect(errorOf(() => ingress.route(service('redis', Port.tcp(1))))).toMatchObject({ code: 'MESH-E005', fix: 'name one with servicePort (it has none)' });
  });

  test('for requests by a Service port, which no gateway knows', () => {
    const { ingress, service } = setUp();
    expect(errorOf(() => ingress.route(service('web'), { matches: [{ servicePort: 8080, method: MethodMatch.GET }] }))).toMatchObject({
      code: 'MESH-E005', constructPath: 'shop/in', what: 'a match by port 8080, by which no requests come in', fix: 'use one of none',
    });
  });

  test('with weights that do not sum, or a timeout of nothing', () => {
    const { ingress, service } = setUp();
    const web = service('web');
    expect(errorOf(() => ingress.route(web, { destinations: [Destination.service(web, Weight.of(50)), Destination.service(service('v2'), Weight.of(60))] }))).toMatchObject({ code: 'MESH-E008', constructPath: 'shop/in' });
    expect(errorOf(() => ingress.route(web, { timeout: Duration.millis(0) }))).toMatchObject({ code: 'MESH-E010', constructPath: 'shop/in' });
  });
});
