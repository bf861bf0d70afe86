import * as assert from 'assert/strict';
import { Access, ExternalService, MeshedService, MethodMatch, PathMatch, Port, ZeroTrustNamespace } from '../../../src';
import { RunningApp } from '../istio/deployment';
import { synthesize } from '../istio/library-app';
import { LabRequest, LabResponse } from '../lab/agent/protocol';
import { Manifest } from '../lab/api-client';
import { MeshLab } from '../lab/mesh-lab';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

const NAMES = ['ant', 'bee', 'cat', 'dog'] as const;
type Name = typeof NAMES[number];
const namespaceOf = (name: Name) => (name === 'ant' || name === 'bee' ? 'north' : 'south');

/** An edge, and which of the calls below it lets through. */
interface Edge {
  readonly from: Name;
  readonly to: Name;
  readonly access: Access;
  readonly lets: (call: Call) => boolean;
}

interface Call {
  readonly port: 'http' | 'tcp';
  readonly method: string;
  readonly path: string;
}

const CALLS: readonly Call[] = [
  ...['GET', 'POST'].flatMap((method) => ['/', '/orders', '/orders/7', '/ordersold'].map((path): Call => ({ port: 'http', method, path }))),
  { port: 'tcp', method: '', path: '' },
];

const ACCESS: readonly Pick<Edge, 'access' | 'lets'>[] = [
  { access: Access.all(), lets: () => true },
  { access: Access.ports(9000), lets: ({ port }) => port === 'tcp' },
  { access: Access.http({}), lets: ({ port }) => port === 'http' },
  { access: Access.http({ methods: [MethodMatch.GET] }), lets: ({ method }) => method === 'GET' },
  { access: Access.http({ paths: [PathMatch.prefix('/orders')] }), lets: ({ path }) => path === '/orders' || path.startsWith('/orders/') },
  { access: Access.http({ methods: [MethodMatch.POST], paths: [PathMatch.exact('/orders')] }), lets: ({ method, path }) => method === 'POST' && path === '/orders' },
];

/** Some edges for each app: every kind of access stands between some two services in some app. */
function edgesOf(index: number): Edge[] {
  const pairs = NAMES.flatMap((from) => NAMES.filter((to) => to !== from).map((to) => ({ from, to })));
  return pairs.flatMap((pair, number) => ((number + index) % 2 === 0 ? [{ ...pair, ...ACCESS[(number * 5 + index) % ACCESS.length] }] : []));
}

/** What the library writes: both namespaces trust nobody. */
function declare(edges: readonly Edge[]): Manifest[] {
  return synthesize({ namespace: 'north' }, ({ chart, mesh }) => {
    ['north', 'south'].forEach((namespace) => new ZeroTrustNamespace(chart, namespace, { mesh }));
    const services = new Map(NAMES.map((name) => [name, new MeshedService(chart, name, {
      mesh, namespace: namespaceOf(name), image: 'lab', ports: [Port.http(80, { targetPort: 8080 }), Port.tcp(9000)],
    })]));
    // Somebody must be named for it to be known what is outside.
    const outside = new ExternalService(chart, 'outside', { mesh, namespace: 'south', hosts: ['known.example.com'], ports: [Port.http(80)], endpoints: ['192.0.2.1'] });
    services.get('dog')!.connections.allowTo(outside);
    edges.forEach(({ from, to, access }) => services.get(from)!.connections.allowTo(services.get(to)!, access));
  }).filter(({ kind }) => kind !== 'Namespace' && kind !== 'NetworkPolicy');
}

const APPS = 4;

/** Namespaces in which only what was declared may talk, in real proxies. */
export const part: SuitePart = {
  name: 'zero-trust',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const lab = await MeshLab.start(t.lab);
    const running = await RunningApp.start(lab, declare(edgesOf(0)));
    await lab.settle();
    const totals = { allowed: 0, denied: 0 };
    for (let index = 0; index < APPS; index++) {
      const edges = edgesOf(index);
      await t.check(`app ${index + 1} of ${APPS}: exactly the declared calls arrive`, async () => {
        await running.use(declare(edges));
        await Promise.all(NAMES.map(async (name) => running.pod(name).seen()));
        const tried = NAMES.flatMap((from) => NAMES.filter((to) => to !== from).flatMap((to) => CALLS.map((call, number) => ({
          from,
          to,
          call,
          id: `zt-${index}-${from}-${to}-${number}`,
          expected: edges.some((edge) => edge.from === from && edge.to === to && edge.lets(call)),
        }))));
        const answers: LabResponse[] = await Promise.all(tried.map(async ({ from, to, call, id }) => running.pod(from).send(requestOf(running, to, call, id))));
        const seen = new Set((await Promise.all(NAMES.map(async (name) => running.pod(name).seen()))).flat().map((it) => it.headers['x-call'] ?? it.body));
        const counts = { allowed: 0, denied: 0 };
        tried.forEach(({ from, to, call, id, expected }, number) => {
          const what = `${from} to ${to} ${JSON.stringify(call)} got ${answers[number].status ?? answers[number].error}`;
          assert.equal(seen.has(id), expected, what);
          assert.notEqual(answers[number].error, 'timeout', what);
          counts[expected ? 'allowed' : 'denied'] += 1;
        });
        totals.allowed += counts.allowed;
        totals.denied += counts.denied;
        return `${counts.allowed} allowed, ${counts.denied} denied`;
      });
    }
    await t.check('the calls were enough, and of both kinds', async () => {
      assert.ok(totals.allowed + totals.denied >= 200 && totals.allowed >= 50 && totals.denied >= 50);
      return `${totals.allowed + totals.denied} calls`;
    });
    await t.check('a host that nothing declares cannot be called', async () => {
      const answer = await running.pod('dog').send({ address: running.service('ant').clusterIp, port: 80, host: 'unknown.example.com', method: 'GET', path: '/' });
      assert.equal(answer.status, 502);
      return `status ${answer.status}`;
    });
  },
};

function requestOf(running: RunningApp, to: Name, { port, method, path }: Call, id: string): LabRequest {
  const { clusterIp, name, namespace } = running.service(to);
  const common = { address: clusterIp, port: port === 'http' ? 80 : 9000, host: `${name}.${namespace}` };
  return port === 'tcp' ? { ...common, speak: 'tcp', body: id } : { ...common, method, path, headers: { 'x-call': id } };
}
