import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import {
  Access, Destination, HashKey, HeaderMatch, Ingress, LoadBalancing, MethodMatch, PathMatch, QueryMatch, Retries, RetryOn, ServiceRoute, Weight,
} from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { SuiteContext } from '../../suite';
import { Observations, RunningShop, Shop, times } from '../shop';

/** Where requests and connections go. */
export async function checkRouting(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, other } = shop;
  const fromClient = async (...requests: LabRequest[]) => shop.askAll(client, requests);

  await t.check('a 90/10 split sends about a tenth to the second version; a header and a query parameter send all', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.splitTo(Destination.subset(it.v1, Weight.of(90)), Destination.subset(it.v2, Weight.of(10)));
      new ServiceRoute(it.chart, 'testers', {
        service: it.api,
        matches: [{ headers: [HeaderMatch.exact('x-tester', 'yes')] }, { queryParams: [QueryMatch.exact('tester', 'yes')] }],
        destinations: [Destination.subset(it.v2)],
      });
    });
    const split = await fromClient(...times(300, shop.to('api')));
    // Four standard deviations of a binomial distribution.
    assert.ok(split.by('api-v2').length >= 10 && split.by('api-v2').length <= 50, `${split.by('api-v2').length} of 300 went to the second version`);
    assert.equal(split.by('api-v1').length + split.by('api-v2').length, 300);
    const testers = await fromClient(
      ...times(20, shop.to('api', { headers: { 'X-Tester': 'yes' } })), ...times(20, shop.to('api', { path: '/?tester=yes' })));
    assert.equal(testers.by('api-v2').length, 40);
    const near = await fromClient(...times(40, shop.to('api', { headers: { 'x-tester': 'yes!' } })));
    assert.ok(near.by('api-v1').length > 20, 'another value of the header is no tester');
    return `${split.by('api-v2').length} of 300`;
  });

  await t.check('gRPC calls and TCP connections are split as they were told, each on its own port', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.splitTo(Destination.subset(it.v1, Weight.of(70)), Destination.subset(it.v2, Weight.of(30)));
      it.api.addTcpRoute({ destinations: [Destination.subset(it.v1, Weight.of(20)), Destination.subset(it.v2, Weight.of(80))] });
    });
    const grpc = await fromClient(...times(100, shop.grpcTo('api', '/shop.v1.Cart/Get')));
    assert.ok(grpc.answers.every((it) => it.trailers?.['grpc-status'] === '0'), 'every call succeeds');
    assert.ok(grpc.seen.every((it) => it.port === 7070 && it.protocol === 'http2'));
    assert.ok(grpc.by('api-v2').length >= 12 && grpc.by('api-v2').length <= 48, `${grpc.by('api-v2').length} of 100`);
    const tcp = await fromClient(...times(100, shop.to('api', { speak: 'tcp', port: 9000, body: 'line' })));
    assert.ok(tcp.seen.every((it) => it.port === 9000 && it.body === 'line') && tcp.seen.length === 100);
    assert.ok(tcp.by('api-v2').length >= 64 && tcp.by('api-v2').length <= 96, `${tcp.by('api-v2').length} of 100`);
    return `${grpc.by('api-v2').length} and ${tcp.by('api-v2').length} of 100 to the second version`;
  });

  await t.check('rules of several constructs apply by what they match, the most specific first, and a prefix is one of whole segments', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.copy.allowFrom(it.api);
      new ServiceRoute(it.chart, 'all', { service: it.api, destinations: [Destination.subset(it.v1)] });
      new ServiceRoute(it.chart, 'orders', { service: it.api, matches: [{ path: PathMatch.prefix('/orders') }], destinations: [Destination.subset(it.v2)] });
      new ServiceRoute(it.chart, 'new', {
        service: it.api, matches: [{ path: PathMatch.exact('/orders/new'), method: MethodMatch.POST }], destinations: [Destination.service(it.copy)],
      });
      new ServiceRoute(it.chart, 'items', { service: it.api, matches: [{ path: PathMatch.template('/users/{*}/cart') }], destinations: [Destination.subset(it.v2)] });
      new ServiceRoute(it.chart, 'files', { service: it.api, matches: [{ path: PathMatch.regex('/files/[0-9]+') }], destinations: [Destination.subset(it.v2)] });
    });
    const table: readonly [method: string, path: string, pod: string][] = [
      ['GET', '/', 'api-v1'], ['GET', '/orders', 'api-v2'], ['GET', '/orders/', 'api-v2'], ['GET', '/orders/7?x=1', 'api-v2'], ['GET', '/orders?x=1', 'api-v2'],
      ['GET', '/ordersheet', 'api-v1'], ['GET', '/orders/new', 'api-v2'], ['POST', '/orders/new', 'copy'], ['POST', '/orders/new/', 'api-v2'],
      ['GET', '/users/7/cart', 'api-v2'], ['GET', '/users/7/8/cart', 'api-v1'], ['GET', '/users//cart', 'api-v1'],
      ['GET', '/files/12', 'api-v2'], ['GET', '/files/12/x', 'api-v1'], ['GET', '/files/x', 'api-v1'],
    ];
    const { answers } = await fromClient(...table.map(([method, path]) => shop.to('api', { method, path })));
    assert.deepEqual(table.map(([method, path], index) => [method, path, podOf(answers[index].served?.workload)]), table);
    return `${table.length} requests`;
  });

  await t.check('what an edge says of timeouts holds for its caller alone', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api, Access.all(), { timeout: Duration.millis(250) });
      it.other.connections.allowTo(it.api, Access.all(), { timeout: Duration.seconds(5) });
    });
    const slow = shop.to('api', { headers: { 'x-lab-delay-ms': '600' } });
    const hasty = await shop.ask(client, slow);
    assert.deepEqual([hasty.answer.status, hasty.seen.length], [504, 1]);
    const patient = await shop.ask(other, slow);
    assert.deepEqual([patient.answer.status, patient.seen.length], [200, 1]);
  });

  await t.check('what edges of one caller say of different requests holds for those, the most specific first', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api, Access.http({ methods: [MethodMatch.GET] }), { timeout: Duration.millis(250), retries: Retries.none() });
      it.client.connections.allowTo(it.api, Access.http({ methods: [MethodMatch.GET], paths: [PathMatch.prefix('/reports')] }), { timeout: Duration.seconds(5), retries: Retries.none() });
      it.client.connections.allowTo(it.api, Access.http({ methods: [MethodMatch.POST] }), { retries: Retries.attempts(2, { conditions: [RetryOn.SERVER_ERROR] }) });
      it.client.connections.allowTo(it.api, Access.ports(9000));
    });
    const outcome = async (method: string, path: string, headers: Record<string, string>) => {
      const { answer, seen } = await shop.ask(client, shop.to('api', { method, path, headers }));
      return [answer.status, seen.length];
    };
    const slow = { 'x-lab-delay-ms': '600' };
    assert.deepEqual(await outcome('GET', '/', slow), [504, 1]);
    assert.deepEqual(await outcome('GET', '/reports/1', slow), [200, 1]);
    assert.deepEqual(await outcome('POST', '/', slow), [200, 1]);
    assert.deepEqual([await outcome('POST', '/', { 'x-lab-status': '500' }), await outcome('GET', '/', { 'x-lab-status': '500' })], [[500, 3], [500, 1]]);
    assert.equal((await shop.ask(client, shop.to('api', { speak: 'tcp', port: 9000 }))).seen.length, 1);
  });

  await t.check('a consistent hash by header keeps each key at one pod, and uses both pods', async () => {
    await shop.open(openToAll, { api: { loadBalancing: LoadBalancing.consistentHash(HashKey.header('x-user')) } });
    const keys = Array.from({ length: 24 }, (_, index) => `user-${index}`);
    const { answers, by } = await fromClient(...keys.flatMap((key) => times(6, shop.to('api', { headers: { 'x-user': key } }))));
    keys.forEach((key, index) => {
      const served = new Set(answers.slice(index * 6, index * 6 + 6).map((it) => it.served?.workload));
      assert.equal(served.size, 1, `${key} went to ${[...served].join(' and ')}`);
    });
    assert.ok(by('api-v1').length > 0 && by('api-v2').length > 0, 'both pods are used');
    return `${by('api-v1').length} and ${by('api-v2').length} of 144`;
  });

  await t.check('a consistent hash by cookie hands out the cookie, and the cookie leads back to its pod', async () => {
    await shop.open(openToAll, { api: { loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('affinity', { ttl: Duration.hours(1), path: '/' })) } });
    for (let round = 0; round < 6; round++) {
      const first = await shop.ask(client, shop.to('api'));
      const cookie = /^affinity="?[^;"]+"?; Max-Age=3600; Path=\/; HttpOnly/.exec(first.answer.headers['set-cookie'] ?? '');
      assert.ok(cookie, `got the cookie ${first.answer.headers['set-cookie']}`);
      const later = await fromClient(...times(8, shop.to('api', { headers: { cookie: cookie[0].split(';')[0] } })));
      assert.deepEqual(pods(later), [podOf(first.answer.served?.workload)]);
    }
  });

  await t.check('an ingress answers for its hosts, sends paths where its routes say, and meets the rules of the service', async () => {
    await shop.open((it) => {
      const web = new Ingress(it.chart, 'web', { mesh: it.mesh, hosts: ['shop.example.com', '*.shop.example.com'] });
      web.route(it.api, { servicePort: 80 });
      web.route(it.copy, { servicePort: 80, matches: [{ path: PathMatch.prefix('/copy') }] });
      it.api.addRoute({ matches: [{ headers: [HeaderMatch.present('x-beta')] }], destinations: [Destination.subset(it.v2)] });
      it.api.addRoute({ destinations: [Destination.subset(it.v1)] });
    });
    const from = shop.outsider;
    const pod = async (host: string, request?: Partial<LabRequest>) => {
      const { answer, seen } = await shop.ask(from, shop.throughGateway(host, request));
      assert.equal(seen.length, answer.status === 200 ? 1 : 0);
      return podOf(answer.served?.workload) ?? answer.status;
    };
    assert.equal(await pod('shop.example.com'), 'api-v1');
    assert.equal(await pod('SHOP.example.com:80'), 'api-v1');
    assert.equal(await pod('eu.shop.example.com', { headers: { 'x-beta': '1' } }), 'api-v2');
    assert.equal(await pod('shop.example.com', { path: '/copy/1' }), 'copy');
    assert.equal(await pod('shop.example.com', { path: '/copycat' }), 'api-v1');
    assert.equal(await pod('example.com'), 404);
    assert.equal(await pod('api.shop.svc.cluster.local'), 404);
    const inside = await shop.ask(client, shop.to('api'));
    assert.deepEqual([inside.answer.status, inside.seen.length], [403, 0], 'only the gateway was let in');
  });
}

/** Lets both callers do everything at both services. */
export function openToAll({ api, copy, client, other }: Shop): void {
  for (const caller of [client, other]) {
    caller.connections.allowTo(api);
    caller.connections.allowTo(copy);
  }
}


/** The name of a pod, without its namespace. */
export function podOf(workload: string | undefined): string | undefined {
  return workload?.split('.')[0];
}

function pods({ seen }: Observations): (string | undefined)[] {
  return [...new Set(seen.map((it) => podOf(it.workload)))];
}
