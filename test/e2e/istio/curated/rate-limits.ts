import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import { AccessMode, CountKey, HeaderMatch, istio, MethodMatch, PathMatch, Percent, QueryMatch, RequestLimit } from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { SuiteContext } from '../../suite';
import { RunningShop, times } from '../shop';
import { openToAll } from '../traffic/routing';

const { EnforcementPoint, Host, RateLimit } = istio;

/** Limits that last for the whole check: nothing is filled up meanwhile. */
const atMost = (requests: number) => RequestLimit.of(requests, Duration.hours(1));

/** Limits of requests, counted in the real Envoy. */
export async function checkRateLimits(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, other } = shop;
  const statuses = async (requests: readonly LabRequest[], from = client) => (await shop.askAll(from, requests, 'in turn')).answers.map((it) => it.status);
  const passed = async (count: number, request: LabRequest, from = client) => (await statuses(times(count, request), from)).filter((it) => it === 200).length;

  await t.check('a local limit lets as many through as it says, and answers the rest with 429 and the headers that it was told', async () => {
    await shop.open((it) => {
      openToAll(it);
      RateLimit.local(it.chart, 'limit', {
        at: EnforcementPoint.service(it.copy, 80), limit: atMost(5), tellLimits: true, responseHeaders: { 'x-limited': 'yes' },
      });
    });
    const { answers, seen } = await shop.askAll(client, times(9, shop.to('copy')), 'in turn');
    assert.deepEqual(answers.map((it) => it.status), [200, 200, 200, 200, 200, 429, 429, 429, 429]);
    assert.equal(seen.length, 5);
    assert.deepEqual([answers[8].headers['x-limited'], answers[4].headers['x-ratelimit-limit']], ['yes', '5']);
    assert.equal(await passed(3, shop.grpcTo('copy', '/shop.v1.Cart/Get')), 3, 'another port has no limit');
    assert.equal(await passed(3, shop.to('api')), 3, 'another service has no limit');
  });

  await t.check('rules count the requests that fit them, each by itself, and requests that fit none have a limit of their own', async () => {
    await shop.open((it) => {
      openToAll(it);
      RateLimit.local(it.chart, 'limit', {
        at: EnforcementPoint.service(it.copy),
        limit: atMost(4),
        rules: [
          { ruleName: 'orders', match: { path: PathMatch.prefix('/orders'), method: MethodMatch.POST }, limit: atMost(2) },
          { ruleName: 'item', match: { path: PathMatch.template('/items/{*}'), queryParams: [QueryMatch.exact('full', 'yes')] }, limit: atMost(1) },
          { ruleName: 'robots', match: { headers: [HeaderMatch.regex('x-agent', 'bot.*'), HeaderMatch.not(HeaderMatch.exact('x-friend', 'yes'))] }, limit: atMost(3) },
        ],
      });
    });
    const orders = { method: 'POST', path: '/orders/7?x=1' };
    assert.deepEqual(await statuses(times(3, shop.to('copy', orders))), [200, 200, 429]);
    assert.deepEqual(await statuses([shop.to('copy', { ...orders, path: '/orders' })]), [429], 'the prefix itself fits');
    assert.deepEqual(await statuses(times(2, shop.to('copy', { path: '/items/3?full=yes' }))), [200, 429]);
    assert.deepEqual(await statuses(times(4, shop.to('copy', { path: '/robots', headers: { 'x-agent': 'bot 7' } }))), [200, 200, 200, 429]);
    const neither = [{ ...orders, path: '/ordersx' }, { path: '/orders' }, { path: '/items/3/4?full=yes' }, { headers: { 'x-agent': 'bot', 'x-friend': 'yes' } }, {}];
    assert.deepEqual(await statuses(neither.map((it) => shop.to('copy', it))), [200, 200, 200, 200, 429]);
  });

  await t.check('rules alone limit nothing else', async () => {
    await shop.open((it) => {
      openToAll(it);
      RateLimit.local(it.chart, 'limit', {
        at: EnforcementPoint.service(it.copy),
        rules: [{ ruleName: 'orders', match: { path: PathMatch.exact('/orders') }, limit: atMost(1) }],
      });
    });
    assert.deepEqual(await statuses(times(3, shop.to('copy', { path: '/orders' }))), [200, 429, 429]);
    assert.equal(await passed(20, shop.to('copy', { path: '/others' })), 20);
  });

  await t.check('every value of a header, and every client, has a count of its own', async () => {
    await shop.open((it) => {
      openToAll(it);
      RateLimit.local(it.chart, 'keys', {
        at: EnforcementPoint.service(it.copy),
        rules: [{ ruleName: 'key', countBy: [CountKey.header('x-key')], limit: atMost(2) }],
      });
    });
    const key = (value: string) => shop.to('copy', { headers: { 'x-key': value } });
    assert.deepEqual(await statuses([key('a'), key('b'), key('a'), key('a'), key('b'), key('b'), key('c')]), [200, 200, 200, 429, 200, 429, 200]);
    assert.equal(await passed(5, shop.to('copy')), 5, 'requests without the header are not counted');
    await shop.open((it) => {
      openToAll(it);
      RateLimit.local(it.chart, 'clients', {
        at: EnforcementPoint.service(it.copy),
        rules: [{ ruleName: 'client', countBy: [CountKey.clientAddress()], limit: atMost(1) }],
      });
    });
    const one = times(2, shop.to('copy'));
    assert.deepEqual([...await statuses(one), ...await statuses(one, other)], [200, 429, 200, 429]);
  });

  await t.check('a limit that is not enforced refuses nothing, and one for other versions is not there', async () => {
    await shop.open((it) => {
      openToAll(it);
      RateLimit.local(it.chart, 'trial', { at: EnforcementPoint.service(it.copy), limit: atMost(1), enforced: Percent.of(0) });
      RateLimit.local(it.chart, 'old', { at: EnforcementPoint.service(it.api), limit: atMost(1), reviewedFor: ['1.20', '1.3'] });
    });
    assert.deepEqual([await passed(4, shop.to('copy')), await passed(4, shop.to('api'))], [4, 4]);
  });

  await t.check('a gateway limits what comes in by it', async () => {
    await shop.open((it) => {
      openToAll(it);
      const gateway = new istio.Gateway(it.chart, 'web', { servers: [istio.GatewayServer.http({ hosts: [Host.fqdn('shop.example.com')] })] });
      new istio.VirtualService(it.chart, 'web-routes', {
        hosts: [Host.fqdn('shop.example.com')], gateways: [gateway], httpRoutes: [{ destinations: [istio.RouteTarget.host(Host.service(it.copy), { servicePort: 80 })] }],
      });
      RateLimit.local(it.chart, 'limit', {
        at: EnforcementPoint.gateway(istio.WorkloadSelector.labels({ istio: 'ingressgateway' })), limit: atMost(2), metadata: { namespace: 'istio-system' },
      });
    }, { copy: { access: AccessMode.OPEN } });
    assert.equal(await passed(4, shop.throughGateway('shop.example.com'), shop.outsider), 2);
    assert.equal(await passed(4, shop.to('copy')), 4, 'calls within the mesh have no limit');
  });

  await t.check('a global limit asks its service: without an answer requests pass, or are refused when told so', async () => {
    const limited = async (failClosed: boolean) => {
      await shop.open((it) => {
        openToAll(it);
        RateLimit.global(it.chart, 'limit', {
          at: EnforcementPoint.service(it.copy, 80),
          domain: 'shop',
          service: Host.service(it.api),
          failClosed,
          timeout: Duration.seconds(2),
          rules: [{ ruleName: 'orders', match: { path: PathMatch.prefix('/orders') }, countBy: [CountKey.header('x-key')], limit: RequestLimit.perMinute(5) }],
        });
      });
      const { answers, by } = await shop.askAll(client, [shop.to('copy', { path: '/orders/1', headers: { 'x-key': 'a' } }), shop.to('copy', { path: '/' })], 'in turn');
      assert.deepEqual(by('api').map((it) => [it.path, it.port]), []);
      return answers.map((it) => it.status);
    };
    assert.deepEqual([await limited(false), await limited(true)], [[200, 200], [500, 200]]);
  });
}
