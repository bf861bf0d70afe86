import { Duration } from 'cdk8s';
import {
  Access, AccessMode, Destination, HeaderMatch, HttpMatch, MeshedService, MethodMatch, PathMatch, Port, Subset, Weight, Workload,
} from '../../../../src';
import { Manifest } from '../../lab/api-client';
import { synthesize } from '../library-app';
import { PORTS, RandomAccess, RandomApp, RandomPath, RandomRule, RandomTarget, samePatience, SERVICES } from './random-app';

/** A service with its versions. */
interface Declared {
  readonly service: MeshedService;
  readonly subsets: Readonly<Record<string, Subset>>;
}

/**
 * An app that can be declared, or undefined: of two edges that say different things of the same requests, and of callers who may do directly a
 * part of what they must not do by way of another service, the library says that they contradict each other; and no match can say that two
 * patterns hold at once.
 */
export function declarable(app: RandomApp): RandomApp | undefined {
  return [app, { ...app, edges: samePatience(app.edges) }].find((candidate) => {
    try {
      return declareApp(candidate);
    } catch (thrown) {
      if (thrown instanceof Error && /\[MESH-E(020|027)\]/.test(thrown.message)) return false;
      throw thrown;
    }
  });
}

/** What the library writes for an app. */
export function declareApp(app: Pick<RandomApp, 'edges' | 'behaviour'>): Manifest[] {
  return synthesize({ namespace: 'north' }, ({ chart, mesh }) => {
    const all = new Map(SERVICES.map(({ name, namespace, versions }): [string, Declared] => {
      const workloads = versions.map(() => Workload.image('lab'));
      const service = new MeshedService(chart, name, {
        mesh,
        namespace,
        ...(versions.length > 0 ? { workload: workloads[0] } : { image: 'lab' }),
        ports: [Port.http(PORTS.http, { targetPort: 8080 }), Port.grpc(PORTS.grpc), Port.tcp(PORTS.tcp)],
        access: app.behaviour[name]?.open ? AccessMode.OPEN : undefined,
      });
      return [name, { service, subsets: Object.fromEntries(versions.map((it, index) => [it, service.subset(it, { workload: workloads[index] })])) }];
    }));
    const destinations = (targets: readonly RandomTarget[]) => targets.map(({ service, version }) => {
      const weight = targets.length > 1 ? Weight.of(100 / targets.length) : undefined;
      const to = all.get(service)!;
      return version ? Destination.subset(to.subsets[version], weight) : Destination.service(to.service, weight);
    });
    for (const [name, { service }] of all) {
      for (const rule of app.behaviour[name]?.rules ?? []) service.addRoute({ matches: matches(rule), destinations: destinations(rule.targets) });
      const connections = app.behaviour[name]?.connections ?? [];
      if (connections.length > 0) service.addTcpRoute({ destinations: destinations(connections) });
    }
    for (const { from, to, denied, access, patient } of app.edges) {
      const [caller, { service }] = [all.get(from)!.service, all.get(to)!];
      if (denied) service.connections.denyFrom(caller, accessOf(access));
      else caller.connections.allowTo(service, accessOf(access), patient ? { timeout: Duration.seconds(20) } : {});
    }
  });
}

function matches({ path, method, route, port }: RandomRule): HttpMatch[] | undefined {
  if (path === undefined && method === undefined && route === undefined && port === undefined) return undefined;
  return [{
    path: path && pathOf(path),
    method: method === undefined ? undefined : MethodMatch.of(method),
    headers: route === undefined ? undefined : [HeaderMatch.exact('x-route', route)],
    servicePort: port,
  }];
}

function accessOf({ kind, ports, methods, paths, reason }: RandomAccess): Access {
  switch (kind) {
    case 'all': return Access.all();
    case 'ports': return Access.ports(...ports);
    case 'grpc': return Access.grpc('shop.v1.Cart', ...paths.map(({ path }) => path.split('/')[2]));
    case 'http': return Access.http({
      servicePorts: ports.length > 0 ? [...ports] : undefined,
      methods: methods.map((it) => MethodMatch.of(it)),
      paths: paths.map(pathOf),
      headers: reason === undefined ? undefined : [HeaderMatch.exact('x-reason', reason)],
    });
  }
}

function pathOf({ kind, path }: RandomPath): PathMatch {
  return { exact: PathMatch.exact, prefix: PathMatch.prefix, template: PathMatch.template }[kind](path);
}
