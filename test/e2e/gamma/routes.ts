import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import { Access, Destination, gatewayapi, HeaderMatch, MethodMatch, Mirror, PathMatch, PathRewrite, QueryMatch, Redirect, Weight } from '../../../src';
import { RunningShop, times } from '../istio/shop';
import { LabRequest, LabResponse } from '../lab/agent/protocol';
import { SuiteContext } from '../suite';
import { routeShop } from './gamma-shop';

/** Routes that are bound to Services, as clients in the mesh and the backends see them. */
export async function checkGammaRoutes(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, partner } = shop;
  const all = async (...requests: LabRequest[]) => shop.askAll(client, requests);
  const api = (request: Partial<LabRequest> = {}) => shop.to('api', request);

  await t.check('a 70/30 split sends about three tenths to the other Service; a header and a query parameter send all', async () => {
    await routeShop(shop, (it) => {
      it.api.splitTo(Destination.service(it.api, Weight.of(70), 80), Destination.service(it.copy, Weight.of(30), 80));
      it.api.addRoute({
        matches: [{ headers: [HeaderMatch.exact('x-tester', 'yes')], servicePort: 80 }, { queryParams: [QueryMatch.exact('tester', 'yes')], servicePort: 80 }],
        destinations: [Destination.service(it.copy, undefined, 80)],
      });
    });
    const split = await all(...times(200, api()));
    const copies = split.by('copy').length;
    // Four standard deviations of a binomial distribution.
    assert.ok(copies >= 34 && copies <= 86, `${copies} of 200 went to the other Service`);
    const testers = await all(...times(15, api({ headers: { 'x-tester': 'yes' } })), ...times(15, api({ path: '/?tester=yes' })));
    assert.equal(testers.by('copy').length, 30);
    return `${copies} of 200`;
  });

  await t.check('paths and methods lead where they should, and a prefix is one of whole segments', async () => {
    await routeShop(shop, (it) => {
      const toCopy = [Destination.service(it.copy, undefined, 80)];
      it.api.addRoute({ matches: [{ path: PathMatch.prefix('/orders'), servicePort: 80 }], destinations: toCopy });
      it.api.addRoute({ matches: [{ path: PathMatch.exact('/orders/old'), servicePort: 80 }], destinations: [Destination.service(it.api, undefined, 80)] });
      it.api.addRoute({ matches: [{ path: PathMatch.prefix('/carts'), method: MethodMatch.POST, servicePort: 80 }], destinations: toCopy });
      it.api.addRoute({ matches: [{ path: PathMatch.regex('/files/[0-9]+'), servicePort: 80 }], destinations: toCopy });
    });
    const table: readonly [method: string, path: string, pod: string][] = [
      ['GET', '/', 'api'], ['GET', '/orders', 'copy'], ['GET', '/orders/7?x=1', 'copy'], ['GET', '/ordersheet', 'api'], ['GET', '/orders/old', 'api'],
      ['GET', '/carts', 'api'], ['POST', '/carts/1', 'copy'],
      // What patterns are worth beside prefixes is up to the implementation: this one ranks them lowest, below the route for everything else.
      ['GET', '/files/12', 'api'], ['GET', '/files/x', 'api'],
    ];
    const { answers } = await all(...table.map(([method, path]) => api({ method, path })));
    assert.deepEqual(table.map(([method, path], index) => [method, path, serverOf(answers[index])]), table);
    return `${table.length} requests`;
  });

  await t.check('a rewrite and changed headers are what backends and clients see; a redirect asks nobody; a copy goes to the shadow', async () => {
    await routeShop(shop, (it) => {
      const rule = (prefix: string, rest: object) => it.api.addRoute({
        matches: [{ path: PathMatch.prefix(prefix), servicePort: 80 }], destinations: [Destination.service(it.api, undefined, 80)], ...rest,
      });
      rule('/api', { pathRewrite: PathRewrite.prefix('/v2') });
      rule('/one', { pathRewrite: PathRewrite.full('/the/one'), hostRewrite: 'inner.example.com' });
      rule('/headers', { requestHeaders: { setHeaders: { 'x-set': 'new' }, removeHeaders: ['x-gone'] }, responseHeaders: { addHeaders: { 'x-back': 'yes' } } });
      rule('/copied', { mirrors: [Mirror.to(Destination.service(it.copy, undefined, 80))] });
      it.api.addRoute({ matches: [{ path: PathMatch.prefix('/old'), servicePort: 80 }], redirect: Redirect.to({ host: 'new.example.com', statusCode: 301 }) });
    });
    assert.equal((await shop.ask(client, api({ path: '/api/x?y=1' }))).seen[0].path, '/v2/x?y=1');
    const one = (await shop.ask(client, api({ path: '/one/two' }))).seen[0];
    assert.deepEqual([one.path, one.host], ['/the/one', 'inner.example.com']);
    const changed = await shop.ask(client, api({ path: '/headers', headers: { 'x-set': 'old', 'x-gone': 'here' } }));
    assert.deepEqual([changed.seen[0].headers['x-set'], changed.seen[0].headers['x-gone'], changed.answer.headers['x-back']], ['new', undefined, 'yes']);
    const redirected = await shop.ask(client, api({ path: '/old/x' }));
    assert.deepEqual([redirected.answer.status, redirected.answer.headers.location, redirected.seen.length], [301, 'http://new.example.com/old/x', 0]);
    const copied = await shop.askAll(client, times(10, api({ path: '/copied' })));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const late = await shop.seen();
    const shadows = [...copied.by('copy'), ...late.filter((it) => it.workload.startsWith('copy.'))];
    assert.deepEqual([copied.answers.every((it) => serverOf(it) === 'api'), shadows.length], [true, 10]);
  });

  await t.check('a timeout ends a slow request, and only on the paths that it was said of', async () => {
    await routeShop(shop, (it) => it.api.addRoute({
      matches: [{ path: PathMatch.prefix('/fast'), servicePort: 80 }], timeout: Duration.millis(250), destinations: [Destination.service(it.api, undefined, 80)],
    }));
    const slow = { 'x-lab-delay-ms': '600' };
    const [hasty, patient] = [await shop.ask(client, api({ path: '/fast', headers: slow })), await shop.ask(client, api({ path: '/', headers: slow }))];
    assert.deepEqual([hasty.answer.status, hasty.seen.length, patient.answer.status, patient.seen.length], [504, 1, 200, 1]);
  });

  await t.check('a consumer route holds for the clients of its namespace, in place of the routes of the Service', async () => {
    const routes = await routeShop(shop, (it) => {
      it.client.connections.allowTo(it.api);
      it.partner.connections.allowTo(it.api, Access.all(), { timeout: Duration.millis(250) });
      it.api.addRoute({ matches: [{ path: PathMatch.prefix('/copy'), servicePort: 80 }], destinations: [Destination.service(it.copy, undefined, 80)] });
    });
    assert.deepEqual([...new Set(routes.map(({ metadata }) => metadata.namespace))].sort(), ['partners', 'shop']);
    const slow = { 'x-lab-delay-ms': '600' };
    const own = await shop.ask(client, api({ headers: slow }));
    const other = await shop.ask(partner, api({ headers: slow }));
    assert.deepEqual([own.answer.status, other.answer.status, other.seen.length], [200, 504, 1]);
    const both = [await shop.ask(client, api({ path: '/copy' })), await shop.ask(partner, api({ path: '/copy' }))];
    assert.deepEqual(both.map(({ answer }) => serverOf(answer)), ['copy', 'copy']);
  });

  await t.check('GRPCRoutes lead calls by service, method and header, and unknown methods nowhere', async () => {
    await routeShop(shop, ({ chart, api: from, copy }) => {
      const [own, other] = [from, copy].map((service) => gatewayapi.RouteBackend.service(service, { servicePort: 7070 }));
      new gatewayapi.GrpcRoute(chart, 'calls', {
        parents: [gatewayapi.RouteParent.service(from, 7070)],
        rules: [
          { matches: [{ call: gatewayapi.GrpcCall.method('shop.v1.Cart', 'Get') }], backends: [own] },
          { matches: [{ call: gatewayapi.GrpcCall.service('shop.v1.Orders') }, { call: gatewayapi.GrpcCall.service('shop.v1.Cart'), headers: [HeaderMatch.exact('x-tester', 'yes')] }], backends: [other] },
        ],
      });
    });
    const { answers } = await all(
      shop.grpcTo('api', '/shop.v1.Cart/Get'), shop.grpcTo('api', '/shop.v1.Orders/List'), shop.grpcTo('api', '/shop.v1.Cart/Add', { 'x-tester': 'yes' }), shop.grpcTo('api', '/shop.v1.Cart/Add'));
    const outcome = answers.map(({ served, trailers, headers }) => [served && serverOf({ served }), trailers?.['grpc-status'] ?? headers['grpc-status']]);
    assert.deepEqual(outcome.slice(0, 3), [['api', '0'], ['copy', '0'], ['copy', '0']]);
    assert.notEqual(outcome[3][1], '0');
    assert.equal(answers[3].served, undefined);
  });

  await t.check('a split of gRPC calls is one', async () => {
    await routeShop(shop, ({ chart, api: from, copy }) => new gatewayapi.GrpcRoute(chart, 'split', {
      parents: [gatewayapi.RouteParent.service(from, 7070)],
      rules: [{
        backends: [
          gatewayapi.RouteBackend.service(from, { servicePort: 7070, weight: Weight.of(50) }), gatewayapi.RouteBackend.service(copy, { servicePort: 7070, weight: Weight.of(50) }),
        ],
      }],
    }));
    const { answers, by } = await all(...times(100, shop.grpcTo('api', '/shop.v1.Cart/Get')));
    assert.ok(answers.every((it) => it.trailers?.['grpc-status'] === '0'), 'every call succeeds');
    assert.ok(by('copy').length >= 30 && by('copy').length <= 70, `${by('copy').length} of 100`);
    return `${by('copy').length} of 100`;
  });
}

/** The service whose pod answered. */
function serverOf({ served }: Pick<LabResponse, 'served'>): string | undefined {
  return served?.workload.split('.')[0].replace(/-v\d$/, '');
}
