import { App, Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Access, AccessMode, CircuitBreaker, Destination, ExternalService, HeaderMatch, linkerd, MeshedService, MeshError, MethodMatch, MtlsMode,
  PathMatch, Peer, Port, Retries, RetryOn, Weight,
} from '../../src';
import { readText } from '../../src/engine/model/yaml-text';
import { validateDocuments } from '../../src/engine/validate/validate-documents';
import { holds } from '../support/properties';

const NAMES = ['ant', 'bee', 'cat', 'dog'];
const PORTS: readonly (() => Port[])[] = [
  () => [Port.http(80, { targetPort: 8080 })], () => [Port.grpc(7070)], () => [Port.tcp(5432)], () => [Port.http(80, { targetPort: 8080 }), Port.grpc(7070)],
];

const service = fc.nat(NAMES.length - 1);
const anyPath = fc.constantFrom('/', '/a', '/a/b', '/c');
const duration = fc.constantFrom(1, 250, 1500, 60_000, 5_400_000);

/** An app in words that all meshes know. */
const intents = fc.record({
  ports: fc.tuple(...NAMES.map(() => fc.nat(PORTS.length - 1))),
  access: fc.tuple(...NAMES.map(() => fc.constantFrom(AccessMode.DECLARED, AccessMode.AUDIT, AccessMode.OPEN))),
  mtls: fc.constantFrom(MtlsMode.STRICT, MtlsMode.PERMISSIVE),
  timeout: fc.option(duration, { nil: undefined }),
  errors: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  penalty: fc.option(fc.constantFrom(500, 30_000, 90_000), { nil: undefined }),
  edges: fc.array(fc.record({
    caller: service, target: service, methods: fc.subarray(['GET', 'POST']), paths: fc.array(anyPath, { maxLength: 2 }), kind: fc.constantFrom('service', 'namespace', 'addresses'),
  }), { maxLength: 6 }),
  rules: fc.array(fc.record({
    target: service,
    to: service,
    weight: fc.constantFrom(10, 50, 100),
    path: fc.option(anyPath, { nil: undefined }),
    header: fc.boolean(),
    retries: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    timeout: fc.option(duration, { nil: undefined }),
  }), { maxLength: 4 }),
  external: fc.option(fc.constantFrom('tls', 'http', 'tcp'), { nil: undefined }),
  deny: fc.boolean(),
});

type Intent = typeof intents extends fc.Arbitrary<infer T> ? T : never;

/** Paths of gRPC calls are methods. */
function pathOf(ports: number, path: string): PathMatch {
  return ports === 1 || ports === 3 ? PathMatch.exact(`/zoo.Keeper/Feed${path.length}`) : PathMatch.prefix(path);
}

/** What Linkerd writes for an app; nothing for one that is refused. */
function write(intent: Intent): string | undefined {
  const chart = new Chart(new App(), 'app', { namespace: 'zoo' });
  const mesh = new linkerd.LinkerdMesh(chart, 'mesh', { mtls: intent.mtls, denyUndeclaredEgress: intent.deny, accept: ['match.source', 'retry.connect'] });
  try {
    const services = NAMES.map((name, index) => new MeshedService(chart, name, {
      mesh,
      image: name,
      ports: PORTS[intent.ports[index]](),
      access: intent.access[index],
      timeout: intent.timeout === undefined || intent.ports[index] === 2 ? undefined : Duration.millis(intent.timeout),
      circuitBreaker: intent.errors === undefined ? undefined
        : CircuitBreaker.of({ outliers: { consecutiveServerErrors: intent.errors, baseEjectionTime: intent.penalty === undefined ? undefined : Duration.millis(intent.penalty) } }),
    }));
    for (const { caller, target, methods, paths, kind } of intent.edges) {
      if (caller === target) { continue; }
      const limited = methods.length + paths.length > 0 && intent.ports[target] !== 2;
      const access = limited ? Access.http({ methods: methods.map((method) => MethodMatch.of(method)), paths: paths.map((one) => pathOf(intent.ports[target], one)) })
        : Access.all();
      const peer = kind === 'service' ? services[caller] : kind === 'namespace' ? Peer.namespace('tools') : Peer.addresses('10.1.0.0/16', '192.0.2.7');
      services[target].connections.allowFrom(peer, access);
    }
    for (const { target, to, weight, path: prefix, header, retries, timeout } of intent.rules) {
      if (intent.ports[target] === 2 || intent.ports[to] !== intent.ports[target]) { continue; }
      services[target].addRoute({
        matches: [{ path: prefix === undefined ? undefined : pathOf(intent.ports[target], prefix), headers: header ? [HeaderMatch.exact('x-a', '1')] : undefined }],
        destinations: weight === 100 || to === target ? [Destination.service(services[to])]
          : [Destination.service(services[to], Weight.of(weight)), Destination.service(services[target], Weight.of(100 - weight))],
        retries: retries === undefined ? undefined : Retries.attempts(retries, { conditions: [RetryOn.SERVER_ERROR, RetryOn.GRPC_UNAVAILABLE], statusCodes: [429] }),
        timeout: timeout === undefined ? undefined : Duration.millis(timeout),
      });
    }
    if (intent.external !== undefined) {
      const port = { tls: Port.tls(443), http: Port.http(80), tcp: Port.tcp(5432) }[intent.external];
      services[0].connections.allowTo(new ExternalService(chart, 'outside', { mesh, hosts: ['api.example.com'], ports: [port] }));
    }
    return (chart.node.root as App).synthYaml();
  } catch (error) {
    if (error instanceof Error && MeshError.parse(error.message).length > 0) { return undefined; }
    throw error;
  }
}

test('whatever is written for Linkerd obeys its admission rules, by the reading of the validator', () => {
  let written = 0;
  let tried = 0;
  const kinds = new Set<string>();
  holds(60, intents, (intent) => {
    tried += 1;
    const text = write(intent);
    if (text === undefined) { return; }
    written += 1;
    for (const [, kind] of text.matchAll(/^kind: (\w+)$/gm)) { kinds.add(kind); }
    const { findings } = validateDocuments(readText(text));
    expect(findings.map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
  });
  expect(written / tried).toBeGreaterThan(0.3);
  expect([...kinds]).toEqual(expect.arrayContaining(['Server', 'AuthorizationPolicy', 'MeshTLSAuthentication', 'NetworkAuthentication', 'HTTPRoute', 'GRPCRoute', 'EgressNetwork']));
});
