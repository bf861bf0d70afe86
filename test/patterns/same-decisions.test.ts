import { App, Chart, Duration, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Access, consul, Destination, gatewayapi, HeaderMatch, HttpMatch, HttpRule, IMesh, istio, linkerd, MeshedService, MeshError, MethodMatch,
  PathMatch, Port, QueryMatch, Retries, RetryOn, Weight,
} from '../../src';
import { Decision } from '../../src/engine/simulate/decision';
import { decide, estate } from '../engine/support/estate';
import { chartIn } from '../support/fixtures';
import { manifestsOf } from '../support/manifests';
import { holds } from '../support/properties';

/** An app in words that all meshes know; numbers are services. */
interface Intent {
  readonly routes: readonly { readonly service: number; readonly rule: Rule }[];
  readonly edges: readonly Edge[];
}

interface Match {
  readonly path?: { readonly kind: 'exact' | 'prefix'; readonly path: string };
  readonly method?: string;
  readonly header?: { readonly name: string; readonly text: string };
  readonly query?: { readonly name: string; readonly text: string };
}

interface Rule {
  readonly matches: readonly Match[];
  readonly to: readonly { readonly service: number; readonly weight: number }[];
  readonly timeout?: number;
  readonly retries?: number;
}

interface Edge {
  readonly caller: number;
  readonly target: number;
  readonly methods: readonly string[];
  readonly paths: readonly { readonly kind: 'exact' | 'prefix'; readonly path: string }[];
}

const NAMES = ['ant', 'bee', 'cat', 'dog'];
const namespaceOf = (index: number) => (index < 2 ? 'north' : 'south');

const MESHES: { readonly [name: string]: (chart: Chart) => IMesh } = {
  'istio': (chart) => new istio.IstioMesh(chart, 'mesh'),
  'istio-ambient': (chart) => new istio.IstioMesh(chart, 'mesh', { dataPlane: istio.DataPlane.AMBIENT, experimental: true }),
  'linkerd': (chart) => new linkerd.LinkerdMesh(chart, 'mesh'),
  'consul': (chart) => new consul.ConsulMesh(chart, 'mesh'),
  'gateway-api': (chart) => new gatewayapi.GatewayApiMesh(chart, 'mesh', { experimental: true, accept: ['mtls.strict', 'authz.defaultDeny', 'authz.identity', 'authz.path', 'authz.method'] }),
};

const path = fc.record({ kind: fc.constantFrom('exact' as const, 'prefix' as const), path: fc.constantFrom('/a', '/a/b', '/ab') });
const match: fc.Arbitrary<Match> = fc.oneof(
  path.map((one) => ({ path: one })),
  fc.constantFrom('GET', 'POST').map((method) => ({ method })),
  fc.constantFrom('x-a', 'x-b').map((name) => ({ header: { name, text: '1' } })),
  fc.tuple(path, fc.constantFrom('GET', 'POST')).map(([one, method]) => ({ path: one, method })),
  fc.tuple(path, fc.constantFrom('x-a', 'x-b')).map(([one, name]) => ({ path: one, header: { name, text: '1' } })),
  path.map((one) => ({ path: one, query: { name: 'q', text: '1' } })),
);
const service = fc.nat(NAMES.length - 1);
const to = fc.oneof(
  service.map((one) => [{ service: one, weight: 100 }]),
  fc.tuple(service, service, fc.constantFrom(10, 25, 50)).filter(([one, two]) => one !== two)
    .map(([one, two, weight]) => [{ service: one, weight }, { service: two, weight: 100 - weight }]),
);
const rule: fc.Arbitrary<Rule> = fc.record({
  matches: fc.array(match, { minLength: 1, maxLength: 2 }),
  to,
  timeout: fc.option(fc.constantFrom(500, 3000), { nil: undefined }),
  retries: fc.option(fc.constantFrom(1, 3), { nil: undefined }),
});
const intents: fc.Arbitrary<Intent> = fc.record({
  routes: fc.array(fc.record({ service, rule }), { maxLength: 3 }),
  edges: fc.array(fc.record({
    caller: service, target: service, methods: fc.subarray(['GET', 'POST']), paths: fc.array(path, { maxLength: 1 }),
  }).filter(({ caller, target }) => caller !== target), { minLength: 3, maxLength: 9 }),
});

function pathOf({ kind, path: text }: { readonly kind: 'exact' | 'prefix'; readonly path: string }): PathMatch {
  return kind === 'exact' ? PathMatch.exact(text) : PathMatch.prefix(text);
}

function matchOf({ header, method, path: one, query }: Match): HttpMatch {
  return {
    path: one && pathOf(one),
    method: method === undefined ? undefined : MethodMatch.of(method),
    headers: header && [HeaderMatch.exact(header.name, header.text)],
    queryParams: query && [QueryMatch.exact(query.name, query.text)],
  };
}

function ruleOf({ matches, retries, timeout, to: shares }: Rule, services: readonly MeshedService[]): HttpRule {
  return {
    matches: matches.map(matchOf),
    destinations: shares.map((share) => Destination.service(services[share.service], shares.length > 1 ? Weight.of(share.weight) : undefined)),
    timeout: timeout === undefined ? undefined : Duration.millis(timeout),
    retries: retries === undefined ? undefined : Retries.attempts(retries, { conditions: [RetryOn.SERVER_ERROR] }),
  };
}

/** The manifests of an app on a mesh; the codes and capabilities by which the mesh refuses it where it does. */
function synth(make: (chart: Chart) => IMesh, { edges, routes }: Intent): string | { readonly refused: string } {
  const app = new App({ outdir: '/nonexistent' });
  const chart = chartIn(app, 'estate');
  try {
    const mesh = make(chart);
    const services = NAMES.map((name, index) => new MeshedService(chart, name, {
      mesh, namespace: namespaceOf(index), image: 'registry.example.com/app:1', ports: [Port.http(80, { targetPort: 8080 })],
    }));
    routes.forEach((route) => services[route.service].addRoute(ruleOf(route.rule, services)));
    edges.forEach(({ caller, methods, paths, target }) => services[caller].connections.allowTo(services[target],
      methods.length + paths.length === 0 ? Access.all() : Access.http({ methods: methods.map((item) => MethodMatch.of(item)), paths: paths.map(pathOf) })));
    return Yaml.stringify(...manifestsOf(app));
  } catch (thrown) {
    const errors = MeshError.parse(String(thrown));
    if (errors.length === 0) { throw thrown; }
    return { refused: errors.map(({ code, what }) => `${code} ${what}`).sort().join('; ') };
  }
}

interface Call {
  readonly caller: number;
  readonly target: number;
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
}

const HEADERS: readonly Call['headers'][] = [{}, { 'x-a': '1' }];
const CALLS: readonly Call[] = NAMES.flatMap((_, caller) => NAMES.flatMap((__, target) => (caller === target ? [] : ['GET', 'POST'].flatMap((method) =>
  ['/', '/a', '/a/b', '/ab', '/a?q=1'].flatMap((asked) => HEADERS.map((headers) => ({ caller, target, method, path: asked, headers })))))));

/**
 * What meshes do not do alike, by capability: how a refused request is answered. Ztunnel closes the connection before it has read a request,
 * and a Server with routes has none for requests that nobody may make.
 */
const REFUSALS: { readonly [mesh: string]: { readonly capability: string; readonly statuses: readonly (number | undefined)[] } } = {
  'istio': { capability: 'authz.identity', statuses: [403] },
  'istio-ambient': { capability: 'authz.identity', statuses: [403, undefined] },
  'linkerd': { capability: 'authz.path', statuses: [403, 404] },
  'consul': { capability: 'authz.identity', statuses: [403] },
};

/** A decision in words that do not hang on the mesh. */
function plain(mesh: string, decision: Decision, withAccess: boolean): string {
  const { route, status, verdict } = decision;
  if (verdict === 'denied') { expect(REFUSALS[mesh].statuses).toContain(status); }
  // A waypoint refuses before it looks for a route; where requests go is compared on its own.
  if (verdict === 'denied') { return verdict; }
  if (verdict === 'unroutable') { return `unroutable ${status}`; }
  const sum = route.destinations.reduce((total, { weight }) => total + weight, 0);
  const shares = route.destinations.map(({ host, verdict: own, weight }) => `${host.split('.')[0]} ${Math.round(weight / sum * 100)}${own && withAccess ? ` ${own}` : ''}`).sort();
  const details = [route.timeout ? `within ${route.timeout}` : '', route.path === undefined ? '' : `as ${route.path}`].filter((text) => text !== '');
  return [withAccess ? verdict : '', shares.join(' or '), ...details].join(' ').trim();
}

function matrix(mesh: string, yaml: string, withAccess: boolean): Map<Call, string> {
  const model = estate(yaml, { mesh });
  return new Map(CALLS.map((call) => {
    const host = `${NAMES[call.target]}.${namespaceOf(call.target)}.svc.cluster.local`;
    return [call, plain(mesh, decide(model, {
      ...(withAccess ? {} : { only: 'routing' as const }),
      client: { namespace: namespaceOf(call.caller), labels: { 'app.kubernetes.io/name': NAMES[call.caller] } },
      server: { host, port: 80 },
      http: { method: call.method, path: call.path, headers: call.headers, authority: host },
    }), withAccess)];
  }));
}

describe('apps in words that all meshes know', () => {
  test('are decided alike on every mesh', () => {
    const others = Object.keys(MESHES).filter((name) => name !== 'istio');
    const seen = new Map(others.map((name) => [name, { compared: 0, allowed: 0, denied: 0, refused: new Set<string>() }]));
    holds(8, intents, (intent) => {
      const first = synth(MESHES.istio, intent);
      // Two rules for the same requests are an error on every mesh.
      if (typeof first !== 'string') { return expect(first.refused).toMatch(/^MESH-E019/); }
      const expected = { access: matrix('istio', first, true), routes: matrix('istio', first, false) };
      for (const name of others) {
        const counts = seen.get(name)!;
        const yaml = synth(MESHES[name], intent);
        if (typeof yaml !== 'string') {
          counts.refused.add(yaml.refused);
          continue;
        }
        counts.compared += 1;
        expect(differences(matrix(name, yaml, false), expected.routes)).toEqual([]);
        // Plain Gateway API has no access control: only where requests go can be compared.
        if (name === 'gateway-api') { continue; }
        const access = matrix(name, yaml, true);
        expect(differences(access, expected.access).filter((item) => !isStricter(name, intent, item))).toEqual([]);
        for (const answer of access.values()) { counts[answer === 'denied' ? 'denied' : 'allowed'] += 1; }
      }
    });
    for (const [name, { allowed, compared, denied, refused }] of seen) {
      expect(compared).toBeGreaterThan(0);
      expect(name === 'gateway-api' || (allowed > 10 && denied > 10)).toBe(true);
      // What a mesh refuses to say it does not say wrongly: Linkerd goes by the age of routes where paths are equally long.
      expect([...refused].filter((reason) => name !== 'linkerd' || !reason.includes('decides by the age of routes'))).toEqual([]);
    }
  });
});

interface Difference extends Call {
  readonly answer?: string;
  readonly expected?: string;
}

/**
 * A difference in `authz.identity`: with proxies beside pods, who is led to a service by the routes of another one may call it directly, too.
 * Behind a waypoint the service knows the waypoint only, and keeps everybody out who comes by another way.
 */
function isStricter(mesh: string, { edges }: Intent, { answer, ...call }: Difference): boolean {
  return mesh === 'istio-ambient' && answer === 'denied' && !edges.some((edge) => declares(edge, call));
}

function declares({ caller, methods, paths, target }: Edge, call: Call): boolean {
  const [asked] = call.path.split('?');
  return caller === call.caller && target === call.target && (methods.length === 0 || methods.includes(call.method))
    && (paths.length === 0 || paths.some((one) => asked === one.path || (one.kind === 'prefix' && asked.startsWith(`${one.path}/`))));
}

/** Where two meshes differ, in words. */
function differences(answers: ReadonlyMap<Call, string>, expected: ReadonlyMap<Call, string>): Difference[] {
  return CALLS.filter((call) => answers.get(call) !== expected.get(call)).map((call) => ({ ...call, answer: answers.get(call), expected: expected.get(call) }));
}
