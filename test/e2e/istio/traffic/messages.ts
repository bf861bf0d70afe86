import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import {
  Destination, DirectResponse, HeaderMatch, HttpRule, Ingress, MethodMatch, PathMatch, PathRewrite, Redirect, ServiceRoute,
} from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { SuiteContext } from '../../suite';
import { RunningShop, Shop } from '../shop';
import { openToAll, podOf } from './routing';

/** What becomes of requests and answers on their way: redirects, rewrites, answers by the proxy, headers, CORS. */
export async function checkMessages(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client } = shop;
  const asking = async (path: string, request: Partial<LabRequest> = {}) => shop.ask(client, shop.to('api', { path, ...request }));

  await t.check('a redirect changes scheme, host, port and path as it was told, and asks nobody', async () => {
    await shop.open((it) => rules(it, {
      '/a': { redirect: Redirect.to({ path: PathRewrite.full('/b'), statusCode: 308 }) },
      '/old': { redirect: Redirect.to({ host: 'new.example.com', path: PathRewrite.prefix('/new') }) },
      '/root': { redirect: Redirect.to({ path: PathRewrite.prefix('/') }) },
      '/safe': { redirect: Redirect.toHttps() },
      '/port': { redirect: Redirect.to({ scheme: 'http', portNumber: 8081, statusCode: 307 }) },
    }));
    const table: readonly [path: string, status: number, location: string][] = [
      ['/a', 308, 'http://api.shop/b'],
      ['/a/x?y=1', 308, 'http://api.shop/b?y=1'],
      ['/old', 302, 'http://new.example.com/new'],
      ['/old/', 302, 'http://new.example.com/new/'],
      ['/old/x/y?z=1', 302, 'http://new.example.com/new/x/y?z=1'],
      ['/root', 302, 'http://api.shop/'],
      ['/root/x', 302, 'http://api.shop/x'],
      ['/safe/x', 301, 'https://api.shop/safe/x'],
      ['/port', 307, 'http://api.shop:8081/port'],
    ];
    for (const [path, status, location] of table) {
      const { answer, seen } = await asking(path);
      assert.deepEqual([path, answer.status, answer.headers.location, seen.length], [path, status, location, 0]);
    }
    assert.equal((await asking('/older')).answer.status, 200);
    return `${table.length} addresses`;
  });

  await t.check('a rewrite replaces whole segments, the whole path or what a pattern matches, and the host', async () => {
    await shop.open((it) => {
      rules(it, {
        '/api': { pathRewrite: PathRewrite.prefix('/v2/api') },
        '/strip': { pathRewrite: PathRewrite.prefix('/') },
        '/slash': { pathRewrite: PathRewrite.prefix('/deep/') },
        '/one': { pathRewrite: PathRewrite.full('/the/one') },
        '/users': { pathRewrite: PathRewrite.regex('^/users/([^/]+)/(.*)$', '/people/\\1?rest=\\2') },
        '/host': { hostRewrite: 'inner.example.com' },
      });
      new ServiceRoute(it.chart, 'everything', {
        service: it.api, matches: [{ path: PathMatch.prefix('/'), headers: [HeaderMatch.present('x-all')] }], pathRewrite: PathRewrite.prefix('/all'),
      });
    });
    const table: readonly [path: string, seen: string][] = [
      ['/api', '/v2/api'], ['/api/', '/v2/api/'], ['/api/x?y=/api', '/v2/api/x?y=/api'], ['/api?q', '/v2/api?q'], ['/apis', '/apis'],
      ['/strip', '/'], ['/strip/', '/'], ['/strip/x', '/x'], ['/stripes', '/stripes'],
      ['/slash/x', '/deep/x'], ['/slash', '/deep'],
      ['/one', '/the/one'], ['/one/two?x=1', '/the/one?x=1'],
      ['/users/ann/cart', '/people/ann?rest=cart'], ['/users/ann', '/users/ann'],
    ];
    for (const [path, expected] of table) {
      const { seen } = await asking(path);
      assert.deepEqual([path, seen.map((it) => [it.path, it.host])], [path, [[expected, 'api.shop']]]);
    }
    for (const [path, expected] of [['/', '/all/'], ['/x', '/all/x']]) {
      assert.equal((await asking(path, { headers: { 'x-all': '1' } })).answer.served?.path, expected);
    }
    const renamed = await asking('/host/x');
    assert.deepEqual(renamed.seen.map((it) => [it.path, it.host]), [['/host/x', 'inner.example.com']]);
    return `${table.length} paths`;
  });

  await t.check('the proxy answers by itself where it was told to', async () => {
    await shop.open((it) => rules(it, {
      '/gone': { directResponse: DirectResponse.of(410, 'It "was" here\n') },
      '/empty': { directResponse: DirectResponse.of(503) },
    }));
    const gone = await asking('/gone/x');
    assert.deepEqual([gone.answer.status, gone.answer.body, gone.seen.length], [410, 'It "was" here\n', 0]);
    const empty = await asking('/empty');
    assert.deepEqual([empty.answer.status, empty.answer.body, empty.seen.length], [503, '', 0]);
  });

  await t.check('headers are set, added and removed, on the way there and back', async () => {
    await shop.open((it) => rules(it, {
      '/': {
        requestHeaders: { setHeaders: { 'x-set': 'ours 100 %%', 'x-caller': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' }, addHeaders: { 'x-add': 'more' }, removeHeaders: ['x-secret'] },
        responseHeaders: { setHeaders: { 'content-type': 'text/lab' }, addHeaders: { 'x-back': 'there' }, removeHeaders: ['x-envoy-upstream-service-time'] },
      },
    }));
    const { answer, seen: [seen] } = await asking('/', { headers: { 'x-set': 'theirs', 'x-add': 'one', 'x-secret': 'key', 'x-kept': 'yes' } });
    assert.deepEqual(['x-set', 'x-add', 'x-secret', 'x-kept'].map((name) => seen.headers[name]), ['ours 100 %', 'one, more', undefined, 'yes']);
    assert.equal(seen.headers['x-caller'], client.ip);
    assert.deepEqual(['content-type', 'x-back', 'x-envoy-upstream-service-time'].map((name) => answer.headers[name]), ['text/lab', 'there', undefined]);
  });

  await t.check('CORS: the proxy answers preflights of allowed origins and marks answers for them only', async () => {
    await shop.open((it) => rules(it, {
      '/': {
        cors: {
          allowedOrigins: ['https://shop.example.com'],
          allowedOriginPatterns: ['https://[a-z]+\\.partner\\.example'],
          allowedMethods: [MethodMatch.GET, MethodMatch.PUT],
          allowedHeaders: ['x-token'],
          exposedHeaders: ['x-page'],
          maxAge: Duration.minutes(10),
          allowCredentials: true,
        },
      },
    }));
    const preflight = async (origin: string) => asking('/x', { method: 'OPTIONS', headers: { 'origin': origin, 'access-control-request-method': 'PUT' } });
    for (const origin of ['https://shop.example.com', 'https://eu.partner.example']) {
      const { answer, seen } = await preflight(origin);
      assert.deepEqual([answer.status, seen.length], [200, 0]);
      assert.deepEqual(['origin', 'methods', 'headers', 'credentials'].map((name) => answer.headers[`access-control-allow-${name}`]), [origin, 'GET,PUT', 'x-token', 'true']);
      assert.equal(answer.headers['access-control-max-age'], '600');
      const call = await asking('/x', { headers: { origin } });
      assert.deepEqual(['access-control-allow-origin', 'access-control-expose-headers'].map((name) => call.answer.headers[name]), [origin, 'x-page']);
      assert.equal(call.seen.length, 1);
    }
    for (const origin of ['https://evil.example', 'https://eu.partner.example.evil.example', 'https://shop.example.com.evil.example']) {
      const answers = [(await preflight(origin)).answer, (await asking('/x', { headers: { origin } })).answer];
      assert.deepEqual(answers.map((it) => it.headers['access-control-allow-origin']), [undefined, undefined], origin);
    }
  });

  await t.check('at the gateway redirects, rewrites and answers hold as they do inside', async () => {
    await shop.open((it) => {
      new Ingress(it.chart, 'web', { mesh: it.mesh, hosts: ['shop.example.com'] }).route(it.api, { servicePort: 80, matches: [{ path: PathMatch.prefix('/') }] });
      rules(it, {
        '/old': { redirect: Redirect.to({ path: PathRewrite.prefix('/new') }) },
        '/api': { pathRewrite: PathRewrite.prefix('/'), destinations: [Destination.service(it.copy)], requestHeaders: { setHeaders: { 'x-from': 'gate' } } },
        '/gone': { directResponse: DirectResponse.of(410, 'gone') },
      });
    });
    const outside = async (path: string) => shop.ask(shop.outsider, shop.throughGateway('shop.example.com', { path }));
    const old = await outside('/old/x');
    assert.deepEqual([old.answer.status, old.answer.headers.location, old.seen.length], [302, 'http://shop.example.com/new/x', 0]);
    const api = await outside('/api/x');
    assert.deepEqual(api.seen.map((it) => [podOf(it.workload), it.path, it.headers['x-from']]), [['copy', '/x', 'gate']]);
    assert.deepEqual([(await outside('/gone')).answer.status, (await outside('/apis')).answer.served?.path], [410, '/apis']);
  });
}

/** Declares what becomes of the requests below some paths of `api`. */
function rules(it: Shop, byPrefix: Readonly<Record<string, HttpRule>>): void {
  openToAll(it);
  for (const [prefix, rule] of Object.entries(byPrefix)) it.api.addRoute({ matches: [{ path: PathMatch.prefix(prefix) }], ...rule });
}
