import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { Access, Destination, ExternalService, istio, MeshedService, PathMatch, Peer, Port, ServiceRoute } from '../../src';
import { chartIn, serviceIn } from '../support/fixtures';
import { manifestsOf } from '../support/manifests';
import { holds } from '../support/properties';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

/** Who calls whom, which paths of which service have a rule, and who comes from outside of the app. */
interface Sample {
  readonly edges: readonly (readonly [number, number, number])[];
  readonly rules: readonly (readonly [number, number, number])[];
  readonly peers: readonly number[];
}

const index = fc.integer({ min: 0, max: NAMES.length - 1 });
const samples: fc.Arbitrary<Sample> = fc.record({
  edges: fc.uniqueArray(fc.tuple(index, index, fc.integer({ min: 0, max: 2 })), { selector: (edge) => edge.join(), maxLength: 12 }),
  rules: fc.uniqueArray(fc.tuple(index, fc.integer({ min: 0, max: 3 }), index), { selector: ([service, path]) => `${service} ${path}`, maxLength: 8 }),
  peers: fc.uniqueArray(index, { maxLength: 3 }),
});

const ACCESSES = [Access.all(), Access.ports(8080), Access.http({ paths: [PathMatch.prefix('/read')] })];
const PATHS = [PathMatch.exact('/x'), PathMatch.prefix('/x'), PathMatch.prefix('/x/y'), PathMatch.template('/x/{*}')];

/** Every manifest of an app, declared in the order that the permutations give. */
function synthesize({ edges, rules, peers }: Sample, services: readonly number[], steps: (length: number) => readonly number[]): Map<string, unknown> {
  const chart = chartIn(new App(), 'shop', { namespace: 'shop' });
  const mesh = new istio.IstioMesh(chart, 'mesh');
  const byIndex = new Map<number, MeshedService>(services.map((at) => [at, serviceIn(chart, NAMES[at], mesh, { egressScope: at % 2 === 0 })]));
  const pay = new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)] });
  const all = [
    ...edges.map(([from, to, access]) => () => byIndex.get(from)!.connections.allowTo(byIndex.get(to)!, ACCESSES[access])),
    ...rules.map(([service, path, to]) => () => new ServiceRoute(chart, `rule-${service}-${path}`, {
      service: byIndex.get(service)!, matches: [{ path: PATHS[path] }], destinations: [Destination.service(byIndex.get(to)!)],
    })),
    ...peers.map((at) => () => byIndex.get(at)!.connections.allowFrom(Peer.namespace(`peer-${at}`))),
    () => byIndex.get(0)!.connections.allowTo(pay),
  ];
  steps(all.length).forEach((at) => { all[at](); });
  return new Map(manifestsOf(chart).map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest]));
}

test('what is written does not depend on the order of services, edges and rules', () => {
  holds(60, fc.tuple(samples, fc.shuffledSubarray(NAMES.map((_, at) => at), { minLength: NAMES.length }), fc.infiniteStream(fc.nat())), ([sample, shuffled, numbers]) => {
    const keys: number[] = [];
    const shuffle = (length: number) => Array.from({ length }, (_, at) => {
      keys[at] = numbers.next().value as number;
      return at;
    }).sort((x, y) => keys[x] - keys[y] || x - y);
    const inOrder = synthesize(sample, NAMES.map((_, at) => at), (length) => Array.from({ length }, (_, at) => at));
    expect(synthesize(sample, shuffled, shuffle)).toEqual(inOrder);
  });
});
