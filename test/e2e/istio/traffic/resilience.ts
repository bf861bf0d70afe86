import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import {
  Access, CircuitBreaker, Destination, Fault, Ingress, MethodMatch, Mirror, PathMatch, PathRewrite, Percent, Retries, RetryOn, Subset, Weight,
} from '../../../../src';
import { LabResponse, SeenRequest } from '../../lab/agent/protocol';
import { waitFor } from '../../lab/lab-process';
import { SuiteContext } from '../../suite';
import { RunningShop, times } from '../shop';
import { openToAll } from './routing';

const FAILS = { 'x-lab-status': '500' };
const FIRST_FAILS = { ...FAILS, 'x-lab-at': 'api-v1.shop' };

/** What happens when backends fail, are slow or have too much to do; failures made on purpose; copies. */
export async function checkResilience(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client } = shop;

  await t.check('a failing backend is tried as often as the retries say, and not at all again without', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.addRoute({ matches: [{ method: MethodMatch.GET }], retries: Retries.attempts(3, { conditions: [RetryOn.SERVER_ERROR] }) });
      it.api.addRoute({ matches: [{ method: MethodMatch.POST }], retries: Retries.none() });
      it.api.addRoute({ matches: [{ method: MethodMatch.PUT }], retries: Retries.attempts(2, { conditions: [], statusCodes: [429] }) });
    });
    const seen = async (method: string, status: string) => {
      const { answer, seen: tries } = await shop.ask(client, shop.to('api', { method, headers: { 'x-lab-status': status } }));
      assert.equal(answer.status, Number(status));
      return tries.length;
    };
    assert.deepEqual([await seen('GET', '500'), await seen('GET', '503'), await seen('GET', '404')], [4, 4, 1]);
    assert.deepEqual([await seen('POST', '503'), await seen('POST', '500')], [1, 1]);
    assert.deepEqual([await seen('PUT', '429'), await seen('PUT', '500')], [3, 1]);
    return '4, 1 and 3 tries';
  });

  await t.check('a retry reaches the other pod, so that the caller notices nothing', async () => {
    await shop.open(openToAll, { api: { retries: Retries.attempts(3, { conditions: [RetryOn.SERVER_ERROR, RetryOn.RESET] }) } });
    for (const order of [FIRST_FAILS, { 'x-lab-reset': '1', 'x-lab-at': 'api-v1.shop' }]) {
      const { answers, by } = await shop.askAll(client, times(30, shop.to('api', { headers: order })));
      assert.deepEqual(answers.map((it) => it.status).filter((it) => it !== 200), []);
      assert.ok(by('api-v1').length > 0, 'some were tried at the failing pod');
      assert.equal(by('api-v2').length, 30);
    }
  });

  await t.check('a timeout ends a slow call, and each try has its own', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.addRoute({
        matches: [{ path: PathMatch.prefix('/tries') }],
        timeout: Duration.seconds(10),
        retries: Retries.attempts(2, { conditions: [RetryOn.GATEWAY_ERROR], perTryTimeout: Duration.millis(200) }),
      });
    }, { api: { timeout: Duration.millis(300), retries: Retries.none() } });
    const slow = { 'x-lab-delay-ms': '3000' };
    const once = await shop.ask(client, shop.to('api', { headers: slow }));
    assert.deepEqual([once.answer.status, once.seen.length], [504, 1]);
    const tried = await shop.ask(client, shop.to('api', { path: '/tries', headers: slow }));
    assert.deepEqual([tried.answer.status, tried.seen.length], [504, 3]);
    assert.ok(once.answer.ms < 3000 && tried.answer.ms < 3000, 'nobody waited for the backend');
    return `answers after ${Math.round(once.answer.ms)} and ${Math.round(tried.answer.ms)} ms`;
  });

  await t.check('a fault aborts all or a share of the requests, and the backend sees none of them', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.addRoute({ matches: [{ path: PathMatch.exact('/broken') }], fault: Fault.abort(418) });
      it.api.addRoute({ matches: [{ path: PathMatch.exact('/half') }], fault: Fault.abort(503, Percent.of(50)) });
      it.api.addRoute({ matches: [{ path: PathMatch.exact('/shop.v1.Cart/Get') }], fault: Fault.of({ abortGrpcStatus: 'UNAVAILABLE' }) });
    });
    const broken = await shop.ask(client, shop.to('api', { path: '/broken' }));
    assert.deepEqual([broken.answer.status, broken.seen.length], [418, 0]);
    const half = await shop.askAll(client, times(200, shop.to('api', { path: '/half' })));
    const aborted = half.answers.filter((it) => it.status === 503).length;
    assert.ok(aborted >= 70 && aborted <= 130, `${aborted} of 200 were aborted`);
    assert.equal(half.seen.length, 200 - aborted);
    const grpc = await shop.ask(client, shop.grpcTo('api', '/shop.v1.Cart/Get'));
    assert.deepEqual([grpcStatus(grpc.answer), grpc.seen.length], ['14', 0]);
    assert.equal((await shop.ask(client, shop.to('api', { path: '/whole' }))).answer.status, 200);
    return `${aborted} of 200`;
  });

  await t.check('a fault delays requests, and then the backend sees them', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.addRoute({ matches: [{ path: PathMatch.exact('/late') }], fault: Fault.delay(Duration.millis(700)) });
      it.api.addRoute({ matches: [{ path: PathMatch.exact('/late/sometimes') }], fault: Fault.delay(Duration.millis(400), Percent.of(40)) });
    });
    const late = await shop.ask(client, shop.to('api', { path: '/late' }));
    assert.deepEqual([late.answer.status, late.seen.length], [200, 1]);
    assert.ok(late.answer.ms >= 700, `answered after ${late.answer.ms} ms`);
    const some = await shop.askAll(client, times(100, shop.to('api', { path: '/late/sometimes' })));
    const delayed = some.answers.filter((it) => it.ms >= 400).length;
    assert.ok(delayed >= 20 && delayed <= 60, `${delayed} of 100 were late`);
    assert.equal(some.seen.length, 100);
    return `${Math.round(late.answer.ms)} ms; ${delayed} of 100`;
  });

  await t.check('a pod that fails in a row is left alone, and its requests go to the other', async () => {
    await shop.open(openToAll, {
      api: {
        retries: Retries.none(),
        circuitBreaker: CircuitBreaker.of({
          outliers: { consecutiveServerErrors: 4, baseEjectionTime: Duration.minutes(5), maxEjection: Percent.of(100) },
        }),
      },
    });
    const { answers, by } = await shop.askAll(client, times(40, shop.to('api', { headers: FIRST_FAILS })), 'in turn');
    const failures = by('api-v1').length;
    // The worker learns of the ejection a moment after the failure that caused it.
    assert.ok(failures >= 4 && failures <= 6, `the failing pod saw ${failures}`);
    assert.equal(by('api-v2').length, 40 - failures);
    assert.equal(answers.filter((it) => it.status === 500).length, failures);
    assert.ok(answers.slice(-20).every((it) => it.status === 200), 'the circuit stays open');
    return `open after ${failures} failures`;
  });

  await t.check('what is more than the pools hold is refused at once, and the backend never sees it', async () => {
    await shop.open(openToAll, {
      api: { retries: Retries.none() },
      copy: { retries: Retries.none(), circuitBreaker: CircuitBreaker.of({ pool: { maxConnections: 1, maxPendingRequests: 1 } }) },
    });
    const slow = { headers: { 'x-lab-delay-ms': '300' } };
    const full = await shop.askAll(client, times(12, shop.to('copy', slow)));
    const refused = full.answers.filter((it) => it.status === 503);
    assert.ok(refused.length >= 8, `${refused.length} of 12 were refused`);
    assert.match(refused[0].body, /overflow/);
    assert.equal(full.seen.length, 12 - refused.length);
    const unlimited = await shop.askAll(client, times(12, shop.to('api', slow)));
    assert.deepEqual(unlimited.answers.map((it) => it.status).filter((it) => it !== 200), []);
    return `${refused.length} of 12`;
  });

  await t.check('no more requests are under way than the limit says, gRPC calls too', async () => {
    await shop.open(openToAll, { copy: { retries: Retries.none(), circuitBreaker: CircuitBreaker.of({ pool: { maxRequests: 3 } }) } });
    const calls = await shop.askAll(client, times(12, shop.grpcTo('copy', '/shop.v1.Cart/Get', { 'x-lab-delay-ms': '300' })));
    const refused = calls.answers.filter((it) => grpcStatus(it) === '14').length;
    assert.deepEqual([refused, calls.seen.length], [9, 3]);
  });

  await t.check('a mirror gets copies, and neither its failures nor its slowness reach the caller', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.addRoute({ mirrors: [Mirror.to(Destination.service(it.copy))], timeout: Duration.seconds(2) });
    });
    const orders: Record<string, string>[] = [{}, { ...FAILS, 'x-lab-at': 'copy.shop' }, { 'x-lab-delay-ms': '2500', 'x-lab-at': 'copy.shop' }, { 'x-lab-reset': '1', 'x-lab-at': 'copy.shop' }];
    for (const order of orders) {
      const { answers, copies } = await mirrored(shop, 20, { path: '/pay?x=1', headers: order, body: 'coins', method: 'POST' });
      assert.deepEqual(answers.map((it) => [it.status, it.served?.workload.replace(/-v\d/, '')]), times20([200, 'api.shop']));
      assert.deepEqual(copies.map(({ method, path, body }) => [method, path, body]), times20(['POST', '/pay?x=1', 'coins']));
    }
  });

  await t.check('who may call a service arrives at its mirror too, and may call it by no other way', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api, Access.http({ methods: [MethodMatch.POST] }));
      it.api.addRoute({ mirrors: [Mirror.to(Destination.service(it.copy))] });
    });
    assert.equal((await mirrored(shop, 20, { method: 'POST' })).copies.length, 20);
    for (const method of ['GET', 'POST']) {
      const direct = await shop.ask(client, shop.to('copy', { method }));
      assert.deepEqual([direct.answer.status, direct.seen.length], [403, 0], method);
    }
  });

  await t.check('copies arrive with the path that the requests get, and by the port that they go to', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api);
      it.api.addRoute({ matches: [{ path: PathMatch.prefix('/old'), servicePort: 80 }], pathRewrite: PathRewrite.prefix('/new'), mirrors: [Mirror.to(Destination.service(it.copy))] });
    });
    const { copies } = await mirrored(shop, 10, { path: '/old/x', host: 'api.shop:80' });
    assert.deepEqual(copies.map(({ path }) => path), times20('/new/x').slice(0, 10));
    const tcp = await shop.ask(client, shop.to('copy', { speak: 'tcp', port: 9000 }));
    assert.equal(tcp.seen.length, 0);
  });

  await t.check('a mirror of a share gets about that share', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.addRoute({ mirrors: [Mirror.to(Destination.subset(it.v2), Percent.of(25))], destinations: [Destination.subset(it.v1)] });
    });
    const { seen } = await shop.askAll(client, times(200, shop.to('api')));
    const copies = seen.filter((it) => it.workload === 'api-v2.shop').length;
    assert.equal(seen.length - copies, 200);
    assert.ok(copies >= 25 && copies <= 75, `${copies} copies of 200`);
    return `${copies} of 200`;
  });

  await t.check('through the gateway retries, timeouts and faults hold as well', async () => {
    await shop.open((it) => {
      new Ingress(it.chart, 'web', { mesh: it.mesh, hosts: ['shop.example.com'] }).route(it.api, { servicePort: 80, timeout: Duration.millis(400) });
      it.api.addRoute({ matches: [{ path: PathMatch.exact('/broken') }], fault: Fault.abort(418) });
      it.api.addRoute({ retries: Retries.attempts(2, { conditions: [RetryOn.SERVER_ERROR] }), destinations: split(it) });
    });
    const outside = async (path: string, headers: Record<string, string> = {}) => {
      const { answer, seen } = await shop.ask(shop.outsider, shop.throughGateway('shop.example.com', { path, headers }));
      return [answer.status, seen.length];
    };
    assert.deepEqual(await outside('/', FAILS), [500, 3]);
    assert.deepEqual(await outside('/', { 'x-lab-delay-ms': '2000' }), [504, 1]);
    assert.deepEqual(await outside('/broken'), [418, 0]);
  });
}

function split({ v1, v2 }: { readonly v1: Subset; readonly v2: Subset }): Destination[] {
  return [Destination.subset(v1, Weight.of(50)), Destination.subset(v2, Weight.of(50))];
}

/** Sends requests to `api` and waits for as many copies at `copy`, which may come after the answers. */
async function mirrored(shop: RunningShop, count: number, request: Parameters<RunningShop['to']>[1]): Promise<{ answers: readonly LabResponse[]; copies: SeenRequest[] }> {
  const { answers, by } = await shop.askAll(shop.client, times(count, shop.to('api', request)));
  const copies = [...by('copy')];
  await waitFor('the copies', async () => {
    copies.push(...await shop.app.pod('copy').seen());
    return copies.length >= count;
  }, { seconds: 5, everyMs: 20 });
  return { answers, copies };
}

function times20<T>(it: T): T[] {
  return Array.from({ length: 20 }, () => it);
}

/** The status of a gRPC call: in the trailers, or in the headers when there is nothing else. */
function grpcStatus(answer: LabResponse): string | undefined {
  return answer.trailers?.['grpc-status'] ?? answer.headers['grpc-status'];
}
